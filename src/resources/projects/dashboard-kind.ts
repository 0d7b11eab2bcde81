import { isPlainObject } from '../../runtime/config/check-options.ts'
import { all, one } from '../dashboards/dashboard.ts'
import type { BodyOf } from '../requester.ts'
import { fieldsOf, type JsonObject } from './catalog.ts'
import { jsonChanges } from './json-changes.ts'
import { cannotCopy, changedFields, type ObjectKind, pick, present, type Translate } from './object-kind.ts'
import type { ProjectSide } from './project-side.ts'

const insight = '/api/projects/{project_id}/insights/{id}/'
const settings = ['layouts', 'color', 'filters_overrides', 'show_description', 'transparent_background']

/** A tile of a dashboard: an insight by name, or a text. */
interface Tile {
  /** Name in `tiles`, unique on its dashboard. */
  readonly name: string
  readonly insight: JsonObject | undefined
  readonly text: string | undefined
  /** The tile as PostHog returned it. */
  readonly tile: JsonObject
}

/** Dashboards with their tiles, by name. */
export const dashboardKind: ObjectKind = {
  read: async ({ api, options }, { id }) => {
    return fieldsOf(await api.request(`GET ${one}`, { path: { id: Number(id) } }, options))
  },
  requires: (dashboard) =>
    tilesOf(dashboard).flatMap(({ insight }) => {
      return insight === undefined ? [] : [{ type: 'insight', name: String(insight['name'] ?? '') }]
    }),
  check: (dashboard) => {
    const other = rawTiles(dashboard).find(({ insight, text }) => !insight && !text)
    if (other !== undefined) {
      throw cannotCopy(
        `Its tile ${other['id']} is neither an insight nor a text.`,
        'Copy the button or widget yourself, on a dashboard of its own.',
      )
    }
    const unnamed = tilesOf(dashboard).find(({ insight }) => insight !== undefined && !insight['name'])
    if (unnamed !== undefined) {
      throw cannotCopy(
        `Its insight ${unnamed.insight?.['short_id']} has no name.`,
        'Give the insight a name.',
      )
    }
    const { persisted_variables } = dashboard
    if (isPlainObject(persisted_variables) && Object.keys(persisted_variables).length > 0) {
      throw cannotCopy('It overrides SQL variables.', 'Set the variables in the other project yourself.')
    }
  },
  fields: async (dashboard, translate) => ({
    ...pick(dashboard, ['pinned', 'tags', 'breakdown_colors']),
    description: dashboard['description'] ?? '',
    filters: await translate(dashboard['persisted_filters'] ?? dashboard['filters']),
    tiles: await tileSettings(dashboard, translate),
  }),
  create: async (side, name, { tiles, ...fields }) => {
    const body = { ...present(fields), name } as BodyOf<`POST ${typeof all}`>
    const dashboard = fieldsOf(await side.api.request(`POST ${all}`, { body }, side.options))
    await setTiles(side, dashboard, tiles)
    return dashboard
  },
  update: async (side, dashboard, fields, changed) => {
    const { tiles, ...changes } = changedFields(fields, changed)
    if ('filters' in changes && jsonChanges(changes['filters'], undefined).length === 0) {
      // Source: PostHog/posthog products/dashboards/backend/api/dashboard.py, update.
      throw cannotCopy('PostHog does not remove all filters of a dashboard.', "Remove them in PostHog's app.")
    }
    if (Object.keys(changes).length > 0) {
      const body = changes as BodyOf<`PATCH ${typeof one}`>
      await side.api.request(`PATCH ${one}`, { path: { id: Number(dashboard['id']) }, body }, side.options)
    }
    if (tiles !== undefined) await setTiles(side, dashboard, tiles)
  },
}

function rawTiles({ tiles }: JsonObject): JsonObject[] {
  return Array.isArray(tiles) ? tiles.filter(isPlainObject).filter(({ deleted }) => deleted !== true) : []
}

function tilesOf(dashboard: JsonObject): Tile[] {
  const seen = new Map<string, number>()
  return rawTiles(dashboard).flatMap((tile): Tile[] => {
    const insight = isPlainObject(tile['insight']) ? tile['insight'] : undefined
    const text = isPlainObject(tile['text']) ? String(tile['text']['body'] ?? '') : undefined
    if (insight === undefined && text === undefined) return []
    const title = text === undefined ? `insight ${insight?.['name']}` : `text ${text}`
    const count = (seen.get(title) ?? 0) + 1
    seen.set(title, count)
    return [{ name: count === 1 ? title : `${title} (${count})`, insight, text, tile }]
  })
}

/** The settings of each tile, with the name of its insight or its text. */
async function tileSettings(dashboard: JsonObject, translate: Translate): Promise<JsonObject> {
  const entries: [string, JsonObject][] = []
  for (const { name, insight, text, tile } of tilesOf(dashboard)) {
    const content = text === undefined ? { insight: insight?.['name'] } : { text }
    const filters_overrides = await translate(tile['filters_overrides'])
    entries.push([name, { ...content, ...present({ ...pick(tile, settings), filters_overrides }) }])
  }
  return Object.fromEntries(entries)
}

/** Adds, changes and removes tiles until a dashboard has the given ones. Removed insights stay in the project. */
async function setTiles(side: ProjectSide, { id }: JsonObject, wanted: unknown): Promise<void> {
  const { api, options } = side
  const path = { id: Number(id) }
  const read = async (): Promise<Tile[]> =>
    tilesOf(fieldsOf(await api.request(`GET ${one}`, { path }, options)))
  const tiles = Object.entries(isPlainObject(wanted) ? wanted : {}).map(([name, given]) => {
    const { insight, text, ...display } = fieldsOf(Object(given))
    return { name, insight, text, display }
  })
  const before = await read()
  for (const { name, insight } of tiles) {
    if (insight === undefined || before.some((tile) => tile.name === name)) continue
    await addInsight(side, Number(id), String(insight))
  }
  const current = await read()
  const changes: JsonObject[] = []
  for (const { name, text, display } of tiles) {
    const tile = current.find((candidate) => candidate.name === name)?.tile
    if (tile === undefined) {
      if (text !== undefined) changes.push({ ...display, text: { body: text } })
      continue
    }
    const changed = settings.filter((field) => jsonChanges(tile[field], display[field]).length > 0)
    // PostHog requires an object here.
    const empty = changed.includes('layouts') && display['layouts'] === undefined ? { layouts: {} } : {}
    if (changed.length > 0) changes.push({ id: tile['id'], ...changedFields(display, changed), ...empty })
  }
  for (const { name, tile } of current) {
    if (!tiles.some((candidate) => candidate.name === name)) changes.push({ id: tile['id'], deleted: true })
  }
  if (changes.length === 0) return
  // The schema describes tiles with widgets only.
  const body = { tiles: changes } as BodyOf<`PATCH ${typeof one}`>
  await api.request(`PATCH ${one}`, { path, body }, options)
}

/** Shows an insight on a dashboard. PostHog replaces the dashboards of an insight, so this reads them first. */
async function addInsight(side: ProjectSide, dashboard: number, name: string): Promise<void> {
  const { api, options, catalogs } = side
  const [found] = await catalogs.insight.named(name)
  if (found === undefined) {
    throw cannotCopy(
      `It shows the insight "${name}", but ${side.label} has none of this name.`,
      'Copy it first.',
    )
  }
  const path = { id: Number(found['id']) }
  const { dashboard_tiles } = await api.request(`GET ${insight}`, { path }, options)
  const shown = dashboard_tiles
    .filter(({ deleted }) => deleted !== true)
    .map(({ dashboard_id }) => dashboard_id)
  const body = { dashboards: [...new Set([...shown, dashboard])] }
  await api.request(`PATCH ${insight}`, { path, body }, options)
}
