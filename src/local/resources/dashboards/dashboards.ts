import { randomUUID } from 'node:crypto'
import { invalid } from '../../http/api-error.ts'
import type { Call } from '../../http/route.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import {
  boolean,
  choice,
  DELETED,
  datetime,
  integer,
  json,
  list,
  object,
  TAGS,
  text,
} from '../../store/fields.ts'
import { DASHBOARDS, INSIGHTS } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { isShared } from '../../store/sharing-routes.ts'
import { applyTemplate, findTemplate } from './templates.ts'
import { tileView } from './tile-view.ts'
import { addTile, changeTiles, tilesOfDashboard } from './tiles.ts'

/** The folder of dashboards that were created without one. */
const DEFAULT_FOLDER = 'Unfiled/Dashboards'

/** The dashboards of the project. */
export const dashboards: Resource = {
  kind: DASHBOARDS,
  path: 'projects/:project/dashboards',
  object: 'dashboard',
  fields: {
    name: text({ nullable: true, blank: true, maxLength: 400 }),
    description: text({ blank: true, default: '' }),
    pinned: boolean({ default: false }),
    deleted: DELETED,
    filters: object({ default: {} }),
    breakdown_colors: json({ default: [] }),
    data_color_theme_id: integer({ nullable: true }),
    quick_filter_ids: list({ nullable: true }),
    restriction_level: choice([21, 37], { default: 21 }),
    last_accessed_at: datetime({ nullable: true }),
    last_refresh: datetime({ nullable: true }),
    tags: TAGS,
    tiles: list({ nullable: true, writeOnly: true }),
    use_template: text({ blank: true, writeOnly: true }),
    use_dashboard: integer({ nullable: true, writeOnly: true }),
    delete_insights: boolean({ writeOnly: true }),
    _create_in_folder: text({ writeOnly: true }),
    grid_spacing: choice(['tight', 'condensed', 'standard', 'relaxed', 'wide'], { writeOnly: true }),
    layout_compaction: choice(['vertical', 'horizontal', 'stable'], { writeOnly: true }),
  },
  systemFields: ['created_at', 'created_by', 'team_id', 'user_access_level'],
  deletion: 'refused',
  hideDeleted: 'restoreOnly',
  activity: 'Dashboard',
  search: ['name', 'description'],
  showsSearchMatch: true,
  omitFromList: [
    'tiles',
    'filters',
    'variables',
    'customization',
    'persisted_filters',
    'persisted_variables',
    'breakdown_colors',
    'data_color_theme_id',
    'quick_filter_ids',
  ],
  filter: ({ url: { searchParams } }, found) => {
    const folder = searchParams.get('folder')
    return folder === null || folder === '' ? found : found.filter((dashboard) => isIn(folder, dashboard))
  },
  prepareCreate,
  afterCreate: fillDashboard,
  afterUpdate: (call, after) => {
    const { tiles, delete_insights } = after
    if (tiles !== undefined) changeTiles(call.state, Number(after.id), tiles)
    if (after['deleted'] === true && delete_insights === true) deleteInsights(call, after)
    collectionOf(call.state, DASHBOARDS).change(after.id, { tiles: undefined, delete_insights: undefined })
  },
  view,
}

function prepareCreate({ state }: Call, values: JsonRecord): JsonRecord {
  const { use_dashboard: source, use_template: template } = values
  if (typeof source === 'number' && collectionOf(state, DASHBOARDS).get(source)?.['deleted'] !== false) {
    throw invalid('use_dashboard', 'Dashboard not found.')
  }
  const named = typeof template === 'string' && template !== '' ? findTemplate(state, template) : undefined
  if (typeof template === 'string' && template !== '' && named === undefined) {
    throw invalid('use_template', `Invalid template provided: ${template}`)
  }
  const mode = typeof source === 'number' ? 'duplicate' : named === undefined ? 'default' : 'template'
  return {
    creation_mode: mode,
    tiles: undefined,
    file_system_id: randomUUID(),
    folder: values['_create_in_folder'] ?? DEFAULT_FOLDER,
  }
}

function fillDashboard({ state }: Call, dashboard: StoredRecord): void {
  const id = Number(dashboard.id)
  const { use_dashboard: source, use_template: template } = dashboard
  if (typeof template === 'string' && template !== '') {
    applyTemplate(state, id, findTemplate(state, template) ?? {})
  }
  const tiles = typeof source === 'number' ? tilesOfDashboard(state, source) : []
  for (const tile of tiles) {
    addTile(state, id, {
      insight: tile['insight'],
      text: tile['text'],
      layouts: tile['layouts'],
      color: tile['color'],
    })
  }
}

function isIn(folder: string, dashboard: StoredRecord): boolean {
  const own = String(dashboard['folder'] ?? DEFAULT_FOLDER)
  return own === folder || own.startsWith(`${folder}/`)
}

// A slash separates folders, so PostHog escapes the one in a name.
function escapeSegment(name: string): string {
  return name.replaceAll('\\', '\\\\').replaceAll('/', '\\/')
}

function deleteInsights({ state }: Call, dashboard: StoredRecord): void {
  for (const { insight } of tilesOfDashboard(state, Number(dashboard.id))) {
    if (insight !== null) collectionOf(state, INSIGHTS).change(insight, { deleted: true })
  }
}

async function view(call: Call, dashboard: StoredRecord, inList: boolean): Promise<JsonRecord> {
  const { state, url } = call
  const id = Number(dashboard.id)
  const filters = dashboard['filters'] as JsonRecord
  const folder = String(dashboard['folder'] ?? DEFAULT_FOLDER)
  const basic = {
    folder,
    file_system_id: dashboard['file_system_id'] ?? null,
    file_system_path: `${folder}/${escapeSegment(String(dashboard['name'] || 'Untitled'))}`,
    access_control_version: 'v2',
    creation_mode: dashboard['creation_mode'],
    effective_privilege_level: 37,
    effective_restriction_level: 21,
    is_shared: isShared(call, 'dashboard', id),
    last_viewed_at: null,
  }
  if (inList) return basic
  const refresh = url.searchParams.get('refresh')
  const tiles = tilesOfDashboard(state, id).map((tile) => tileView(call, tile, refresh))
  return {
    ...basic,
    persisted_filters: Object.keys(filters).length === 0 ? null : filters,
    persisted_variables: null,
    customization: {
      tile_spacing: dashboard['grid_spacing'],
      layout_compaction: dashboard['layout_compaction'],
    },
    variables: {},
    tiles: await Promise.all(tiles),
  }
}
