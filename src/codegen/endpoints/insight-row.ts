import { isObject } from '../../shared/is-object.ts'
import type { JsonObject } from './document-reader.ts'

/** The row of an insight endpoint: a type that `typehog` exports, or an array of it. */
export interface InsightRow {
  readonly type: string
  readonly isArray: boolean
}

/** Row types by the kind of the saved query. A funnel has several. */
const rowTypes: ReadonlyMap<string, string> = new Map([
  ['LifecycleQuery', 'LifecycleRow'],
  ['PathsQuery', 'PathsRow'],
  ['RetentionQuery', 'RetentionRow'],
  ['StickinessQuery', 'StickinessRow'],
  ['TrendsQuery', 'TrendsRow'],
])

/**
 * Returns the row type of an endpoint with the query of an insight. Undefined for kinds without a stable type.
 *
 * @example insightRow('FunnelsQuery', { funnelsFilter: { funnelVizType: 'trends' } }) // FunnelTrendsRow
 */
export function insightRow(kind: string, query: JsonObject): InsightRow | undefined {
  if (kind === 'FunnelsQuery') return funnelRow(query)
  const type = rowTypes.get(kind)
  return type === undefined ? undefined : { type, isArray: false }
}

/**
 * The form of a funnel depends on its visualization. With a breakdown, each row has the steps of one value.
 * Source: PostHog/posthog posthog/hogql_queries/insights/funnels
 */
function funnelRow(query: JsonObject): InsightRow | undefined {
  const visualization = memberOf(query['funnelsFilter'], 'funnelVizType') ?? 'steps'
  if (visualization === 'trends') return { type: 'FunnelTrendsRow', isArray: false }
  if (visualization === 'time_to_convert') return { type: 'FunnelTimeToConvert', isArray: false }
  if (visualization !== 'steps') return undefined
  return { type: 'FunnelsRow', isArray: hasBreakdown(query['breakdownFilter']) }
}

function hasBreakdown(filter: unknown): boolean {
  const breakdowns = memberOf(filter, 'breakdowns')
  if (Array.isArray(breakdowns) && breakdowns.length > 0) return true
  return (memberOf(filter, 'breakdown') ?? null) !== null
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}
