import { ApiError } from '../../http/api-error.ts'
import { isObject, jsonResponse, writeJson } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { findRecord, recordView } from '../../store/records.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { dashboards } from './dashboards.ts'
import { tileView } from './tile-view.ts'
import { tilesOfDashboard } from './tiles.ts'

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
