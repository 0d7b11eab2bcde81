import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LocalPostHog } from '../../../../src/testing.ts'
import { type Answer, refusal, type Send, startSender } from '../harness.ts'

let local: LocalPostHog
let send: Send
let time = Date.parse('2026-11-20T10:00:00Z')

beforeAll(async () => {
  ;({ local, send } = await startSender({ now: () => new Date(time) }))
})
afterAll(() => local.close())

const TRENDS = {
  kind: 'InsightVizNode',
  source: {
    kind: 'TrendsQuery',
    series: [{ kind: 'EventsNode', event: '$pageview' }],
    dateRange: { date_from: '-30d' },
  },
}
const sql = (query: string): object => ({
  kind: 'DataVisualizationNode',
  source: { kind: 'HogQLQuery', query },
})
const create = (body: object): Promise<Answer> => send('POST P/insights/', { body })
const get = (id: number | string, query: object = {}): Promise<Answer> =>
  send('GET P/insights/{id}/', { path: { id }, query: { ...query } })
const change = (id: number, body: object): Promise<Answer> =>
  send('PATCH P/insights/{id}/', { path: { id }, body })
const countOf = async (where: string): Promise<number> => {
  const insight = await create({ query: sql(`select count() from events where ${where}`) })
  return (await get(insight.id, { refresh: 'blocking' })).result[0][0]
}

const STEP = { kind: 'EventsNode', event: '$pageview' }
const FLOW = { kind: 'FunnelsQuery', series: [STEP, STEP], funnelsFilter: { funnelVizType: 'flow' } }

describe('a saved insight', () => {
  it('needs no query, but a valid one', async () => {
    expect(await create({ name: 'Nothing' })).toMatchObject({ name: 'Nothing', query: null, result: null })
    expect(await refusal(create({ query: 'select 1' }))).toMatchObject({ status: 400, attr: 'query' })
  })

  it('is found by its ID and by its short ID', async () => {
    const made = await create({ name: 'Views', query: TRENDS, tags: ['a'] })
    expect(made).toMatchObject({ name: 'Views', tags: ['a'], query: TRENDS, result: null })
    expect(made.short_id).toMatch(/^[A-Za-z0-9]{8}$/)
    expect((await get(made.id)).short_id).toBe(made.short_id)
    expect((await get(made.short_id)).id).toBe(made.id)
  })

  it('has no result until it is computed, then returns the cached result', async () => {
    const { id } = await create({ query: TRENDS })
    expect(await get(id)).toMatchObject({ result: null, is_cached: false, last_refresh: null })
    const computed = await get(id, { refresh: 'blocking' })
    expect(computed).toMatchObject({ is_cached: false, last_refresh: '2026-11-20T10:00:00.000Z' })
    expect(computed.result[0].count).toBe(await countOf("event = '$pageview' and timestamp >= '2026-10-21'"))
    time += 60_000
    expect(await get(id)).toMatchObject({ is_cached: true, last_refresh: computed.last_refresh })
    expect(await get(id, { refresh: 'blocking' })).toMatchObject({ last_refresh: computed.last_refresh })
    const forced = await get(id, { refresh: 'force_blocking' })
    expect(forced).toMatchObject({ is_cached: false, last_refresh: '2026-11-20T10:01:00.000Z' })
    time += 3_600_000
    expect(await get(id, { refresh: 'blocking' })).toMatchObject({ last_refresh: '2026-11-20T11:01:00.000Z' })
  })

  it('is computed in the background on request, with a query status', async () => {
    const { id } = await create({ query: sql('select count() from events') })
    const asked = await get(id, { refresh: 'force_async' })
    expect(asked).toMatchObject({ result: null, query_status: { complete: false, query_async: true } })
    const poll = (): Promise<Answer> =>
      send('GET P/query/{id}/', { path: { id: asked.query_status.id } }) as Promise<Answer>
    await expect.poll(async () => (await poll()).query_status.complete).toBe(true)
    expect((await get(id)).result).toEqual((await poll()).query_status.results.result)
  })

  it('returns rows, columns and types of SQL', async () => {
    const { id } = await create({ query: sql('select event, count() as n from events group by event') })
    const { result, columns, types } = await get(id, { refresh: 'blocking' })
    expect(columns).toEqual(['event', 'n'])
    expect(types[0][0]).toBe('event')
    expect(result.length).toBeGreaterThan(3)
  })

  it('loses its result when its query changes', async () => {
    const { id } = await create({ query: sql('select 1') })
    expect((await get(id, { refresh: 'blocking' })).result).toEqual([[1]])
    await change(id, { query: sql('select 2') })
    expect((await get(id)).result).toBeNull()
    expect((await get(id, { refresh: 'blocking' })).result).toEqual([[2]])
  })

  it('rejects the computation of an unsupported option', async () => {
    const { id } = await create({
      query: { kind: 'InsightVizNode', source: FLOW },
    })
    expect((await get(id)).result).toBeNull()
    expect(await refusal(get(id, { refresh: 'blocking' }))).toMatchObject({
      status: 501,
      code: 'not_implemented_locally',
    })
  })

  it('is deleted and restored by updates, and not found while deleted', async () => {
    const { id } = await create({ name: 'Short', query: sql('select 1') })
    expect(await refusal(send('DELETE P/insights/{id}/', { path: { id } }))).toMatchObject({ status: 405 })
    expect(await change(id, { deleted: true })).toMatchObject({ deleted: true })
    expect(await refusal(get(id))).toMatchObject({ status: 404, code: 'not_found' })
    expect(await refusal(change(id, { name: 'x' }))).toMatchObject({ status: 404 })
    const ids = (await send('GET P/insights/')).results.map((one: Answer) => one.id)
    expect(ids).not.toContain(id)
    expect(await change(id, { deleted: false })).toMatchObject({ deleted: false, name: 'Short' })
    expect((await get(id)).id).toBe(id)
  })

  it('is filtered by short id, tags, search and saved state', async () => {
    const one = await create({ name: 'Needle', query: TRENDS, tags: ['rare', 'x'], favorited: true })
    await create({ name: 'Other', query: sql('select 1'), saved: false })
    const found = async (query: object): Promise<string[]> =>
      (await send('GET P/insights/', { query: { ...query } })).results.map((insight: Answer) => insight.name)
    expect(await found({ short_id: one.short_id })).toEqual(['Needle'])
    expect(await found({ search: 'needl' })).toEqual(['Needle'])
    expect(await found({ tags: '["rare"]' })).toEqual(['Needle'])
    expect(await found({ favorited: true })).toEqual(['Needle'])
    expect(await found({ saved: true })).not.toContain('Other')
    expect(await found({ insight: 'TRENDS' })).not.toContain('Other')
    expect(await found({ insight: 'SQL' })).toContain('Other')
  })

  it('has an activity log', async () => {
    const { id, short_id } = await create({ name: 'Told', query: sql('select 1') })
    await change(id, { name: 'Told again' })
    const activity = await send('GET P/insights/{id}/activity/', { path: { id } })
    expect(activity).toMatchObject({ total_count: 2, next: null })
    expect(activity.results[0]).toMatchObject({
      activity: 'updated',
      scope: 'Insight',
      item_id: String(id),
      detail: { short_id, changes: [{ field: 'name', before: 'Told', after: 'Told again' }] },
    })
    expect(activity.results[1].activity).toBe('created')
    const first = await send('GET P/insights/activity/', { query: { page: 1 } })
    expect(first.total_count).toBeGreaterThan(2)
    expect(first.next).toContain('page=2')
    const log = await send('GET P/activity_log/', { query: { scope: 'Insight', item_id: String(id) } })
    expect(log.results.map((entry: Answer) => entry.activity)).toEqual(['updated', 'created'])
  })

  it('refuses the tagging of several insights to keys', async () => {
    const body = { ids: [], action: 'add', tags: ['new'] }
    expect(await refusal(send('POST P/insights/bulk_update_tags/', { body }))).toMatchObject({
      status: 403,
      detail: 'This action does not support personal API key access',
    })
  })
})

describe('sharing an insight', () => {
  it('creates a token, rotates it, and adds passwords', async () => {
    const { id } = await create({ query: sql('select 1') })
    const path = { insight_id: id }
    const [before] = await send('GET P/insights/{insight_id}/sharing/', { path })
    expect(before).toMatchObject({ enabled: false, access_token: null, share_passwords: [] })
    const shared = await send('PATCH P/insights/{insight_id}/sharing/', { path, body: { enabled: true } })
    expect(shared.access_token).toMatch(/^\w{22}$/)
    const fresh = await send('POST P/insights/{insight_id}/sharing/refresh/', { path })
    expect(fresh.access_token).not.toBe(shared.access_token)
    const body = { note: 'for Bo' }
    const added = await send('POST P/insights/{insight_id}/sharing/passwords/', { path, body })
    const [after] = await send('GET P/insights/{insight_id}/sharing/', { path })
    expect(after.share_passwords).toMatchObject([{ note: 'for Bo', is_active: true, id: added.id }])
    const one = 'DELETE P/insights/{insight_id}/sharing/passwords/{password_id}/'
    await send(one, { path: { ...path, password_id: String(added.id) } })
    expect((await send('GET P/insights/{insight_id}/sharing/', { path }))[0].share_passwords).toEqual([])
  })
})

describe('alerts', () => {
  it('have a threshold, which the insight lists', async () => {
    const { id: insight } = await create({ name: 'Watched', query: TRENDS })
    const threshold = { configuration: { type: 'absolute', bounds: { upper: 5 } }, name: 'Many' }
    const body = {
      insight,
      name: 'Too many',
      subscribed_users: [1],
      threshold,
      calculation_interval: 'hourly',
    }
    const alert = await send('POST P/alerts/', { body })
    expect(alert).toMatchObject({
      name: 'Too many',
      enabled: true,
      insight: { id: insight, name: 'Watched' },
      subscribed_users: [{ id: 1, email: 'local@example.com' }],
      state: 'Not firing',
    })
    expect(alert).not.toHaveProperty('checks_total')
    const found = async (query: object): Promise<number> =>
      (await send('GET P/alerts/', { query: { ...query } })).count
    expect(await found({ insight_id: insight, search: 'many', has_detector: false })).toBe(1)
    expect(await found({ insight_tag: 'nowhere' })).toBe(0)
    expect(alert.next_check_at > new Date(time).toISOString()).toBe(true)
    const path = { insight_id: insight }
    const listed = await send('GET P/insights/{insight_id}/thresholds/', { path })
    expect(listed).toMatchObject({ count: 1, results: [{ name: 'Many', alerts: [{ id: alert.id }] }] })
    const id = listed.results[0].id
    const one = await send('GET P/insights/{insight_id}/thresholds/{id}/', { path: { ...path, id } })
    expect(one.configuration).toEqual(threshold.configuration)
    const changed = await send('PATCH P/alerts/{id}/', { path: { id: alert.id }, body: { enabled: false } })
    expect(changed).toMatchObject({ enabled: false, next_check_at: null })
    expect((await send('GET P/alerts/')).count).toBe(1)
    expect((await get(insight)).alerts).toMatchObject([{ id: alert.id }])
    await send('DELETE P/alerts/{id}/', { path: { id: alert.id } })
    expect(await refusal(send('GET P/alerts/{id}/', { path: { id: alert.id } }))).toMatchObject({
      status: 404,
    })
  })

  it('are rejected for an unknown insight', async () => {
    const body = {
      insight: 999_999,
      subscribed_users: [1],
      threshold: { configuration: { type: 'absolute' } },
    }
    expect(await refusal(send('POST P/alerts/', { body }))).toMatchObject({
      status: 400,
      attr: 'insight',
      code: 'does_not_exist',
    })
  })
})
