import { notImplemented } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import { compareRange } from '../compare-range.ts'
import { type DateRange, inRangeHogql, requestedDates } from '../date-range.ts'
import { allOf, anyOf } from '../hogql-values.ts'
import { callerDates, type QueryContext, queryFilters, queryRange, refuseOptions } from '../query-context.ts'

/** Duration from which a session with one page is no bounce, in seconds. */
const BOUNCE_SECONDS = 10

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

/** HogQL expressions of what a session began and ended with. */
export const SESSION_FIELDS: Readonly<Record<string, string>> = {
  start: 'min(timestamp)',
  duration: `dateDiff('second', min(timestamp), max(timestamp))`,
  is_bounce: bounceHogql(),
  entry_pathname: entryHogql('$pathname'),
  end_pathname: `nullIf(argMaxIf(toString(properties.$pathname), timestamp, ${isSet('$pathname')}), '')`,
  entry_referring_domain: entryHogql('$referring_domain'),
  entry_referrer: entryHogql('$referrer'),
  entry_utm_source: entryHogql('utm_source'),
  entry_utm_medium: entryHogql('utm_medium'),
  entry_utm_campaign: entryHogql('utm_campaign'),
  entry_utm_term: entryHogql('utm_term'),
  entry_utm_content: entryHogql('utm_content'),
}

/** HogQL of the sessions of all events, one row each with `id` and the named fields. */
export function sessionsSql(fields: readonly string[]): string {
  const columns = fields.map((field) => `${SESSION_FIELDS[field]} AS ${field}`)
  return `SELECT $session_id AS id, ${columns.join(', ')} FROM events WHERE notEmpty($session_id) GROUP BY $session_id`
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

function isSet(property: string): string {
  return `notEmpty(ifNull(toString(properties.${property}), ''))`
}

/** The first value of a property in a session. */
function entryHogql(property: string): string {
  return `nullIf(argMinIf(toString(properties.${property}), timestamp, ${isSet(property)}), '')`
}

/**
 * A session bounces with one page or screen, without a click, in less than 10 seconds. Without a page it has no value.
 *
 * @see PostHog/posthog posthog/hogql/database/schema/sessions_v2.py
 */
function bounceHogql(): string {
  const views = `countIf(event = '$pageview' OR event = '$screen')`
  const stays = `${views} > 1 OR countIf(event = '$autocapture') > 0 OR dateDiff('second', min(timestamp), max(timestamp)) >= ${BOUNCE_SECONDS}`
  return `if(${views} = 0, NULL, if(${stays}, 0, 1))`
}
