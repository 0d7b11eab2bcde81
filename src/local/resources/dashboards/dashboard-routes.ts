import { ApiError, invalid, notFound } from '../../http/api-error.ts'
import { isObject, jsonResponse, writeJson } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { bulkTagsRoute } from '../../store/bulk-tags.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { type Fields, integer, list, object } from '../../store/fields.ts'
import { DASHBOARDS, TILES } from '../../store/kinds.ts'
import { readFields } from '../../store/read-fields.ts'
import { createRecord, findRecord, recordView } from '../../store/records.ts'
import { actionRoute, recordResponse, resourceRoutes } from '../../store/resource-routes.ts'
import { sharingRoutes } from '../../store/sharing-routes.ts'
import { dashboards } from './dashboards.ts'
import { applyTemplate, templateRoutes } from './templates.ts'
import { tileView } from './tile-view.ts'
import { addTile, tilesOfDashboard } from './tiles.ts'

const ONE = `${dashboards.path}/:id`
const COPY: Fields = { fromDashboardId: integer({ required: true }), tileId: integer({ required: true }) }
const MOVE: Fields = { tile: object({ required: true }), toDashboard: integer({ required: true }) }
const REORDER: Fields = { tile_order: list({ required: true }) }
const TEMPLATE: Fields = { template: object({ required: true }) }

/** What is done with the tiles of dashboards. */
export const tileRoutes: readonly Route[] = [
  actionRoute('POST', `${dashboards.path}/create_from_template_json`, 'dashboard:write', createFromTemplate),
  actionRoute('POST', `${ONE}/copy_tile`, 'dashboard:write', copyTile),
  actionRoute('PATCH', `${ONE}/move_tile`, 'dashboard:write', moveTile),
  actionRoute('POST', `${ONE}/reorder_tiles`, 'dashboard:write', reorderTiles),
]

async function createFromTemplate(call: Call): Promise<Response> {
  const template = readFields(TEMPLATE, call.body)['template'] as JsonRecord
  const body = {
    name: template['template_name'] ?? null,
    description: template['dashboard_description'] ?? '',
    filters: template['dashboard_filters'] ?? {},
    tags: template['tags'] ?? [],
  }
  const made = await createRecord(dashboards, call, body)
  const dashboard = collectionOf(call.world, DASHBOARDS).change(made.id, { creation_mode: 'template' })
  applyTemplate(call.world, Number(dashboard.id), template)
  return done(call, dashboard)
}

function copyTile(call: Call): Promise<Response> {
  const dashboard = findRecord(dashboards, call)
  const body = readFields(COPY, call.body)
  const { insight, text, layouts, color } = tileOn(call.world, body['fromDashboardId'], body['tileId'])
  const id = Number(dashboard.id)
  if (insight !== null && tilesOfDashboard(call.world, id).some((tile) => tile['insight'] === insight)) {
    throw invalid(null, 'This insight is already on the dashboard.')
  }
  addTile(call.world, id, { insight, text, layouts, color })
  return done(call, dashboard)
}

function moveTile(call: Call): Promise<Response> {
  const from = findRecord(dashboards, call)
  const body = readFields(MOVE, call.body)
  const tile = tileOn(call.world, from.id, (body['tile'] as JsonRecord)['id'])
  const to = collectionOf(call.world, DASHBOARDS).get(body['toDashboard'])
  if (to === undefined || to['deleted'] === true) throw notFound()
  collectionOf(call.world, TILES).remove(tile.id)
  const { insight, text, layouts, color } = tile
  addTile(call.world, Number(to.id), { id: tile.id, insight, text, layouts, color })
  return done(call, from)
}

function reorderTiles(call: Call): Promise<Response> {
  const dashboard = findRecord(dashboards, call)
  const wanted = (readFields(REORDER, call.body)['tile_order'] as unknown[]).map(Number)
  const tiles = tilesOfDashboard(call.world, Number(dashboard.id))
  const strange = wanted.filter((id) => !tiles.some((tile) => tile.id === id))
  if (strange.length > 0) {
    throw invalid('tile_order', `Tiles not found on this dashboard: ${strange.join(', ')}`)
  }
  // Tiles that were not named stay behind those that were.
  const rest = tiles.map((tile) => Number(tile.id)).filter((id) => !wanted.includes(id))
  for (const [order, id] of [...new Set(wanted), ...rest].entries()) {
    collectionOf(call.world, TILES).change(id, { order })
  }
  return done(call, dashboard)
}

function tileOn(world: ServerState, dashboard: unknown, id: unknown): StoredRecord {
  const tile = tilesOfDashboard(world, Number(dashboard)).find((one) => one.id === Number(id))
  if (tile === undefined) throw notFound()
  return tile
}

async function done(call: Call, dashboard: StoredRecord): Promise<Response> {
  await call.world.persist()
  return recordResponse(dashboards, call, dashboard)
}

/** Tiles that come along with the first frame of a stream. */
const FIRST_TILES = 2

/** The results of every insight on a dashboard, at once or as a stream. */
export const runRoutes: readonly Route[] = [
  actionRoute('GET', `${dashboards.path}/:id/run_insights`, 'query:read', runInsights),
  actionRoute('GET', `${dashboards.path}/:id/stream_tiles`, 'dashboard:read', streamTiles),
]

async function runInsights(call: Call): Promise<Response> {
  const dashboard = findRecord(dashboards, call)
  const refresh = call.url.searchParams.get('refresh')
  const tiles = tilesOfDashboard(call.world, Number(dashboard.id)).filter((tile) => tile['insight'] !== null)
  const views = await Promise.all(tiles.map((tile) => tileView(call, tile, refresh)))
  return jsonResponse(200, { results: views.map(briefly) })
}

function briefly({ id, insight }: JsonRecord): JsonRecord {
  const { id: number, short_id, name, derived_name, result } = isObject(insight) ? insight : {}
  return { id, insight: { id: number, short_id, name, derived_name, result } }
}

async function streamTiles(call: Call): Promise<Response> {
  const dashboard = findRecord(dashboards, call)
  const { searchParams } = call.url
  const size = searchParams.get('layoutSize') ?? searchParams.get('layout_size') ?? 'sm'
  const refresh = searchParams.get('refresh') ?? 'blocking'
  const tiles = byLayout(tilesOfDashboard(call.world, Number(dashboard.id)), size)
  const encoder = new TextEncoder()
  const frame = (data: JsonRecord): Uint8Array => encoder.encode(`data: ${writeJson(data)}\n\n`)
  const frames = async function* (): AsyncGenerator<Uint8Array> {
    const shown = await recordView({ ...dashboards, view: () => ({}) }, call, dashboard)
    const first = await Promise.all(tiles.slice(0, FIRST_TILES).map((tile) => tileView(call, tile, null)))
    yield frame({ type: 'metadata', dashboard: { ...shown, tiles: first } })
    for (const [order, tile] of tiles.entries()) yield frame(await tileFrame(call, tile, order, refresh))
    yield frame({ type: 'complete' })
  }
  return new Response(ReadableStream.from(frames()), {
    headers: {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  })
}

// What goes wrong in a tile is told in its place; the others come all the same.
async function tileFrame(
  call: Call,
  tile: StoredRecord,
  order: number,
  refresh: string,
): Promise<JsonRecord> {
  try {
    return { type: 'tile', order, tile: await tileView(call, tile, refresh) }
  } catch (error) {
    const detail = error instanceof ApiError ? error.body['detail'] : undefined
    return { type: 'error', tile_id: tile.id, error: String(detail ?? error) }
  }
}

function byLayout(tiles: readonly StoredRecord[], size: string): StoredRecord[] {
  const at = ({ layouts }: StoredRecord, axis: string): number => {
    const layout = isObject(layouts) ? layouts[size] : undefined
    return isObject(layout) ? Number(layout[axis] ?? 0) : Number.POSITIVE_INFINITY
  }
  const compare = (one: StoredRecord, other: StoredRecord, axis: string): number =>
    at(one, axis) === at(other, axis) ? 0 : at(one, axis) - at(other, axis)
  return [...tiles].sort((one, other) => compare(one, other, 'y') || compare(one, other, 'x'))
}

/** Dashboards, their tiles and sharing, and templates for them. */
export const dashboardRoutes: readonly Route[] = [
  bulkTagsRoute(dashboards),
  ...tileRoutes,
  ...runRoutes,
  ...resourceRoutes(dashboards),
  ...sharingRoutes({
    path: `${dashboards.path}/:id`,
    kind: 'dashboard',
    throttle: 'default',
    idOf: (call) => findRecord(dashboards, call).id,
  }),
  ...templateRoutes,
]
