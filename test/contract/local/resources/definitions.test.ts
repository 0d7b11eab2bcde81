import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, NOW, startAccount, TOKEN } from '../harness.ts'

const project = '/api/projects/{project_id}'
const events = `${project}/event_definitions/` as const
const properties = `${project}/property_definitions/` as const

let account: Account
let now = Date.parse(NOW)

beforeAll(async () => {
  account = await startAccount({ now: () => new Date(now) })
})
afterAll(() => account.local.close())

async function eventNamed(name: string): Promise<{ id: string }> {
  return account.posthog.request(`GET ${events}by_name/`, { query: { name } })
}

describe('event definitions', () => {
  it('exist for every stored event', async () => {
    const rows = (await account.rows('select distinct event from events order by event')) as string[][]
    const page = await account.posthog.request(`GET ${events}`)
    expect(page.results.map(({ name }) => name)).toEqual(rows.flat())
    const [[last] = []] = (await account.rows(
      "select max(timestamp) from events where event = '$pageview'",
    )) as string[][]
    const pageview = page.results.find(({ name }) => name === '$pageview')
    expect(Date.parse(pageview?.last_seen_at ?? '')).toBe(Date.parse(last ?? ''))
    expect(await eventNamed('$pageview')).toMatchObject({ id: pageview?.id })
    const none = account.posthog.request(`GET ${events}by_name/`, { query: { name: 'never' } })
    await expect(none).rejects.toMatchObject({ status: 404 })
  })

  it('have a description and tags, and count queries for the event', async () => {
    const { id } = await eventNamed('purchase')
    const path = { id }
    const body = { description: 'They bought', tags: ['money'], verified: true }
    expect(await account.posthog.request(`PATCH ${events}{id}/`, { path, body })).toMatchObject(body)
    expect(await account.posthog.request(`GET ${events}{id}/`, { path })).toMatchObject({
      name: 'purchase',
      verified: true,
      verified_at: expect.any(String),
    })
    const put = await account.call('PUT', `/api/projects/1/event_definitions/${id}/`, { body: { tags: [] } })
    expect(put).toMatchObject({ status: 400, body: { attr: 'name' } })
    await account.rows("select count() from events where event = 'purchase'")
    expect(await account.posthog.request(`GET ${events}{id}/metrics/`, { path })).toEqual({
      query_usage_30_days: 1,
    })
    const tagged = await account.call('POST', '/api/projects/1/event_definitions/bulk_update_tags/', {
      body: { ids: [id], action: 'add', tags: ['shop'] },
    })
    expect(tagged.status).toBe(403)
  })

  it('can be created before an event, and stay deleted until the next event', async () => {
    const made = await account.call('POST', '/api/projects/1/event_definitions/', {
      body: { name: 'planned', description: 'Soon' },
    })
    expect(made).toMatchObject({ status: 201, body: { name: 'planned', last_seen_at: null } })
    const twice = await account.call('POST', '/api/projects/1/event_definitions/', {
      body: { name: 'planned' },
    })
    expect(twice).toMatchObject({ status: 400, body: { attr: 'name', code: 'unique' } })
    const { id } = await eventNamed('sign_up')
    await account.posthog.request(`DELETE ${events}{id}/`, { path: { id } })
    await expect(eventNamed('sign_up')).rejects.toMatchObject({ status: 404 })
    now += 1_000
    await account.send('/capture/', { api_key: TOKEN, event: 'sign_up', distinct_id: 'late' })
    expect((await eventNamed('sign_up')).id).not.toBe(id)
  })
})

describe('property definitions', () => {
  it('exist for properties of events and persons, with types', async () => {
    const ofEvents = await account.posthog.request(`GET ${properties}`, { query: { limit: 200 } })
    const types = Object.fromEntries(ofEvents.results.map((one) => [one.name, one.property_type]))
    expect(types).toMatchObject({
      amount: 'Numeric',
      is_first_purchase: 'Boolean',
      $browser: 'String',
    })
    expect(types).not.toHaveProperty('seats')
    const ofPersons = await account.posthog.request(`GET ${properties}`, { query: { type: 'person' } })
    expect(ofPersons.results.map(({ name }) => name)).toEqual([
      'country',
      'email',
      'is_paying',
      'name',
      'plan',
      'seats',
    ])
    const numerical = await account.posthog.request(`GET ${properties}`, { query: { is_numerical: true } })
    expect(numerical.results.map(({ name }) => name)).toEqual(['amount', 'quantity'])
    const onPurchases = await account.posthog.request(`GET ${properties}`, {
      query: { event_names: '["purchase"]', search: 'amount' },
    })
    expect(onPurchases.results).toMatchObject([{ name: 'amount', is_seen_on_filtered_events: true }])
  })

  it('show which events have a property', async () => {
    expect(
      await account.posthog.request(`GET ${properties}seen_together/`, {
        query: { event_names: ['purchase', '$pageview'], property_name: 'amount' },
      }),
    ).toEqual({ purchase: true, $pageview: false })
  })

  it('have a description and tags, and can be deleted', async () => {
    const found = await account.posthog.request(`GET ${properties}`, { query: { search: 'currency' } })
    const id = found.results[0]?.id ?? ''
    const body = { description: 'ISO 4217', tags: ['money'], property_type: 'String' as const }
    expect(await account.posthog.request(`PATCH ${properties}{id}/`, { path: { id }, body })).toMatchObject(
      body,
    )
    expect(await account.posthog.request(`GET ${properties}{id}/`, { path: { id } })).toMatchObject(body)
    const tagged = await account.call('POST', '/api/projects/1/property_definitions/bulk_update_tags/', {
      body: { ids: [id], action: 'remove', tags: ['money'] },
    })
    expect(tagged.status).toBe(403)
    await account.posthog.request(`DELETE ${properties}{id}/`, { path: { id } })
    const gone = await account.posthog.request(`GET ${properties}`, { query: { search: 'currency' } })
    expect(gone.count).toBe(0)
  })
})

describe('the list of events', () => {
  it('contains the last day, newest first, and continues before the last event', async () => {
    const page = await account.posthog.request(`GET ${project}/events/`, {
      query: { after: '-7d', event: '$pageview', limit: 3 },
    })
    expect(page.results).toHaveLength(3)
    const times = (page.results ?? []).map(({ timestamp }) => timestamp)
    expect(times).toEqual([...times].sort().reverse())
    const next = new URL(page.next ?? '')
    expect(next.searchParams.get('before')).toBe(times.at(-1))
    const more = await account.call('GET', next.pathname + next.search)
    const [first] = more.body['results'] as { timestamp: string }[]
    expect((first?.timestamp ?? '') < (times.at(-1) ?? '')).toBe(true)
    const [[recent] = []] = (await account.rows(
      `select count() from events where timestamp > toDateTime64('${new Date(now - 86_400_000).toISOString().slice(0, -1)}', 3)`,
    )) as number[][]
    const day = await account.posthog.request(`GET ${project}/events/`, { query: { limit: 1_000 } })
    expect(day.results).toHaveLength(recent ?? -1)
  })

  it('returns one event by its UUID', async () => {
    const page = await account.posthog.request(`GET ${project}/events/`, {
      query: { after: '-30d', limit: 1 },
    })
    const event = page.results?.[0]
    expect(
      await account.posthog.request(`GET ${project}/events/{id}/`, { path: { id: event?.id ?? '' } }),
    ).toEqual(event)
    const bad = await account.call('GET', '/api/projects/1/events/bad/')
    expect(bad.status).toBe(400)
    expect(bad.body).toMatchObject({ code: 'invalid', type: 'validation_error' })
    expect(bad.body).not.toHaveProperty('attr')
  })

  it('returns the values of a property for the named events', async () => {
    const values = await account.posthog.request(`GET ${project}/events/values/`, {
      query: { key: '$browser', event_name: ['$pageview', '$autocapture'] },
    })
    expect(values.map(({ name }) => name)).toContain('Chrome')
    expect(await account.call('GET', '/api/projects/1/events/values/?key=$browser')).toMatchObject({
      status: 400,
      body: { attr: 'event_name' },
    })
  })
})
