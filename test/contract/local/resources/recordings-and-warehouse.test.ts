import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LocalPostHog } from '../../../../src/testing.ts'
import { type Answer, callerOf, hogql, refusal, type Send, startSender } from '../harness.ts'

let local: LocalPostHog
let send: Send

beforeAll(async () => {
  ;({ local, send } = await startSender({ now: () => new Date('2026-11-20T10:00:00Z') }))
})
afterAll(() => local.close())

const list = (query: object = {}): Promise<Answer> =>
  send('GET P/session_recordings/', { query: { ...query } })
const rows = async (query: string): Promise<Answer[][]> => {
  const answer = await callerOf(local)('POST', '/api/projects/1/query/', { body: { query: hogql(query) } })
  return answer.body['results'] as Answer[][]
}

describe('session recordings', () => {
  it('are derived from the sessions of the events', async () => {
    const all = await list({ date_from: '-90d', limit: 1_000 })
    const [[sessions]] = (await rows('select count(distinct $session_id) from events')) as [[number]]
    expect(all).toMatchObject({ has_next: false, version: 4 })
    expect(all.results).toHaveLength(sessions)
    const [one] = all.results
    const [[events, clicks]] = (await rows(
      `select count(), countIf(event = '$autocapture') from events where $session_id = '${one.id}'`,
    )) as [[number, number]]
    expect(events).toBeGreaterThan(0)
    expect(one).toMatchObject({ click_count: clicks, start_url: expect.stringContaining('https://') })
    expect(one.person.distinct_ids).toContain(one.distinct_id)
  })

  it('are paginated newest first, by default those of the last days', async () => {
    const recent = await list()
    expect(recent.results.length).toBeGreaterThan(0)
    expect(recent.results.filter((one: Answer) => one.start_time < '2026-11-17')).toEqual([])
    const first = await list({ date_from: '-90d', limit: 2 })
    const second = await list({ date_from: '-90d', limit: 2, offset: 2 })
    expect(first.has_next).toBe(true)
    const starts = [...first.results, ...second.results].map((one: Answer) => one.start_time)
    expect(starts).toEqual([...starts].sort().reverse())
    const longest = await list({ date_from: '-90d', order: '-recording_duration', limit: 3 })
    const lengths = longest.results.map((one: Answer) => one.recording_duration)
    expect(lengths).toEqual([...lengths].sort((a: number, b: number) => b - a))
  })

  it('are found by id and by person', async () => {
    const { results } = await list({ date_from: '-90d', limit: 3 })
    const ids = results.map((one: Answer) => one.id)
    const some = await list({ session_ids: JSON.stringify(ids) })
    expect(new Set(some.results.map((one: Answer) => one.id))).toEqual(new Set(ids))
    const person = results[0].person.uuid
    const own = await list({ date_from: '-90d', person_uuid: person })
    expect(new Set(own.results.map((one: Answer) => one.person.uuid))).toEqual(new Set([person]))
  })

  it('are found by distinct ids', async () => {
    const { results } = await list({ date_from: '-90d', limit: 3 })
    const distinctId = results[0].distinct_id
    const own = await list({ date_from: '-90d', distinct_ids: JSON.stringify([distinctId]) })
    expect(new Set(own.results.map((one: Answer) => one.distinct_id))).toEqual(new Set([distinctId]))
    expect((await list({ date_from: '-90d', distinct_ids: '["nobody"]' })).results).toEqual([])
    expect(await refusal(list({ distinct_ids: distinctId }))).toMatchObject({
      status: 400,
      attr: 'distinct_ids',
    })
  })

  it('have the number of the person', async () => {
    const { person } = (await list({ date_from: '-90d', limit: 1 })).results[0]
    const path = { id: person.uuid }
    expect((await send('GET P/persons/{id}/', { path })).id).toBe(person.id)
  })

  it('are updated and deleted', async () => {
    const { id } = (await list({ date_from: '-90d', limit: 1 })).results[0]
    const path = { id }
    const body = { summary_outcome: { success: true, description: 'Bought' } }
    expect(await send('PATCH P/session_recordings/{id}/', { path, body })).toMatchObject(body)
    expect(await send('GET P/session_recordings/{id}/', { path })).toMatchObject(body)
    await send('DELETE P/session_recordings/{id}/', { path })
    expect(await refusal(send('GET P/session_recordings/{id}/', { path }))).toMatchObject({ status: 404 })
    expect((await list({ session_ids: JSON.stringify([id]) })).results).toEqual([])
  })

  it('are shared with a token and passwords', async () => {
    const { id } = (await list({ date_from: '-90d', limit: 1 })).results[0]
    const path = { recording_id: id }
    const root = 'P/session_recordings/{recording_id}/sharing/'
    const shared = await send(`PATCH ${root}`, { path, body: { enabled: true } })
    const fresh = await send(`POST ${root}refresh/`, { path })
    expect(fresh.access_token).not.toBe(shared.access_token)
    const added = await send(`POST ${root}passwords/`, { path, body: {} })
    expect((await send(`GET ${root}`, { path }))[0].share_passwords).toHaveLength(1)
    await send(`DELETE ${root}passwords/{password_id}/`, { path: { ...path, password_id: String(added.id) } })
    expect((await send(`GET ${root}`, { path }))[0].share_passwords).toEqual([])
    const none = send(`GET ${root}`, { path: { recording_id: 'none' } })
    expect(await refusal(none)).toMatchObject({ status: 404 })
  })

  it('are deleted up to 100 at once, without unknown ones', async () => {
    const deleteMany = (ids: unknown): Promise<Answer> =>
      send('POST P/session_recordings/bulk_delete/', { body: { session_recording_ids: ids } })
    const [one, two] = (await list({ date_from: '-90d', limit: 2 })).results.map(({ id }: Answer) => id)
    expect(await deleteMany([one, two, 'none'])).toEqual({
      success: true,
      deleted_count: 2,
      total_requested: 3,
      failed_ids: [],
    })
    const left = (await list({ date_from: '-90d', limit: 1_000 })).results.map(({ id }: Answer) => id)
    expect(left.filter((id: string) => id === one || id === two)).toEqual([])
    expect(await refusal(deleteMany([]))).toMatchObject({ status: 400 })
    expect(await refusal(deleteMany(Array.from({ length: 101 }, String)))).toMatchObject({
      status: 400,
      detail: 'Cannot process more than 100 recordings at once',
    })
  })
})

describe('the data warehouse', () => {
  it('has a saved query with its columns', async () => {
    const { count, results } = await send('GET P/warehouse_saved_queries/')
    expect(count).toBe(1)
    const path = { id: results[0].id }
    const one = await send('GET P/warehouse_saved_queries/{id}/', { path })
    expect(one.query.kind).toBe('HogQLQuery')
    expect(one.columns.map((column: Answer) => column.name)).toEqual(['plan', 'purchases', 'revenue'])
    expect((await rows(one.query.query)).length).toBeGreaterThan(0)
    expect((await send('GET P/warehouse_saved_queries/', { query: { search: 'zebra' } })).count).toBe(0)
  })

  it('has a table', async () => {
    const { results } = await send('GET P/warehouse_tables/', { query: { search: 'invoice' } })
    const path = { id: results[0].id }
    expect(await send('GET P/warehouse_tables/{id}/', { path })).toMatchObject({
      name: 'stripe_invoice',
      external_data_source: { source_type: 'Stripe' },
    })
    const other = send('GET P/warehouse_tables/{id}/', { path: { id: 'none' } })
    expect(await refusal(other)).toMatchObject({ status: 404 })
  })
})
