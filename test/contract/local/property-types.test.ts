import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detectPropertyType } from '../../../src/local/resources/definitions/detect-property-type.ts'
import { type Account, NOW, startAccount } from './harness.ts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 100 })
  await account.local.events.insert([
    {
      event: 'ride',
      distinctId: 'a',
      properties: { fare: 12.5, paid: true, utm_id: 7, left_at: '2026-11-02' },
    },
    { event: 'ride', distinctId: 'a', properties: { fare: 7.5, paid: 'no', note: 'late' } },
    { event: 'ride', distinctId: 'b', properties: { fare: 'free', $set: { age: 40 } } },
    { event: '$groupidentify', distinctId: 'a', properties: groupOf({ seats: 12 }) },
    { event: 'ride', distinctId: 'a', properties: { $groups: { company: 'acme' } } },
  ])
})
afterAll(() => account.local.close())

function groupOf($group_set: object): Record<string, unknown> {
  return { $group_type: 'company', $group_key: 'acme', $group_set }
}

describe('the type of a property', () => {
  it('is that of the first value of an inserted event', async () => {
    expect(
      await account.rows(
        "select sum(properties.fare), countIf(properties.paid), max(properties.utm_id), max(properties.left_at) from events where event = 'ride'",
      ),
    ).toEqual([[20, 1, '7', '2026-11-02T00:00:00Z']])
  })

  it('is known for persons and groups', async () => {
    expect(
      await account.rows(
        "select max(person.properties.age), max(group_0.properties.seats) from events where event = 'ride'",
      ),
    ).toEqual([[40, 12]])
  })

  it('changes with the definition', async () => {
    const path = '/api/projects/1/property_definitions/'
    const { body } = await account.call('GET', `${path}?search=fare`)
    const [{ id }] = body['results'] as [{ id: string }]
    await account.call('PATCH', `${path}${id}/`, { body: { property_type: 'String' } })
    expect(await account.rows('select max(properties.fare) from events')).toEqual([['free']])
  })

  it.each([
    ['price', 1, 'Numeric'],
    ['price', 1.5, 'Numeric'],
    ['created_at', 1_795_168_800, 'DateTime'],
    ['created_at', 12, 'Numeric'],
    ['count', 1_795_168_800, 'Numeric'],
    ['utm_source', 1, 'String'],
    ['$feature/new', true, 'String'],
    ['$survey_response_2', 5, 'String'],
    ['done', false, 'Boolean'],
    ['done', 'TRUE', 'Boolean'],
    ['day', '2026-11-20', 'DateTime'],
    ['day', '20/11/2026 10:00:00', 'DateTime'],
    ['day', '2026-11-20T10:00:00.123+02:00', 'DateTime'],
    ['day', 'Fri, 20 Nov 2026 10:00:00 GMT', 'DateTime'],
    ['day', '2026-11-20 or later', 'String'],
    ['tags', ['a'], null],
    ['missing', null, null],
  ])('%s of %j is %s', (name, value, type) => {
    expect(detectPropertyType(name, value, new Date(NOW))).toBe(type)
  })
})
