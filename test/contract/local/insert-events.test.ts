import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, NOW, startAccount } from './harness.ts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ seed: false, projects: [2] })
})
afterAll(() => account.local.close())

describe('events.insert', () => {
  it('stores events with their persons and groups', async () => {
    await account.local.events.insert([
      { event: 'seen', distinctId: 'anonymous', timestamp: '2020-01-01T00:00:00Z' },
      {
        event: '$identify',
        distinctId: 'ada',
        timestamp: new Date('2030-01-02T00:00:00Z'),
        properties: { $anon_distinct_id: 'anonymous', $set: { email: 'ada@example.com' } },
      },
      { event: 'bought', distinctId: 'ada', properties: { amount: 12.5, $groups: { company: 'acme' } } },
    ])
    expect(
      await account.rows(
        'select event, timestamp, properties.amount, $group_0, uniq(person_id) over () from events order by timestamp',
      ),
    ).toEqual([
      ['seen', '2020-01-01T00:00:00Z', null, '', 1],
      ['bought', NOW.replace('.000', ''), 12.5, 'acme', 1],
      ['$identify', '2030-01-02T00:00:00Z', null, '', 1],
    ])
    expect(await account.rows('select properties.email, is_identified from persons')).toEqual([
      ['ada@example.com', true],
    ])
  })

  it('assigns earlier events of the same call to a merged person', async () => {
    await account.local.events.insert([
      { event: 'merged', distinctId: 'device' },
      { event: 'merged', distinctId: 'bo', properties: { $set: { plan: 'pro' } } },
      { event: '$identify', distinctId: 'bo', properties: { $anon_distinct_id: 'device' } },
    ])
    expect(await account.rows("select uniq(person_id) from events where event = 'merged'")).toEqual([[1]])
  })

  it('keeps every character of distinct ids and properties', async () => {
    const text = 'O\'Neil \\ "x"\n\t\u2028é😀'
    for (const event of ['odd 1', 'odd 2']) {
      await account.local.events.insert([{ event, distinctId: text, properties: { text } }])
    }
    const rows = await account.rows(
      "select distinct_id, JSONExtractString(properties, 'text'), uniq(person_id) over () from events where event like 'odd%'",
    )
    expect(rows).toEqual([
      [text, text, 1],
      [text, text, 1],
    ])
  })

  it('inserts tens of thousands, updates many persons, and skips stored uuids', async () => {
    const rows = Array.from({ length: 45_000 }, (_, index) => ({
      event: 'bulk',
      distinctId: `person ${index % 6_000}`,
      uuid: randomUUID(),
      properties: { index },
    }))
    await account.local.events.insert(rows)
    const again = rows.map((row) => ({ ...row, properties: { $set: { seen: true } } }))
    const fresh = again.slice(0, 6_000).map(({ uuid: _, ...row }) => row)
    await account.local.events.insert([...again, ...fresh])
    expect(await account.rows("select count(), uniq(person_id) from events where event = 'bulk'")).toEqual([
      [51_000, 6_000],
    ])
    expect(await account.rows('select count() from persons where properties.seen is not null')).toEqual([
      [6_000],
    ])
  })

  it('inserts into another project', async () => {
    await account.local.events.insert([{ event: 'elsewhere', distinctId: 'a' }], { projectId: 2 })
    const { rows } = await account.posthog.project(2).hogql<{ n: number }>`select count() as n from events`
    expect(rows).toEqual([{ n: 1 }])
    await expect(account.local.events.insert([], { projectId: 9 })).rejects.toThrow(
      'The local PostHog has no project 9. Its projects: 1, 2.',
    )
  })

  it.each([
    [{ event: '', distinctId: 'a' }, 'Expected `event` of event 1 to be a name, got "".'],
    [{ event: 'a', distinctId: '' }, 'Expected `distinctId` of event 1 to be a non-empty string, got "".'],
    [
      { event: 'a', distinctId: 'a', timestamp: 'soon' },
      'Expected `timestamp` of event 1 to be a date or an ISO time, got "soon".',
    ],
    [{ event: 'a', distinctId: 'a', uuid: 'x' }, 'Expected `uuid` of event 1 to be a UUID, got "x".'],
  ])('rejects %j and stores nothing', async (row, message) => {
    const valid = { event: 'never stored', distinctId: 'a' }
    await expect(account.local.events.insert([valid, row])).rejects.toThrow(message)
    expect(await account.rows("select count() from events where event = 'never stored'")).toEqual([[0]])
  })
})
