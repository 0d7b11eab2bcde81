import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LocalPostHog } from '../../../../src/testing.ts'
import { type Answer, callerOf, refusal, type Send, startSender } from '../harness.ts'

let local: LocalPostHog
let send: Send

beforeAll(async () => {
  ;({ local, send } = await startSender())
})
afterAll(() => local.close())

const sql = (query: string): object => ({
  kind: 'DataVisualizationNode',
  source: { kind: 'HogQLQuery', query },
})
const FUNNEL = { kind: 'InsightVizNode', source: { kind: 'FunnelsQuery', series: [] } }
const create = (body: object = {}): Promise<Answer> => send('POST P/dashboards/', { body })
const get = (id: number): Promise<Answer> => send('GET P/dashboards/{id}/', { path: { id } })
const change = (id: number, body: object): Promise<Answer> =>
  send('PATCH P/dashboards/{id}/', { path: { id }, body })
const insight = (dashboards: number[], query: object = sql('select 7')): Promise<Answer> =>
  send('POST P/insights/', { body: { name: 'On it', query, dashboards } })

/** A dashboard with three insights, and the ids of its tiles. */
const filled = async (): Promise<{ id: number; tiles: number[] }> => {
  const { id } = await create({ name: 'Filled' })
  for (const number of [1, 2, 3]) await insight([id], sql(`select ${number}`))
  return { id, tiles: (await get(id)).tiles.map((tile: Answer) => tile.id) }
}

describe('dashboards', () => {
  it('start without tiles, and omit tiles from lists', async () => {
    const made = await create({ name: 'Mine', description: 'All of it', tags: ['X ', 'x'], pinned: true })
    expect(made).toMatchObject({
      name: 'Mine',
      tiles: [],
      filters: {},
      creation_mode: 'default',
      pinned: true,
    })
    const { results } = await send('GET P/dashboards/', { query: { limit: 1 } })
    expect(results[0]).toMatchObject({ id: made.id, tags: ['x'] })
    expect(results[0]).not.toHaveProperty('tiles')
  })

  it('contain the insights that name them in `dashboards`', async () => {
    const { id } = await create()
    const one = await insight([id])
    expect(one).toMatchObject({ dashboard_tiles: [{ dashboard_id: id }] })
    expect(one).not.toHaveProperty('dashboards')
    const opted = { path: { id: one.id }, query: { include_dashboards: true } }
    expect((await send('GET P/insights/{id}/', opted)).dashboards).toEqual([id])
    expect((await get(id)).tiles).toMatchObject([{ insight: { id: one.id }, text: null }])
    await send('PATCH P/insights/{id}/', { path: { id: one.id }, body: { dashboards: [] } })
    expect((await get(id)).tiles).toEqual([])
    const before = (await send('GET P/insights/')).count
    expect(await refusal(insight([999_999]))).toMatchObject({ status: 400, attr: 'dashboards' })
    expect((await send('GET P/insights/')).count).toBe(before)
  })

  it('are deleted and restored by `deleted`, restored by that field alone', async () => {
    const { id } = await create({ name: 'Gone' })
    expect(await refusal(send('DELETE P/dashboards/{id}/', { path: { id } }))).toMatchObject({ status: 405 })
    await change(id, { deleted: true })
    expect(await refusal(get(id))).toMatchObject({ status: 404 })
    expect(await refusal(change(id, { deleted: false, name: 'Back' }))).toMatchObject({ status: 404 })
    expect(await change(id, { deleted: false })).toMatchObject({ deleted: false, name: 'Gone' })
  })

  it('delete their insights with `delete_insights`', async () => {
    const { id } = await create()
    const one = await insight([id])
    await change(id, { deleted: true, delete_insights: true })
    expect(await refusal(send('GET P/insights/{id}/', { path: { id: one.id } }))).toMatchObject({
      status: 404,
    })
  })

  it('are copied with `use_dashboard`', async () => {
    const { id } = await filled()
    const copy = await create({ name: 'Copy', use_dashboard: id })
    expect(copy.creation_mode).toBe('duplicate')
    expect((await get(copy.id)).tiles).toHaveLength(3)
  })

  it.each([
    ['bulk_update_tags', { ids: [], action: 'add', tags: ['team'] }],
    ['create_from_template_json', { template: {} }],
    ['create_unlisted_dashboard', {}],
  ])('refuse %s to keys', async (name, body) => {
    expect(await refusal(send(`POST P/dashboards/${name}/`, { body }))).toMatchObject({
      status: 403,
      detail: 'This action does not support personal API key access',
    })
  })

  it('are shared with a token and passwords', async () => {
    const { id } = await create()
    const path = { dashboard_id: id }
    expect((await send('GET P/dashboards/{dashboard_id}/sharing/', { path }))[0].enabled).toBe(false)
    const body = { enabled: true }
    const { access_token } = await send('PATCH P/dashboards/{dashboard_id}/sharing/', { path, body })
    expect((await get(id)).is_shared).toBe(true)
    const fresh = await send('POST P/dashboards/{dashboard_id}/sharing/refresh/', { path })
    expect(fresh.access_token).not.toBe(access_token)
    const added = await send('POST P/dashboards/{dashboard_id}/sharing/passwords/', { path, body: {} })
    const one = 'DELETE P/dashboards/{dashboard_id}/sharing/passwords/{password_id}/'
    const password = { ...path, password_id: String(added.id) }
    await send(one, { path: password })
    expect(await refusal(send(one, { path: password }))).toMatchObject({ status: 404 })
  })
})

describe('tiles', () => {
  it('are reordered', async () => {
    const { id, tiles } = await filled()
    const body = { tile_order: [...tiles].reverse() }
    const after = await send('POST P/dashboards/{id}/reorder_tiles/', { path: { id }, body })
    expect(after.tiles.map((tile: Answer) => tile.id)).toEqual([...tiles].reverse())
    const wrong = send('POST P/dashboards/{id}/reorder_tiles/', { path: { id }, body: { tile_order: [0] } })
    expect(await refusal(wrong)).toMatchObject({ status: 400, attr: 'tile_order' })
  })

  it('are moved and copied between dashboards', async () => {
    const from = await filled()
    const to = await create({ name: 'Target' })
    const tile = from.tiles[0] ?? 0
    const left = await send('PATCH P/dashboards/{id}/move_tile/', {
      path: { id: from.id },
      body: { tile: { id: tile }, to_dashboard: to.id },
    })
    expect(left.tiles).toHaveLength(2)
    expect((await get(to.id)).tiles.map((one: Answer) => one.id)).toEqual([tile])
    const copied = await send('POST P/dashboards/{id}/copy_tile/', {
      path: { id: to.id },
      body: { fromDashboardId: from.id, tileId: from.tiles[1] },
    })
    expect(copied.tiles).toHaveLength(2)
    expect((await get(from.id)).tiles).toHaveLength(2)
  })

  it('get texts and layouts from a PATCH of the dashboard', async () => {
    const { id } = await create()
    const { tiles } = await change(id, { tiles: [{ text: { body: '# Hello' } }] })
    expect(tiles).toMatchObject([{ insight: null, text: { body: '# Hello' } }])
    const layouts = { sm: { x: 0, y: 1 } }
    const moved = await change(id, { tiles: [{ id: tiles[0].id, layouts, color: 'blue' }] })
    expect(moved.tiles).toMatchObject([{ layouts, color: 'blue', text: { body: '# Hello' } }])
    expect((await change(id, { tiles: [{ id: tiles[0].id, deleted: true }] })).tiles).toEqual([])
  })

  it('all run with one request', async () => {
    const { id } = await filled()
    const cold = await send('GET P/dashboards/{id}/run_insights/', { path: { id } })
    expect(cold.results.map((one: Answer) => one.insight.result)).toEqual([null, null, null])
    const query = { refresh: 'blocking' }
    const { results } = await send('GET P/dashboards/{id}/run_insights/', { path: { id }, query })
    expect(results.map((one: Answer) => one.insight.result)).toEqual([[[1]], [[2]], [[3]]])
  })
})

describe('the tile stream of a dashboard', () => {
  it('sends the dashboard, every tile and an end event', async () => {
    const { id, tiles } = await filled()
    await insight([id], FUNNEL)
    const answer = await callerOf(local)(
      'GET',
      `/api/projects/1/dashboards/${id}/stream_tiles/?layoutSize=sm`,
    )
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    expect(answer.headers.get('cache-control')).toBe('no-cache, no-transform')
    const frames = answer.text
      .split('\n\n')
      .filter((frame) => frame !== '')
      .map((frame) => JSON.parse(frame.replace(/^data: /, '')) as Answer)
    expect(frames.map((frame) => frame.type)).toEqual([
      'metadata',
      'tile',
      'tile',
      'tile',
      'error',
      'complete',
    ])
    expect(frames[0].dashboard).toMatchObject({ id, tiles: [{ id: tiles[0] }, { id: tiles[1] }] })
    expect(frames[1]).toMatchObject({ order: 0, tile: { id: tiles[0], insight: { result: [[1]] } } })
    expect(frames[4].error).toContain('two steps')
  })

  it('arrives event by event over a connection', async () => {
    const { id } = await filled()
    const { url } = await local.listen()
    const answer = await fetch(`${url}/api/projects/1/dashboards/${id}/stream_tiles/`, {
      headers: { Authorization: `Bearer ${local.personalApiKey}` },
    })
    expect(answer.headers.get('content-length')).toBeNull()
    const text = await answer.text()
    expect(text.split('\n\n').filter((frame) => frame.startsWith('data: '))).toHaveLength(5)
  })
})

describe('dashboard templates', () => {
  const tiles = [
    { type: 'INSIGHT', name: 'One', query: sql('select 1'), layouts: { sm: { x: 0, y: 0 } } },
    { type: 'TEXT', body: 'Read me', layouts: {} },
  ]
  it('create a dashboard with new insights', async () => {
    const { id } = await send('POST P/dashboard_templates/', { body: { template_name: 'Start', tiles } })
    expect(await create({ use_template: 'Start' })).toMatchObject({
      creation_mode: 'template',
      tiles: [{ insight: { name: 'One' } }, { text: { body: 'Read me' } }],
    })
    await send('PATCH P/dashboard_templates/{id}/', { path: { id }, body: { deleted: true } })
  })

  it('are stored, and used by name', async () => {
    const body = { template_name: 'Kept', scope: 'team' }
    const made = await send('POST P/dashboard_templates/', { body })
    const path = { id: made.id }
    expect(await send('GET P/dashboard_templates/{id}/', { path })).toMatchObject(body)
    const change = { body: { is_featured: true }, path }
    expect(await send('PATCH P/dashboard_templates/{id}/', change)).toMatchObject({ is_featured: true })
    expect((await send('GET P/dashboard_templates/', { query: { is_featured: true } })).count).toBe(1)
    expect((await create({ use_template: 'Kept' })).creation_mode).toBe('template')
    expect(await refusal(create({ use_template: 'None' }))).toMatchObject({ attr: 'use_template' })
    const deletion = send('DELETE P/dashboard_templates/{id}/', { path })
    expect(await refusal(deletion)).toMatchObject({ status: 405 })
    await send('PATCH P/dashboard_templates/{id}/', { path, body: { deleted: true } })
    expect((await send('GET P/dashboard_templates/')).count).toBe(0)
  })
})
