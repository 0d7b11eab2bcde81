import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, startAccount } from '../harness.ts'

const persons = '/api/projects/{project_id}/persons/'
const person = '/api/projects/{project_id}/persons/{id}/'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 4_000 })
})
afterAll(() => account.local.close())

/** Persons with an email. */
async function members(count: number): Promise<{ uuid: string; email: string; distinctId: string }[]> {
  const rows = (await account.rows(
    `select toString(person_id), any(person.properties.email), any(distinct_id) from events
     where person.properties.email != '' group by person_id order by person_id limit ${count}`,
  )) as [string, string, string][]
  return rows.map(([uuid, email, distinctId]) => ({ uuid, email, distinctId }))
}

describe('the list of persons', () => {
  it('has a next page after every full page, and a count only on request', async () => {
    const first = await account.posthog.request(`GET ${persons}`, { query: { limit: 100 } })
    expect(first.results).toHaveLength(100)
    expect(first).not.toHaveProperty('count')
    expect(first.next).toContain('offset=100')
    expect(first.previous).toBeNull()
    const counted = await account.posthog.request(`GET ${persons}`, { query: { include_total: true } })
    expect(counted.count).toBe(200)
    const second = await account.posthog.request(`GET ${persons}`, { query: { limit: 100, offset: 100 } })
    expect(second.results).toHaveLength(100)
    expect(second.next).toContain('offset=200')
    // A bug of PostHog: the link to the previous page leads to the same page.
    expect(second.previous).toContain('offset=100')
    const last = await account.posthog.request(`GET ${persons}`, { query: { limit: 100, offset: 200 } })
    expect(last).toMatchObject({ results: [], next: null })
    const listed = [...(first.results ?? []), ...(second.results ?? [])]
    expect(new Set(listed.map(({ uuid }) => uuid)).size).toBe(200)
    const days = listed.map(({ created_at }) => created_at)
    expect(days).toEqual([...days].sort().reverse())
  })

  it('is filtered by email, distinct id, text and properties', async () => {
    const [member] = await members(1)
    const found = async (query: object): Promise<string[]> =>
      ((await account.posthog.request(`GET ${persons}`, { query })).results ?? []).map((one) => one.uuid)
    expect(await found({ email: member?.email })).toEqual([member?.uuid])
    expect(await found({ distinct_id: member?.distinctId })).toEqual([member?.uuid])
    expect(await found({ distinct_id: 'nobody' })).toEqual([])
    expect(await found({ search: member?.email.toUpperCase() })).toEqual([member?.uuid])
    const [[enterprise] = []] = (await account.rows(
      "select count() from persons where properties.plan = 'enterprise'",
    )) as number[][]
    const path = `/api/projects/1/persons/?limit=1000&properties=${encodeURIComponent(
      JSON.stringify([{ key: 'plan', operator: 'exact', value: ['enterprise'], type: 'person' }]),
    )}`
    expect((await account.call('GET', path)).body['results']).toHaveLength(enterprise ?? -1)
  })

  it('can be requested by IDs in batches', async () => {
    const [one, two] = await members(2)
    const ids = [one?.distinctId ?? '', two?.distinctId ?? '', 'nobody']
    const byId = await account.posthog.request(`POST ${persons}batch_by_distinct_ids/`, {
      body: { distinct_ids: ids },
    })
    expect(Object.keys(byId.results).sort()).toEqual(ids.slice(0, 2).sort())
    expect(byId.results[ids[0] ?? '']).toMatchObject({ uuid: one?.uuid, name: one?.email })
    const byUuid = await account.posthog.request(`POST ${persons}batch_by_uuids/`, {
      body: { uuids: [one?.uuid ?? ''] },
    })
    expect(Object.keys(byUuid.results)).toEqual([one?.uuid])
  })

  it('lists the values of a property', async () => {
    const values = await account.posthog.request(`GET ${persons}values/`, { query: { key: 'plan' } })
    expect(values.map(({ name }) => name).sort()).toEqual(['enterprise', 'free', 'pro'])
    const counts = values.map(({ count }) => count ?? 0)
    expect(counts).toEqual([...counts].sort((a, b) => b - a))
    expect(
      await account.posthog.request(`GET ${persons}values/`, { query: { key: 'plan', value: 'ENT' } }),
    ).toMatchObject([{ name: 'enterprise' }])
  })
})

describe('a person', () => {
  it('can be requested by UUID', async () => {
    const [member] = await members(1)
    const path = { id: member?.uuid ?? '' }
    expect(await account.posthog.request(`GET ${person}`, { path })).toMatchObject({
      uuid: member?.uuid,
      distinct_ids: [member?.distinctId],
      name: member?.email,
      properties: { email: member?.email },
      last_seen_at: expect.any(String),
    })
    const none = account.posthog.request(`GET ${person}`, { path: { id: crypto.randomUUID() } })
    await expect(none).rejects.toMatchObject({ status: 404 })
  })

  it('gains and loses properties, also in queries', async () => {
    const [, member] = await members(2)
    const path = { id: member?.uuid ?? '' }
    const patched = await account.posthog.request(`PATCH ${person}`, {
      path,
      body: { properties: { nickname: 'O\'Neil \\ "x"', vip: true } },
    })
    expect(patched.properties).toMatchObject({ email: member?.email, nickname: 'O\'Neil \\ "x"', vip: true })
    const set = await account.call('POST', `/api/projects/1/persons/${path.id}/update_property/`, {
      body: { key: 'seats', value: 77 },
    })
    expect([set.status, set.text]).toEqual([202, ''])
    const unset = await account.call('POST', `/api/projects/1/persons/${path.id}/delete_property/`, {
      body: { $unset: 'vip' },
    })
    expect(unset).toMatchObject({ status: 201, body: { success: true } })
    expect(
      await account.rows(
        `select properties.seats, properties.nickname, properties.vip from persons where id = '${path.id}'`,
      ),
      // PostHog reads properties from JSON without decoding them.
    ).toEqual([[77, String.raw`O'Neil \\ \"x\"`, null]])
    const activity = await account.posthog.request(`GET ${person}activity/`, { path })
    expect(activity).toMatchObject({ total_count: 3 })
    const all = await account.posthog.request(`GET ${persons}activity/`)
    expect(all.results[0]).toMatchObject({ item_id: path.id, activity: 'delete_property' })
  })

  it('is split into one person per distinct id', async () => {
    await account.send('/capture/', {
      api_key: `phc_local${'0'.repeat(36)}`,
      event: '$identify',
      distinct_id: 'whole',
      properties: { $anon_distinct_id: 'device', $set: { email: 'whole@example.com' } },
    })
    const found = await account.posthog.request(`GET ${persons}`, { query: { distinct_id: 'device' } })
    const id = found.results?.[0]?.uuid ?? ''
    expect(found.results?.[0]?.distinct_ids).toEqual(['device', 'whole'])
    const split = await account.posthog.request(`POST ${person}split/`, {
      path: { id },
      body: { main_distinct_id: 'whole' },
    })
    expect(split).toEqual({ success: true })
    const other = await account.posthog.request(`GET ${persons}`, { query: { distinct_id: 'device' } })
    expect(other.results).toMatchObject([{ distinct_ids: ['device'], properties: {} }])
    expect(other.results?.[0]?.uuid).not.toBe(id)
    expect(await account.posthog.request(`GET ${person}`, { path: { id } })).toMatchObject({
      distinct_ids: ['whole'],
    })
  })

  it('has a timeline of the properties in its events', async () => {
    const token = `phc_local${'0'.repeat(36)}`
    const step = (plan: string, timestamp: string): object => ({
      event: 'step',
      distinct_id: 'timeline',
      timestamp,
      properties: { $set: { plan } },
    })
    await account.send('/batch/', {
      api_key: token,
      batch: [
        step('free', '2026-11-10T10:00:00Z'),
        step('free', '2026-11-11T10:00:00Z'),
        step('pro', '2026-11-12T10:00:00Z'),
      ],
    })
    const found = await account.posthog.request(`GET ${persons}`, { query: { distinct_id: 'timeline' } })
    const timeline = await account.posthog.request(`GET ${person}properties_timeline/`, {
      path: { id: found.results?.[0]?.uuid ?? '' },
    })
    expect(timeline.points).toMatchObject([
      { properties: { plan: 'free' }, relevant_event_count: 2 },
      { properties: { plan: 'pro' }, relevant_event_count: 1 },
    ])
    expect(timeline.crucial_property_keys).toEqual(['plan'])
  })
})

describe('deleting persons', () => {
  it('accepts either ids or distinct IDs, up to 1,000', async () => {
    const path = '/api/projects/1/persons/bulk_delete/'
    for (const body of [{}, { ids: ['a'], distinct_ids: ['b'] }, { ids: Array(1_001).fill('a') }]) {
      expect((await account.call('POST', path, { body })).status).toBe(400)
    }
  })

  it('deletes persons, and their events only on request', async () => {
    const [one, two] = await members(2)
    const eventsOf = async (uuid = ''): Promise<unknown> =>
      account.rows(`select count() from events where person_id = '${uuid}'`)
    const before = await eventsOf(one?.uuid)
    const kept = await account.posthog.request(`POST ${persons}bulk_delete/`, {
      body: { ids: [one?.uuid ?? '', crypto.randomUUID()] },
    })
    expect(kept).toMatchObject({
      persons_found: 1,
      persons_deleted: 1,
      events_queued_for_deletion: false,
      recordings_queued_for_deletion: false,
      deletion_errors: [],
    })
    expect(await eventsOf(one?.uuid)).toEqual(before)
    await account.posthog.request(`POST ${persons}bulk_delete/`, {
      body: { distinct_ids: [two?.distinctId ?? ''], delete_events: true },
    })
    expect(await eventsOf(two?.uuid)).toEqual([[0]])
    for (const uuid of [one?.uuid, two?.uuid]) {
      expect((await account.call('GET', `/api/projects/1/persons/${uuid}/`)).status).toBe(404)
    }
    const status = (query: object) => account.posthog.request(`GET ${persons}deletion_status/`, { query })
    expect(await status({})).toMatchObject({
      count: 1,
      results: [{ person_uuid: two?.uuid, status: 'completed' }],
    })
    expect(await status({ status: 'pending' })).toMatchObject({ count: 0 })
    expect(await status({ person_uuid: one?.uuid })).toMatchObject({ count: 0 })
  })
})

describe('the user of the key', () => {
  it('can change names and settings, which later responses contain', async () => {
    const me = '/api/users/{uuid}/'
    const path = { uuid: '@me' }
    const before = await account.posthog.request(`GET ${me}`, { path })
    const body = { first_name: 'Ada', theme_mode: 'dark' as const }
    const after = await account.posthog.request(`PATCH ${me}`, { path, body })
    expect(after).toEqual({ ...before, ...body })
    const cohort = await account.posthog.request('POST /api/projects/{project_id}/cohorts/', {
      body: { name: 'Mine', is_static: true },
    })
    expect(cohort.created_by?.first_name).toBe('Ada')
    const refused = await account.call('PATCH', '/api/users/@me/', { body: { theme_mode: 'pink' } })
    expect(refused).toMatchObject({ status: 400, body: { attr: 'theme_mode', code: 'invalid_choice' } })
  })
})
