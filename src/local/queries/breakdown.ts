import { isObject } from '../../shared/is-object.ts'
import { member } from '../http/json.ts'

/** A property that breaks an insight down into series. */
export interface Breakdown {
  readonly property: string
  /** `event`, `person`, `session`, `group`, `hogql`, `cohort`, … */
  readonly type: string
  readonly group?: unknown
  /** Number of bins of a numeric property. */
  readonly bins?: number
  /** Whether to drop `/`, `?` and `#` from the end of URLs. */
  readonly normalizesUrl?: boolean
}

/** Breakdown value of the series that combines all values beyond the limit. */
export const OTHER = '$$_posthog_breakdown_other_$$'
/** Breakdown value of events without the property. */
export const NONE = '$$_posthog_breakdown_null_$$'

/** Default number of breakdown values. */
const DEFAULT_LIMIT = 25

/** The breakdowns of a query, in order. Breakdowns by cohort are in `cohortBreakdown`. */
export function breakdownsIn(query: Readonly<Record<string, unknown>>): Breakdown[] {
  const filter = query['breakdownFilter']
  const several = member(filter, 'breakdowns')
  if (Array.isArray(several) && several.length > 0) {
    return several.filter(isObject).map((breakdown) => ({
      property: String(breakdown['property']),
      type: String(breakdown['type'] ?? 'event'),
      group: breakdown['group_type_index'],
      normalizesUrl: breakdown['normalize_url'] === true,
      ...binsOf(breakdown['histogram_bin_count']),
    }))
  }
  const type = String(member(filter, 'breakdown_type') ?? 'event')
  const breakdown = member(filter, 'breakdown')
  if (breakdown === undefined || breakdown === null || type === 'cohort') return []
  return (Array.isArray(breakdown) ? breakdown : [breakdown]).map((property) => ({
    property: String(property),
    type,
    group: member(filter, 'breakdown_group_type_index'),
    normalizesUrl: member(filter, 'breakdown_normalize_url') === true,
    ...binsOf(member(filter, 'breakdown_histogram_bin_count')),
  }))
}

/** The cohorts that break a query down: ids, and `all` for everyone. */
export function cohortBreakdown(query: Readonly<Record<string, unknown>>): unknown[] {
  const filter = query['breakdownFilter']
  if (member(filter, 'breakdown_type') !== 'cohort') return []
  const breakdown = member(filter, 'breakdown')
  if (breakdown === undefined || breakdown === null) return []
  return Array.isArray(breakdown) ? breakdown : [breakdown]
}

/** Whether breakdown values are lists: with `breakdowns` instead of `breakdown`. */
export function hasBreakdownList(query: Readonly<Record<string, unknown>>): boolean {
  const filter = query['breakdownFilter']
  const breakdowns = member(filter, 'breakdowns')
  return (Array.isArray(breakdowns) && breakdowns.length > 0) || Array.isArray(member(filter, 'breakdown'))
}

/** Number of breakdown values that get a series of their own. */
export function breakdownLimit(
  query: Readonly<Record<string, unknown>>,
  fallback: number = DEFAULT_LIMIT,
): number {
  const limit = member(query['breakdownFilter'], 'breakdown_limit')
  return typeof limit === 'number' && limit > 0 ? limit : fallback
}

function binsOf(count: unknown): { bins?: number } {
  return typeof count === 'number' && count > 0 ? { bins: Math.floor(count) } : {}
}
