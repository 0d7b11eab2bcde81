import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LocalPostHog } from '../../../../src/testing.ts'
import { type Answer, refusal, type Send, startSender } from '../harness.ts'

let local: LocalPostHog
let send: Send
let time = Date.parse('2026-11-20T10:00:00Z')

beforeAll(async () => {
  ;({ local, send } = await startSender({ now: () => new Date(time), pageSize: 3 }))
})
afterAll(() => local.close())

describe('Hog functions', () => {
  const create = (body: object = {}): Promise<Answer> =>
    send('POST P/hog_functions/', {
      body: { name: 'Webhook', type: 'destination', hog: 'return 1', ...body },
    })

  it('are created, changed, searched and deleted by a field', async () => {
    const made = await create({ inputs: { url: { value: 'https://example.com' } } })
    const path = { id: made.id }
    expect(made).toMatchObject({ name: 'Webhook', enabled: false, status: { state: 0 } })
    expect(await send('GET P/hog_functions/{id}/', { path })).toMatchObject({ hog: 'return 1' })
    const change = { path, body: { enabled: true } }
    expect(await send('PATCH P/hog_functions/{id}/', change)).toMatchObject({ enabled: true })
    expect(
      await refusal(send('PATCH P/hog_functions/{id}/', { path, body: { type: 'site_app' } })),
    ).toMatchObject({ attr: 'type' })
    const list = await send('GET P/hog_functions/', { query: { type: 'destination', enabled: true } })
    expect(list.results).toMatchObject([{ id: made.id }])
    expect(list.results[0]).not.toHaveProperty('inputs')
    expect(await refusal(send('DELETE P/hog_functions/{id}/', { path }))).toMatchObject({ status: 405 })
    await send('PATCH P/hog_functions/{id}/', { path, body: { deleted: true } })
    expect((await send('GET P/hog_functions/')).count).toBe(0)
    expect(await send('GET P/hog_functions/{id}/', { path })).toMatchObject({ deleted: true })
  })

  it('are ordered among transformations', async () => {
    const one = await create({ name: 'one', type: 'transformation', execution_order: 1 })
    const two = await create({ name: 'two', type: 'transformation', execution_order: 2 })
    const orders = { [one.id]: 5, [two.id]: 4 }
    const names = await send('PATCH P/hog_functions/rearrange/', { body: { orders } })
    expect(names.map((one: Answer) => one.name)).toEqual(['two', 'one'])
    const wrong = send('PATCH P/hog_functions/rearrange/', { body: { orders: { x: 1 } } })
    expect(await refusal(wrong)).toMatchObject({ status: 404 })
  })

  it('report that the local PostHog does not run them', async () => {
    const { id } = await create()
    const path = { id }
    const body = { configuration: { hog: 'return 2' }, globals: { event: {} } }
    const run = await send('POST P/hog_functions/{id}/invocations/', { path, body })
    expect(run).toMatchObject({ status: 'skipped', configuration: { id, hog: 'return 2' } })
    expect(run.logs[0].message).toContain('does not run Hog')
    expect(await send('GET P/hog_functions/{id}/logs/', { path })).toMatchObject({ count: 0, results: [] })
    const metrics = await send('GET P/hog_functions/{id}/metrics/', { path, query: { after: '-2d' } })
    expect(metrics).toMatchObject({ series: [] })
    expect(metrics.labels).toHaveLength(3)
    expect(await send('GET P/hog_functions/{id}/metrics/totals/', { path })).toEqual({ totals: {} })
    expect(await send('POST P/hog_functions/{id}/enable_backfills/', { path })).toEqual({ success: true })
    const again = send('POST P/hog_functions/{id}/enable_backfills/', { path })
    expect(await refusal(again)).toMatchObject({ status: 400 })
  })
})

describe('batch exports', () => {
  const create = (): Promise<Answer> =>
    send('POST P/batch_exports/', {
      body: {
        name: 'To S3',
        interval: 'day',
        destination: {
          type: 'S3',
          config: { bucket_name: 'b', region: 'r', aws_access_key_id: 'k', aws_secret_access_key: 's' },
        },
      },
    })
  const START = '2026-11-16T00:00:00.000Z'
  const END = '2026-11-20T00:00:00.000Z'
  const backfill = async (id: string, start = START): Promise<Answer> =>
    send('POST P/batch_exports/{batch_export_id}/backfills/', {
      path: { batch_export_id: id },
      body: { start_at: start, end_at: END },
    })
  const runs = (id: string, query: object = {}): Promise<Answer> =>
    send('GET P/batch_exports/{batch_export_id}/runs/', {
      path: { batch_export_id: id },
      query: { ...query },
    })

  it('hide secrets, and are paused and resumed', async () => {
    const made = await create()
    const path = { id: made.id }
    expect(made.destination).toMatchObject({ type: 'S3', config: { bucket_name: 'b', region: 'r' } })
    expect(JSON.stringify(made)).not.toContain('aws_')
    expect(await send('POST P/batch_exports/{id}/pause/', { path })).toEqual({ paused: true })
    expect(await send('GET P/batch_exports/{id}/', { path })).toMatchObject({
      paused: true,
      last_paused_at: '2026-11-20T10:00:00.000Z',
    })
    expect(await send('POST P/batch_exports/{id}/unpause/', { path })).toEqual({ paused: false })
    const change = { path, body: { name: 'Renamed' } }
    expect(await send('PATCH P/batch_exports/{id}/', change)).toMatchObject({ name: 'Renamed' })
    expect((await send('GET P/batch_exports/')).results[0].name).toBe('Renamed')
    await send('DELETE P/batch_exports/{id}/', { path })
    expect(await refusal(send('GET P/batch_exports/{id}/', { path }))).toMatchObject({ status: 404 })
    const body = { name: 'x', interval: 'day', destination: { type: 'Drawer', config: {} } }
    expect(await refusal(send('POST P/batch_exports/', { body }))).toMatchObject({
      attr: 'destination__type',
    })
  })

  it('backfill with one run per interval that counts its records', async () => {
    const { id } = await create()
    const made = await backfill(id)
    expect(made).toMatchObject({ status: 'Running', batch_export: id, progress: { total_runs: 4 } })
    time += 10_000
    const path = { batch_export_id: id }
    const done = await send('GET P/batch_exports/{batch_export_id}/backfills/{id}/', {
      path: { ...path, id: made.id },
    })
    expect(done).toMatchObject({ status: 'Completed', progress: { finished_runs: 4 } })
    const insight = await send('POST P/insights/', {
      body: {
        query: {
          kind: 'DataVisualizationNode',
          source: {
            kind: 'HogQLQuery',
            query: `select count() from events where timestamp >= '2026-11-16' and timestamp < '2026-11-20'`,
          },
        },
      },
    })
    const counted = await send('GET P/insights/{id}/', {
      path: { id: insight.id },
      query: { refresh: 'blocking' },
    })
    expect(done.total_records_count).toBe(counted.result[0][0])
    expect((await send('GET P/batch_exports/{batch_export_id}/backfills/', { path })).results).toHaveLength(1)
    expect((await send('GET P/batch_exports/{id}/', { path: { id } })).latest_runs).toHaveLength(4)
  })

  it('list runs by cursor, newest first', async () => {
    const { id } = await create()
    await backfill(id)
    const first = await runs(id)
    expect(first.results).toHaveLength(3)
    expect(first.results[0].data_interval_end).toBe(END)
    const cursor = new URL(first.next).searchParams.get('cursor')
    await backfill(id)
    const second = await runs(id, { cursor })
    expect(second.results.map((run: Answer) => run.data_interval_start)).toEqual([START])
    expect(second.next).toBeNull()
    expect(await refusal(runs(id, { cursor: 'nonsense' }))).toMatchObject({ status: 404 })
  })

  it('cancel and retry runs, and log both', async () => {
    const { id } = await create()
    await backfill(id)
    const [run] = (await runs(id)).results
    const path = { batch_export_id: id, id: run.id }
    const retry = (): Promise<Answer> =>
      send('POST P/batch_exports/{batch_export_id}/runs/{id}/retry/', { path })
    const cancel = (): Promise<Answer> =>
      send('POST P/batch_exports/{batch_export_id}/runs/{id}/cancel/', { path })
    expect(await refusal(retry())).toMatchObject({ status: 400 })
    expect(await cancel()).toEqual({ cancelled: true })
    expect(await refusal(cancel())).toMatchObject({ status: 400 })
    const { backfill_id } = await retry()
    expect(backfill_id).toEqual(expect.any(String))
    expect(await send('GET P/batch_exports/{batch_export_id}/runs/{id}/', { path })).toMatchObject({
      status: 'Cancelled',
    })
    const own = await send('GET P/batch_exports/{batch_export_id}/runs/{id}/logs/', { path })
    expect(own.results.map((line: Answer) => line.message)).toEqual([
      'Run cancelled',
      expect.stringContaining('Exporting events'),
    ])
    const query = { search: 'cancelled', level: 'INFO' }
    const all = await send('GET P/batch_exports/{id}/logs/', { path: { id }, query })
    expect(all).toMatchObject({ count: 1, results: [{ instance_id: run.id }] })
  })

  it('cancel a backfill with its unfinished runs', async () => {
    const { id } = await create()
    const made = await backfill(id)
    const path = { batch_export_id: id, id: made.id }
    const cancel = (): Promise<Answer> =>
      send('POST P/batch_exports/{batch_export_id}/backfills/{id}/cancel/', { path })
    expect(await cancel()).toEqual({ cancelled: true })
    const one = await send('GET P/batch_exports/{batch_export_id}/backfills/{id}/', { path })
    expect(one.status).toBe('Cancelled')
    expect((await runs(id)).results.map((run: Answer) => run.status)).toEqual([
      'Cancelled',
      'Cancelled',
      'Cancelled',
    ])
    expect(await refusal(cancel())).toMatchObject({ status: 400 })
    expect(await refusal(backfill(id, END))).toMatchObject({ attr: 'start_at' })
  })
})
