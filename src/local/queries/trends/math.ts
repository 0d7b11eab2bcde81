import { invalid, notImplemented } from '../../http/api-error.ts'
import { expressionHogql, propertyField } from '../property-hogql.ts'
import type { Series } from '../series.ts'

/** Aggregates of a number. */
const AGGREGATES: Readonly<Record<string, string>> = {
  avg: 'avg',
  sum: 'sum',
  min: 'min',
  max: 'max',
  median: 'quantile(0.5)',
  p75: 'quantile(0.75)',
  p90: 'quantile(0.9)',
  p95: 'quantile(0.95)',
  p99: 'quantile(0.99)',
}

/** How a series turns events into numbers. */
export type SeriesMath =
  /** An aggregate of the events of a step. */
  | { readonly type: 'aggregate'; readonly hogql: string }
  /** An aggregate of the number of events per actor. */
  | { readonly type: 'perActor'; readonly aggregate: string }
  /** Distinct actors in the days up to each step. */
  | { readonly type: 'active'; readonly days: number }
  /** Actors whose first event is in the step. */
  | { readonly type: 'firstTime'; readonly matching: boolean }
  /** An aggregate of the durations of the sessions of a step. */
  | { readonly type: 'sessionDuration'; readonly aggregate: string }

/**
 * Reads the `math` of a series. Default: `total`.
 *
 * @throws ApiError 501 for a math that the local PostHog does not compute.
 * @see PostHog/posthog posthog/hogql_queries/insights/trends/aggregation_operations.py
 */
export function seriesMath(series: Series, actor: string): SeriesMath {
  const math = String(series['math'] ?? 'total')
  const perActor = /^(\w+)_count_per_actor$/.exec(math)?.[1]
  if (perActor !== undefined) {
    const aggregate = AGGREGATES[perActor]
    if (aggregate === undefined) throw notImplemented(`the math ${math}`)
    return { type: 'perActor', aggregate }
  }
  switch (math) {
    case 'total':
      return { type: 'aggregate', hogql: 'count()' }
    case 'dau':
      return { type: 'aggregate', hogql: `count(DISTINCT ${actor})` }
    case 'unique_session':
      return { type: 'aggregate', hogql: 'count(DISTINCT $session_id)' }
    case 'unique_group':
      return { type: 'aggregate', hogql: `count(DISTINCT ${actor})` }
    case 'weekly_active':
      return { type: 'active', days: 7 }
    case 'monthly_active':
      return { type: 'active', days: 30 }
    case 'first_time_for_user':
    case 'first_matching_event_for_user':
      return { type: 'firstTime', matching: math === 'first_matching_event_for_user' }
    case 'hogql':
      return { type: 'aggregate', hogql: expressionHogql(String(series['math_hogql'] ?? 'count()')) }
    default:
      return propertyMath(series, math)
  }
}

/** HogQL field of the actors of a series: persons, or groups for a math of groups. */
export function seriesActor(series: Series): string {
  const index = series['math_group_type_index']
  return typeof index === 'number' ? `nullIf($group_${index}, '')` : 'person_id'
}

function propertyMath(series: Series, math: string): SeriesMath {
  const aggregate = AGGREGATES[math]
  if (aggregate === undefined) throw notImplemented(`the math ${math}`)
  const property = series['math_property']
  if (typeof property !== 'string' || property === '') {
    throw invalid('query', `Expected the math ${math} to have a math_property.`)
  }
  if (
    series['math_property_revenue_currency'] !== undefined &&
    series['math_property_revenue_currency'] !== null
  ) {
    throw notImplemented('currency conversion')
  }
  const type = String(series['math_property_type'] ?? 'event_properties')
  if (property === '$session_duration') return { type: 'sessionDuration', aggregate }
  if (type !== 'event_properties' && type !== 'person_properties') throw notImplemented(`math of ${type}`)
  const field = propertyField({ key: property, type: type === 'person_properties' ? 'person' : 'event' })
  const factor = series['math_multiplier']
  const times = typeof factor === 'number' ? ` * ${JSON.stringify(factor)}` : ''
  const number =
    property === '$time'
      ? `toUnixTimestamp(toDateTime(toString(${field})))`
      : `toFloat(toString(${field}))${times}`
  return { type: 'aggregate', hogql: `ifNull(${aggregate}(${number}), 0)` }
}
