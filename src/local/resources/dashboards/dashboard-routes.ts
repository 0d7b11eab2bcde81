import { isObject } from '../../../shared/is-object.ts'
import { ApiError, invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse, writeJson } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { type Fields, integer, list, object } from '../../store/fields.ts'
import { DASHBOARDS, TILES } from '../../store/kinds.ts'
import { bodyObject, readField, readFields } from '../../store/read-fields.ts'
import { findRecord, recordView } from '../../store/records.ts'
import { actionRoute, recordResponse, resourceRoutes } from '../../store/resource-routes.ts'
import { sessionOnlyRoute } from '../../store/session-routes.ts'
import { sharingRoutes } from '../../store/sharing-routes.ts'
import { dashboards } from './dashboards.ts'
import { templateRoutes } from './templates.ts'
import { tileRoutes } from './tile-routes.ts'
import { tileView } from './tile-view.ts'
import { addTile, tilesOfDashboard } from './tiles.ts'

const DASHBOARD = `${dashboards.path}/:id`
const READ = 'dashboard:read'
const WRITE = 'dashboard:write'
const COPY: Fields = { fromDashboardId: integer({ required: true }), tileId: integer({ required: true }) }
const MOVE: Fields = { tile: object({ required: true }), to_dashboard: integer({ required: true }) }
/** Number of tiles in the first event of a stream. */
const FIRST_TILES = 2

/** Dashboards with their tiles, results and sharing, and templates for them. */
export const dashboardRoutes: readonly Route[] = [
  ...['bulk_update_tags', 'create_from_template_json', 'create_unlisted_dashboard'].map((name) =>
    sessionOnlyRoute('POST', `${dashboards.path}/${name}`),
  ),
  ...resourceRoutes(dashboards),
  actionRoute('POST', `${DASHBOARD}/copy_tile`, WRITE, copyTile),
  moveTileRoute(),
  actionRoute('POST', `${DASHBOARD}/reorder_tiles`, WRITE, reorderTiles),
  actionRoute('GET', `${DASHBOARD}/run_insights`, 'query:read', runInsights),
  actionRoute('GET', `${DASHBOARD}/stream_tiles`, READ, streamTiles),
  ...tileRoutes,
  ...sharingRoutes({
    path: DASHBOARD,
    kind: 'dashboard',
    throttle: 'default',
    idOf: (call) => findRecord(dashboards, call).id,
  }),
  ...templateRoutes,
]

function copyTile(call: Call): Promise<Response> {
  const dashboard = findRecord(dashboards, call)
  const body = readFields(COPY, call.body)
  const { insight, text, layouts, color } = findTile(call.state, body['fromDashboardId'], body['tileId'])
  const id = Number(dashboard.id)
  if (insight !== null && tilesOfDashboard(call.state, id).some((tile) => tile['insight'] === insight)) {
    throw invalid(null, 'This insight is already on the dashboard.')
  }
  addTile(call.state, id, { insight, text, layouts, color })
  return saveAndRespond(call, dashboard)
}

function moveTileRoute(): Route {
  const action = { scope: WRITE, handle: moveTile }
  return { path: `${DASHBOARD}/move_tile`, throttle: 'default', methods: { PATCH: action, POST: action } }
}

// Older servers and clients call the target `toDashboard`.
function moveTile(call: Call): Promise<Response> {
  const from = findRecord(dashboards, call)
  const { toDashboard, ...given } = bodyObject(call.body)
  const body = readFields(MOVE, toDashboard === undefined ? given : { to_dashboard: toDashboard, ...given })
  const tile = findTile(call.state, from.id, (body['tile'] as JsonRecord)['id'])
  const to = collectionOf(call.state, DASHBOARDS).get(body['to_dashboard'])
  if (to === undefined || to['deleted'] === true) throw notFound()
  collectionOf(call.state, TILES).remove(tile.id)
  const { insight, text, layouts, color } = tile
  addTile(call.state, Number(to.id), { id: tile.id, insight, text, layouts, color })
  return saveAndRespond(call, from)
}

function reorderTiles(call: Call): Promise<Response> {
  const dashboard = findRecord(dashboards, call)
  const requested = (readField('tile_order', list(), call.body) as unknown[]).map(Number)
  const tiles = tilesOfDashboard(call.state, Number(dashboard.id))
  const unknown = requested.filter((id) => !tiles.some((tile) => tile.id === id))
  if (unknown.length > 0) {
    throw invalid('tile_order', `Tiles not found on this dashboard: ${unknown.join(', ')}`)
  }
  // The other tiles follow in their previous order.
  const rest = tiles.map((tile) => Number(tile.id)).filter((id) => !requested.includes(id))
  for (const [order, id] of [...new Set(requested), ...rest].entries()) {
    collectionOf(call.state, TILES).change(id, { order })
  }
  return saveAndRespond(call, dashboard)
}

function findTile(state: ServerState, dashboard: unknown, id: unknown): StoredRecord {
  const tile = tilesOfDashboard(state, Number(dashboard)).find((candidate) => candidate.id === Number(id))
  if (tile === undefined) throw notFound()
  return tile
}

async function saveAndRespond(call: Call, dashboard: StoredRecord): Promise<Response> {
  await call.state.persist()
  return recordResponse(dashboards, call, dashboard)
}

async function runInsights(call: Call): Promise<Response> {
  const dashboard = findRecord(dashboards, call)
  const refresh = call.url.searchParams.get('refresh')
  const tiles = tilesOfDashboard(call.state, Number(dashboard.id)).filter((tile) => tile['insight'] !== null)
  const views = await Promise.all(tiles.map((tile) => tileView(call, tile, refresh)))
  return jsonResponse(200, { results: views.map(resultView) })
}

function resultView({ id, insight }: JsonRecord): JsonRecord {
  const { id: number, short_id, name, derived_name, result } = isObject(insight) ? insight : {}
  return { id, insight: { id: number, short_id, name, derived_name, result } }
}

async function streamTiles(call: Call): Promise<Response> {
  const dashboard = findRecord(dashboards, call)
  const { searchParams } = call.url
  const size = searchParams.get('layoutSize') ?? searchParams.get('layout_size') ?? 'sm'
  const refresh = searchParams.get('refresh') ?? 'blocking'
  const tiles = byLayout(tilesOfDashboard(call.state, Number(dashboard.id)), size)
  const encoder = new TextEncoder()
  const event = (data: JsonRecord): Uint8Array => encoder.encode(`data: ${writeJson(data)}\n\n`)
  const events = async function* (): AsyncGenerator<Uint8Array> {
    const view = await recordView({ ...dashboards, view: () => ({}) }, call, dashboard)
    const first = await Promise.all(tiles.slice(0, FIRST_TILES).map((tile) => tileView(call, tile, null)))
    yield event({ type: 'metadata', dashboard: { ...view, tiles: first } })
    for (const [order, tile] of tiles.entries()) yield event(await tileEvent(call, tile, order, refresh))
    yield event({ type: 'complete' })
  }
  return new Response(ReadableStream.from(events()), {
    headers: {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  })
}

// The error of one tile does not stop the others.
async function tileEvent(
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
  const compare = (a: StoredRecord, b: StoredRecord, axis: string): number =>
    at(a, axis) === at(b, axis) ? 0 : at(a, axis) - at(b, axis)
  return [...tiles].sort((a, b) => compare(a, b, 'y') || compare(a, b, 'x'))
}
