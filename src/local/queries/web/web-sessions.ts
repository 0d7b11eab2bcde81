import { notImplemented } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import { compareRange } from '../compare-range.ts'
import { type DateRange, inRangeHogql, requestedDates } from '../date-range.ts'
import { allOf, anyOf } from '../hogql-values.ts'
import { callerDates, type QueryContext, queryFilters, queryRange, refuseOptions } from '../query-context.ts'

/** The period of a web analytics query, and the one to compare with. */
export interface WebPeriods {
  readonly current: DateRange
  readonly previous: DateRange | undefined
}

/** The periods of a web analytics query. @throws ApiError 501 for options that are not computed. */
export function webPeriods(context: QueryContext): WebPeriods {
  const { query, run } = context
  refuseOptions(query, ['conversionGoal', 'includeRevenue'])
  refuseOptions(query, ['bounceRateDurationSeconds', 'bounceRatePageViewMode'], 'modifiers')
  if (member(query['sampling'], 'enabled') === true) throw notImplemented(`\`sampling\` of ${query.kind}`)
  const current = queryRange(context, 'day')
  const previous = compareRange(
    query['compareFilter'],
    current,
    requestedDates(query, callerDates(run)),
    context,
  )
  return { current, previous }
}

/** HogQL condition: the time is in a period. */
export function inPeriods(
  { current, previous }: WebPeriods,
  { values }: QueryContext,
  column: string,
): string {
  const periods = previous === undefined ? [current] : [current, previous]
  return anyOf(periods.map((period) => inRangeHogql(period, values, column)))
}

/** HogQL condition of the events that web analytics count: pages and screens in the periods, with the query's filters. */
export function viewsHogql(context: QueryContext, periods: WebPeriods): string {
  return allOf([
    `event = '$pageview' OR event = '$screen'`,
    `notEmpty($session_id)`,
    inPeriods(periods, context, 'timestamp'),
    ...queryFilters(context),
  ])
}

/** Fields of the table `sessions`, by the names that web analytics use. */
const SESSION_FIELDS: Readonly<Record<string, string>> = {
  start: '$start_timestamp',
  duration: '$session_duration',
  is_bounce: '$is_bounce',
  entry_pathname: '$entry_pathname',
  end_pathname: '$end_pathname',
  entry_referring_domain: '$entry_referring_domain',
  entry_referrer: '$entry_referrer',
  entry_utm_source: '$entry_utm_source',
  entry_utm_medium: '$entry_utm_medium',
  entry_utm_campaign: '$entry_utm_campaign',
  entry_utm_term: '$entry_utm_term',
  entry_utm_content: '$entry_utm_content',
}

/** HogQL of all sessions, one row each with `id` and the named fields. */
export function sessionsSql(fields: readonly string[]): string {
  const columns = fields.map((field) => `${SESSION_FIELDS[field]} AS ${field}`)
  return `SELECT session_id AS id, ${columns.join(', ')} FROM sessions`
}

/** A value of both periods: of sessions that start in the period. */
export function periodColumns(
  aggregate: (condition: string) => string,
  { current, previous }: WebPeriods,
  { values }: QueryContext,
): string[] {
  const value = (period: DateRange): string => aggregate(inRangeHogql(period, values, 'start'))
  return [value(current), previous === undefined ? 'NULL' : value(previous)]
}
