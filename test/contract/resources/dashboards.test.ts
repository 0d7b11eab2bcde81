import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigurationError, type TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 50 }))
})
afterAll(() => local.close())

describe('dashboards.ensure', () => {
  it('creates a dashboard once, then changes only the fields that differ', async () => {
    const { dashboards } = posthog
    const definition = { description: 'Numbers', tags: ['Weekly', 'board'] }
    const first = await dashboards.ensure('Growth', definition)
    expect(first).toMatchObject({ created: true, changes: {}, dashboard: { name: 'Growth', pinned: false } })
    const again = await dashboards.ensure('Growth', { description: 'Numbers', tags: ['board', 'weekly'] })
    expect(again).toMatchObject({ created: false, changes: {}, dashboard: { id: first.dashboard.id } })
    const changed = await dashboards.ensure('Growth', { ...definition, pinned: true })
    expect(changed).toMatchObject({ created: false, changes: { pinned: true }, dashboard: { pinned: true } })
    expect((await dashboards.get(first.dashboard.id)).description).toBe('Numbers')
  })

  it('ignores longer names and deleted dashboards', async () => {
    const { dashboards } = posthog
    await dashboards.create({ name: 'Sales numbers' })
    const gone = await dashboards.create({ name: 'Sales' })
    await dashboards.delete(gone.id)
    const { created, dashboard } = await dashboards.ensure('Sales')
    expect({ created, isNew: dashboard.id > gone.id }).toEqual({ created: true, isNew: true })
  })

  it('changes nothing if several dashboards have the name', async () => {
    const { dashboards } = posthog
    const ids = [await dashboards.create({ name: 'Twice' }), await dashboards.create({ name: 'Twice' })].map(
      ({ id }) => id,
    )
    const ensuring = dashboards.ensure('Twice', { pinned: true })
    await expect(ensuring).rejects.toThrow(ConfigurationError)
    await expect(ensuring).rejects.toThrow(`${ids[1]}, ${ids[0]}`)
    for (const id of ids) expect((await dashboards.get(id)).pinned).toBe(false)
  })
})

describe('text tiles', () => {
  it('are added, changed and deleted, and the tiles below move up', async () => {
    const { dashboards } = posthog
    const { id } = await dashboards.create({ name: 'Texts' })
    const box = (y: number): object => ({ layouts: { sm: { x: 0, y, w: 12, h: 2 } } })
    const first = await dashboards.createTextTile(id, { body: '## One', color: 'blue', ...box(0) })
    const second = await dashboards.createTextTile(id, { body: '## Two', ...box(2) })
    expect(first).toMatchObject({
      color: 'blue',
      insight: null,
      widget: null,
      text: { body: '## One', last_modified_by: null, created_by: { id: 1 } },
    })
    const changed = await dashboards.updateTextTile(id, { tile_id: first.id ?? 0, body: '## Uno' })
    expect(changed).toMatchObject({
      id: first.id,
      color: 'blue',
      text: { body: '## Uno', last_modified_by: { id: 1 } },
    })
    await dashboards.deleteTile(id, first.id ?? 0)
    const { tiles } = await dashboards.get(id)
    expect(tiles).toMatchObject([{ id: second.id, ...box(0) }])
  })

  it('keep beside each other what fits, and drop into free rows', async () => {
    const { dashboards } = posthog
    const { id } = await dashboards.create({ name: 'Grid' })
    const add = async (x: number, y: number, w: number): Promise<number> => {
      const layouts = { sm: { x, y, w, h: 3 }, xs: { x: 0, y, w: 1, h: 3 } }
      return (await dashboards.createTextTile(id, { body: 'x', layouts })).id ?? 0
    }
    const top = await add(0, 0, 6)
    const right = await add(6, 0, 6)
    const left = await add(0, 3, 6)
    const bottom = await add(0, 6, 12)
    await dashboards.deleteTile(id, top)
    const { tiles } = await dashboards.get(id)
    const rows = (tiles ?? []).map((tile) => [Object(tile).id, Object(tile).layouts.sm.y])
    expect(Object.fromEntries(rows)).toEqual({ [right]: 0, [left]: 0, [bottom]: 3 })
  })

  it('reject long and missing texts, other tiles, and tiles of other dashboards', async () => {
    const { dashboards, insights } = posthog
    const { id } = await dashboards.create({ name: 'Strict' })
    const other = await dashboards.create({ name: 'Other' })
    const query = {
      kind: 'DataTableNode' as const,
      source: { kind: 'HogQLQuery' as const, query: 'select 1' },
    }
    await insights.create({ name: 'One', query, dashboards: [id] })
    const [tile] = (await dashboards.get(id)).tiles ?? []
    const tile_id = Number(Object(tile).id)
    await expect(dashboards.createTextTile(id, { body: 'x'.repeat(4_001) })).rejects.toMatchObject({
      status: 400,
      attr: 'body',
      detail: 'Text body cannot exceed 4000 characters',
    })
    await expect(dashboards.createTextTile(id, {} as never)).rejects.toMatchObject({ attr: 'body' })
    await expect(dashboards.updateTextTile(id, { tile_id, body: 'x' })).rejects.toMatchObject({
      status: 400,
      detail: 'Tile is not a text tile.',
    })
    await expect(dashboards.deleteTile(other.id, tile_id)).rejects.toMatchObject({ status: 404 })
  })

  it('are the only tiles without an insight: the local projects have no widgets', async () => {
    const { dashboards } = posthog
    const { id } = await dashboards.create({ name: 'Widgets' })
    const detail = 'Dashboard widgets are not enabled for this project.'
    const widgets = [{ widget_type: 'error_tracking_list' as const, config: { limit: 5 } }]
    await expect(dashboards.addWidgets(id, { widgets })).rejects.toMatchObject({ status: 400, detail })
    await expect(dashboards.runWidgets(id, [1])).rejects.toMatchObject({ status: 403, detail })
  })
})
