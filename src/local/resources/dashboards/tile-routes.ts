import { isObject } from '../../../shared/is-object.ts'
import { forbidden, invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { type Fields, integer, object, text } from '../../store/fields.ts'
import { DASHBOARDS, TILES } from '../../store/kinds.ts'
import { readField, readFields } from '../../store/read-fields.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { tileView } from './tile-view.ts'
import { addTile, tilesOfDashboard } from './tiles.ts'

const ALL = 'projects/:project/dashboards'
const DASHBOARD = `${ALL}/:id`
const WRITE = 'dashboard:write'
const MAX_BODY = 4_000
const TILE: Fields = { layouts: object(), color: text({ nullable: true, blank: true, maxLength: 400 }) }
const NO_WIDGETS = 'Dashboard widgets are not enabled for this project.'

/**
 * Text tiles, the deletion of tiles, and widgets: PostHog opens widgets project by project, and the local projects have
 * none. Source: PostHog/posthog products/dashboards/backend/api/dashboard.py.
 */
export const tileRoutes: readonly Route[] = [
  actionRoute('POST', `${DASHBOARD}/create_text_tile`, WRITE, createTextTile),
  actionRoute('POST', `${DASHBOARD}/update_text_tile`, WRITE, updateTextTile),
  actionRoute('POST', `${DASHBOARD}/delete_tile`, WRITE, deleteTile),
  actionRoute('POST', `${DASHBOARD}/widgets/batch`, WRITE, () => {
    throw invalid(null, NO_WIDGETS)
  }),
  actionRoute('PATCH', `${DASHBOARD}/widgets/batch_update`, WRITE, () => {
    throw invalid(null, NO_WIDGETS)
  }),
  actionRoute('GET', `${DASHBOARD}/run_widgets`, 'dashboard:read', () => {
    throw forbidden(NO_WIDGETS)
  }),
]

async function createTextTile(call: Call): Promise<Response> {
  const dashboard = openDashboard(call)
  const body = readField('body', text(), call.body)
  checkBody(body)
  const fields = readFields(TILE, call.body, 'change')
  const content = { body, last_modified_at: call.state.now().toISOString() }
  const tile = addTile(call.state, Number(dashboard.id), { ...fields, text: content })
  return saveAndRespond(call, tile, 201)
}

async function updateTextTile(call: Call): Promise<Response> {
  const tile = tileInBody(call)
  const { body, ...fields } = readFields({ body: text(), ...TILE }, call.body, 'change')
  checkBody(body)
  if (!isObject(tile['text'])) throw invalid(null, 'Tile is not a text tile.')
  const content = {
    ...tile['text'],
    ...(body === undefined ? {} : { body }),
    last_modified_at: call.state.now().toISOString(),
    changed: true,
  }
  const changed = collectionOf(call.state, TILES).change(tile.id, { ...fields, text: content })
  return saveAndRespond(call, changed, 200)
}

async function deleteTile(call: Call): Promise<Response> {
  const tile = tileInBody(call)
  const tiles = collectionOf(call.state, TILES)
  tiles.remove(tile.id)
  for (const [id, layouts] of compacted(tilesOfDashboard(call.state, Number(tile['dashboard_id'])))) {
    tiles.change(id, { layouts })
  }
  await call.state.persist()
  return new Response(null, { status: 204 })
}

function openDashboard({ state, params }: Call): StoredRecord {
  const dashboard = collectionOf(state, DASHBOARDS).get(params['id'])
  if (dashboard === undefined || dashboard['deleted'] === true) throw notFound()
  return dashboard
}

function tileInBody(call: Call): StoredRecord {
  const dashboard = openDashboard(call)
  const id = readField('tile_id', integer(), call.body)
  const tile = tilesOfDashboard(call.state, Number(dashboard.id)).find((candidate) => candidate.id === id)
  if (tile === undefined) throw notFound()
  return tile
}

function checkBody(body: unknown): void {
  if (typeof body === 'string' && body.length > MAX_BODY) {
    throw invalid('body', `Text body cannot exceed ${MAX_BODY} characters`, 'max_length')
  }
}

async function saveAndRespond(call: Call, tile: StoredRecord, status: number): Promise<Response> {
  await call.state.persist()
  return jsonResponse(status, { ...(await tileView(call, tile, null)), order: null })
}

/** The layouts that change when tiles move up into free rows, by tile id. */
function compacted(tiles: readonly StoredRecord[]): Map<number, JsonRecord> {
  const changed = new Map<number, JsonRecord>()
  const layoutsOf = (tile: StoredRecord): JsonRecord =>
    changed.get(Number(tile.id)) ?? (isObject(tile['layouts']) ? tile['layouts'] : {})
  for (const size of new Set(tiles.flatMap((tile) => Object.keys(layoutsOf(tile))))) {
    const placed: Box[] = []
    for (const [tile, box] of boxesOf(tiles, size)) {
      const free = lowestFree(box, placed)
      placed.push(free)
      if (free.y === box.y) continue
      const layouts = layoutsOf(tile)
      changed.set(Number(tile.id), { ...layouts, [size]: { ...Object(layouts[size]), y: free.y } })
    }
  }
  return changed
}

interface Box {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** The boxes of tiles in a layout, from top to bottom and from left to right. */
function boxesOf(tiles: readonly StoredRecord[], size: string): [StoredRecord, Box][] {
  const boxes = tiles.flatMap((tile): [StoredRecord, Box][] => {
    const box: unknown = (tile['layouts'] as JsonRecord | null)?.[size]
    if (!isObject(box)) return []
    const { x = 0, y = 0, w = 1, h = 1 } = box
    return [[tile, { x: Number(x), y: Number(y), w: Number(w), h: Number(h) }]]
  })
  return boxes.sort(([, one], [, other]) => one.y - other.y || one.x - other.x)
}

function lowestFree(box: Box, placed: readonly Box[]): Box {
  let y = 0
  for (;;) {
    const top = y
    const inTheWay = placed.filter(
      (other) =>
        box.x < other.x + other.w &&
        other.x < box.x + box.w &&
        top < other.y + other.h &&
        other.y < top + box.h,
    )
    if (inTheWay.length === 0) return { ...box, y }
    y = Math.max(...inTheWay.map((other) => other.y + other.h))
  }
}
