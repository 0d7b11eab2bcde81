import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { DASHBOARDS, INSIGHTS, TILES } from '../../store/kinds.ts'

/** The tiles of an insight on dashboards that are not deleted. */
export function tilesOfInsight(state: ServerState, insight: number): StoredRecord[] {
  return collectionOf(state, TILES)
    .all()
    .filter(
      (tile) =>
        tile['insight'] === insight &&
        collectionOf(state, DASHBOARDS).get(tile['dashboard_id'])?.['deleted'] === false,
    )
}

/** The tiles of a dashboard in order, without those of deleted insights. */
export function tilesOfDashboard(state: ServerState, dashboard: number): StoredRecord[] {
  const insights = collectionOf(state, INSIGHTS)
  return collectionOf(state, TILES)
    .all()
    .filter((tile) => tile['dashboard_id'] === dashboard)
    .filter((tile) => tile['insight'] === null || insights.get(tile['insight'])?.['deleted'] === false)
    .sort((a, b) => Number(a['order']) - Number(b['order']))
}

/**
 * Validates the dashboards of an insight.
 *
 * @throws ApiError 400 when one does not exist.
 */
export function checkDashboards(state: ServerState, given: unknown): void {
  const requested = Array.isArray(given) ? given : []
  const missing = requested.find((id) => collectionOf(state, DASHBOARDS).get(id)?.['deleted'] !== false)
  if (missing !== undefined) throw invalid('dashboards', 'Dashboard not found')
}

/** Adds an insight to these dashboards and removes it from all others. */
export function setDashboardsOfInsight(
  state: ServerState,
  insight: number,
  dashboards: readonly unknown[],
): void {
  const requested = dashboards.map(Number)
  const tiles = tilesOfInsight(state, insight)
  for (const tile of tiles) {
    if (!requested.includes(Number(tile['dashboard_id']))) collectionOf(state, TILES).remove(tile.id)
  }
  for (const dashboard of new Set(requested)) {
    if (!tiles.some((tile) => tile['dashboard_id'] === dashboard)) addTile(state, dashboard, { insight })
  }
}

/** Appends a tile to a dashboard. */
export function addTile(state: ServerState, dashboard: number, fields: JsonRecord): StoredRecord {
  const orders = tilesOfDashboard(state, dashboard).map((tile) => Number(tile['order']))
  return collectionOf(state, TILES).add({
    insight: null,
    text: null,
    layouts: {},
    color: null,
    ...fields,
    dashboard_id: dashboard,
    order: Math.max(-1, ...orders) + 1,
  })
}

/** Applies the `tiles` of a body: changes layouts, colors and texts, adds texts, and removes deleted tiles. */
export function changeTiles(state: ServerState, dashboard: number, given: unknown): void {
  const tiles = collectionOf(state, TILES)
  for (const tile of Array.isArray(given) ? given.filter(isObject) : []) {
    const known = tiles.get(tile['id'])
    if (known === undefined || known['dashboard_id'] !== dashboard) {
      if (isObject(tile['text'])) addTile(state, dashboard, writableMembers(tile))
    } else if (tile['deleted'] === true) tiles.remove(known.id)
    else tiles.change(known.id, writableMembers(tile))
  }
}

function writableMembers(tile: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.entries(tile).filter(([name]) => ['layouts', 'color', 'text'].includes(name)),
  )
}
