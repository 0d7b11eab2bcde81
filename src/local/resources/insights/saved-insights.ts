import { invalid } from '../../http/api-error.ts'
import { member, stableJson } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { boolean, DELETED, integer, list, object, TAGS, text } from '../../store/fields.ts'
import { ALERTS, INSIGHTS } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { checkDashboards, setDashboardsOfInsight, tilesOfInsight } from '../dashboards/tiles.ts'
import { insightResult } from './compute-insight.ts'
import { freshUntil } from './insight-result.ts'
import { rejectOverrides } from './reject-overrides.ts'

/** The project's saved insights. */
export const insights: Resource = {
  kind: INSIGHTS,
  path: 'projects/:project/insights',
  object: 'insight',
  throttle: 'clickhouse',
  fields: {
    name: text({ nullable: true, blank: true, maxLength: 400 }),
    derived_name: text({ nullable: true, blank: true, maxLength: 400 }),
    query: object({ nullable: true }),
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
  showsSearchMatch: true,
  find: ({ state }, id) => {
    const all = collectionOf(state, INSIGHTS)
    return all.get(id) ?? all.all().find((insight) => insight['short_id'] === id)
  },
  filter: filterInsights,
  prepareCreate: validate,
  prepareUpdate: (call, _, values) => validate(call, values),
  afterCreate: updateTiles,
  afterUpdate: (call, after, before) => {
    if (stableJson(after['query']) !== stableJson(before['query'])) {
      call.state.insightResults.delete(Number(after.id))
    }
    updateTiles(call, after)
  },
  view: (call, record) => {
    rejectOverrides(call.url)
    return insightView(call, record, call.url.searchParams.get('refresh'))
  },
}

/**
 * The computed fields of an insight. A key gets the deprecated `dashboards` with `include_dashboards=true` only.
 *
 * @see PostHog/posthog products/product_analytics/backend/api/insight.py, should_serve_deprecated_dashboards_field
 */
export async function insightView(
  { state, url }: Pick<Call, 'state' | 'url'>,
  record: StoredRecord,
  refresh: string | null,
): Promise<JsonRecord> {
  const id = Number(record.id)
  const evaluation = await insightResult(state, id, record['query'], refresh)
  const { result } = evaluation
  const refreshableFrom = result === undefined ? null : freshUntil(result).toISOString()
  const tiles = tilesOfInsight(state, id)
  return {
    ...(isTrue(url.searchParams.get('include_dashboards') ?? '')
      ? { dashboards: tiles.map((tile) => tile['dashboard_id']) }
      : {}),
    dashboard_tiles: tiles.map(({ id: tile, dashboard_id }) => ({ id: tile, dashboard_id, deleted: false })),
    result: result?.result ?? null,
    columns: result?.columns ?? null,
    types: result?.types ?? null,
    hasMore: result?.hasMore ?? null,
    hogql: result?.hogql ?? null,
    last_refresh: result?.last_refresh ?? null,
    is_cached: evaluation.is_cached,
    query_status: evaluation.query_status,
    cache_target_age: refreshableFrom,
    next_allowed_client_refresh: refreshableFrom,
    resolved_date_range: null,
    timezone: 'UTC',
    is_sample: false,
    filter_override_context: null,
    effective_restriction_level: 21,
    effective_privilege_level: 37,
    last_viewed_at: null,
    alerts: collectionOf(state, ALERTS)
      .all()
      .filter((alert) => alert['insight'] === id)
      .map((alert) => ({ id: alert.id, name: alert['name'], enabled: alert['enabled'] })),
  }
}

function validate({ state }: Call, values: JsonRecord): JsonRecord {
  checkDashboards(state, values['dashboards'])
  const query = values['query']
  if (query !== undefined && query !== null && typeof (query as JsonRecord)['kind'] !== 'string') {
    throw invalid('query', 'The query of an insight needs a kind')
  }
  return {}
}

function updateTiles({ state }: Call, record: StoredRecord): void {
  const dashboards = record['dashboards']
  if (Array.isArray(dashboards)) setDashboardsOfInsight(state, Number(record.id), dashboards)
}

type InsightFilter = (insight: StoredRecord, value: string, call: Call) => boolean

const KINDS: Readonly<Record<string, string>> = {
  TRENDS: 'TrendsQuery',
  FUNNELS: 'FunnelsQuery',
  RETENTION: 'RetentionQuery',
  PATHS: 'PathsQuery',
  STICKINESS: 'StickinessQuery',
  LIFECYCLE: 'LifecycleQuery',
  SQL: 'HogQLQuery',
}

const FILTERS: Readonly<Record<string, InsightFilter>> = {
  short_id: (insight, value) => insight['short_id'] === value,
  saved: (insight, value, { state }) =>
    isTrue(value) === (insight['saved'] === true || tilesOfInsight(state, Number(insight.id)).length > 0),
  favorited: (insight, value) => !isTrue(value) || insight['favorited'] === true,
  user: (_, value) => !isTrue(value) || USER.id > 0,
  created_by: (_, value) => listOf(value).includes(String(USER.id)),
  tags: (insight, value) => listOf(value).some((tag) => (insight['tags'] as unknown[]).includes(tag)),
  dashboards: (insight, value, { state }) => {
    const ids = tilesOfInsight(state, Number(insight.id)).map((tile) => String(tile['dashboard_id']))
    return listOf(value).every((id) => ids.includes(id))
  },
  insight: (insight, value) => value === 'ALL' || kindOf(insight['query']) === (KINDS[value] ?? value),
  created_date_from: (insight, value) => Date.parse(String(insight['created_at'])) >= Date.parse(value),
  created_date_to: (insight, value) => Date.parse(String(insight['created_at'])) <= Date.parse(value),
}

/** Filters insights by the query parameters of a list. */
function filterInsights(call: Call, insights: readonly StoredRecord[]): readonly StoredRecord[] {
  const conditions = Object.entries(FILTERS).flatMap(([name, filter]) => {
    const value = call.url.searchParams.get(name)
    return value === null || value === '' ? [] : [{ filter, value }]
  })
  return insights.filter((insight) => conditions.every(({ filter, value }) => filter(insight, value, call)))
}

function isTrue(value: string): boolean {
  return ['true', '1'].includes(value.toLowerCase())
}

/** Parses a JSON list or comma-separated values. */
function listOf(value: string): string[] {
  try {
    const parsed: unknown = JSON.parse(value)
    return (Array.isArray(parsed) ? parsed : [parsed]).map(String)
  } catch {
    return value.split(',').map((item) => item.trim())
  }
}

function kindOf(query: unknown): unknown {
  const source = member(query, 'source')
  return source === undefined ? member(query, 'kind') : kindOf(source)
}
