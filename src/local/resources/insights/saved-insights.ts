import { invalid } from '../../http/api-error.ts'
import { stableJson } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { boolean, DELETED, integer, list, object, TAGS, text } from '../../store/fields.ts'
import { ALERTS, INSIGHTS } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { checkDashboards, setDashboardsOfInsight, tilesOfInsight } from '../dashboards/tiles.ts'
import { filterInsights } from './filter-insights.ts'
import { FRESH_MS, insightResult } from './insight-results.ts'

/** The project's saved insights. */
export const insights: Resource = {
  kind: INSIGHTS,
  path: 'projects/:project/insights',
  object: 'insight',
  throttle: 'clickhouse',
  fields: {
    name: text({ nullable: true, blank: true, maxLength: 400 }),
    derived_name: text({ nullable: true, blank: true, maxLength: 400 }),
    query: object({ required: true }),
    order: integer({ nullable: true }),
    deleted: DELETED,
    dashboards: list({ writeOnly: true }),
    description: text({ nullable: true, blank: true, maxLength: 400 }),
    tags: TAGS,
    favorited: boolean({ default: false }),
    saved: boolean({ default: true, writeOnly: true }),
  },
  systemFields: [
    'short_id',
    'created_at',
    'created_by',
    'updated_at',
    'last_modified_at',
    'last_modified_by',
    'user_access_level',
  ],
  deletion: 'refused',
  hideDeleted: 'always',
  activity: 'Insight',
  search: ['name', 'derived_name', 'description', 'tags'],
  find: ({ world }, id) => {
    const all = collectionOf(world, INSIGHTS)
    return all.get(id) ?? all.all().find((insight) => insight['short_id'] === id)
  },
  filter: filterInsights,
  prepareCreate: checked,
  prepareUpdate: (call, _, values) => checked(call, values),
  afterCreate: place,
  afterUpdate: (call, after, before) => {
    if (stableJson(after['query']) !== stableJson(before['query'])) {
      call.world.insightResults.delete(Number(after.id))
    }
    place(call, after)
  },
  view: ({ world, url }, record) => insightView({ world, refresh: url.searchParams.get('refresh') }, record),
}

/** The members of an insight that are not its author's. */
export async function insightView(
  { world, refresh }: { readonly world: Call['world']; readonly refresh: string | null },
  record: StoredRecord,
): Promise<JsonRecord> {
  const id = Number(record.id)
  const state = await insightResult(world, id, record['query'], refresh)
  const { found } = state
  const freshUntil =
    found === undefined ? null : new Date(new Date(found.last_refresh).getTime() + FRESH_MS).toISOString()
  const tiles = tilesOfInsight(world, id)
  return {
    dashboards: tiles.map((tile) => tile['dashboard_id']),
    dashboard_tiles: tiles.map(({ id: tile, dashboard_id }) => ({ id: tile, dashboard_id, deleted: false })),
    result: found?.result ?? null,
    columns: found?.columns ?? null,
    types: found?.types ?? null,
    hasMore: found?.hasMore ?? null,
    hogql: found?.hogql ?? null,
    last_refresh: found?.last_refresh ?? null,
    is_cached: state.is_cached,
    query_status: state.query_status,
    cache_target_age: freshUntil,
    next_allowed_client_refresh: freshUntil,
    resolved_date_range: null,
    timezone: 'UTC',
    is_sample: false,
    effective_restriction_level: 21,
    effective_privilege_level: 37,
    last_viewed_at: null,
    alerts: collectionOf(world, ALERTS)
      .all()
      .filter((alert) => alert['insight'] === id)
      .map((alert) => ({ id: alert.id, name: alert['name'], enabled: alert['enabled'] })),
  }
}

function checked({ world }: Call, values: JsonRecord): JsonRecord {
  checkDashboards(world, values['dashboards'])
  const query = values['query']
  if (query !== undefined && typeof (query as JsonRecord)['kind'] !== 'string') {
    throw invalid('query', 'The query of an insight needs a kind')
  }
  return {}
}

function place({ world }: Call, record: StoredRecord): void {
  const wanted = record['dashboards']
  if (Array.isArray(wanted)) setDashboardsOfInsight(world, Number(record.id), wanted)
}
