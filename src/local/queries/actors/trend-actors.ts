import { notImplemented } from '../../http/api-error.ts'
import { breakdownsIn, cohortBreakdown, NONE, OTHER } from '../breakdown.ts'
import { breakdownHogql } from '../breakdown-hogql.ts'
import { inCohortHogql, requireCohort } from '../cohort-hogql.ts'
import { compareRange } from '../compare-range.ts'
import { type DateRange, inRangeHogql, rangeBetween, requestedDates } from '../date-range.ts'
import { allOf } from '../hogql-values.ts'
import { addSteps, readInterval, startOf } from '../interval.ts'
import { callerDates, type QueryContext, queryFilters, queryRange, seriesOf } from '../query-context.ts'
import { parseAbsolute } from '../relative-date.ts'
import { seriesHogql } from '../series.ts'

/** Maths whose numbers are those of the events of a step, so that their persons are its actors. */
const MATHS = [
  'total',
  'dau',
  'unique_session',
  'sum',
  'avg',
  'min',
  'max',
  'median',
  'p75',
  'p90',
  'p95',
  'p99',
]

/**
 * HogQL of the persons behind a series of a trend, on one day or in the whole range.
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/trends/trends_actors_query_builder.py
 */
export function trendActors(source: Readonly<Record<string, unknown>>, context: QueryContext): string {
  const { query, values } = context
  const series = seriesOf(query)[Number(source['series'] ?? 0)]
  if (series === undefined) throw notImplemented('the actors of a series that does not exist')
  const math = String(series['math'] ?? 'total')
  if (!MATHS.includes(math)) throw notImplemented(`the actors of the math ${math}`)
  const conditions = [
    inRangeHogql(actorsRange(source, context), values),
    ...queryFilters(context),
    seriesHogql(series, context),
    ...breakdownConditions(source['breakdown'], context),
  ]
  return `SELECT DISTINCT person_id FROM events WHERE ${allOf(conditions)}`
}

function actorsRange(
  source: Readonly<Record<string, unknown>>,
  context: QueryContext,
): Pick<DateRange, 'from' | 'to'> {
  const { query, project, run } = context
  const interval = readInterval(query['interval'])
  const { day } = source
  const wall = typeof day === 'string' ? parseAbsolute(day, project.timezone)?.wall : undefined
  if (wall !== undefined) {
    const start = startOf(wall, interval, project.startsWeekOnMonday)
    const end = new Date(addSteps(start, interval).getTime() - 1)
    const step = rangeBetween(start, end, interval, project)
    const whole = queryRange(context, interval)
    // The first and the last step of a range may be cut.
    const isInside = source['compare'] !== 'previous'
    const later = isInside && whole.from > step.from ? whole.from : step.from
    return { from: later, to: isInside && whole.to < step.to ? whole.to : step.to }
  }
  const range = queryRange(context, interval)
  if (source['compare'] !== 'previous') return range
  return (
    compareRange(query['compareFilter'], range, requestedDates(query, callerDates(run)), context) ?? range
  )
}

function breakdownConditions(value: unknown, context: QueryContext): string[] {
  if (value === undefined || value === null) return []
  const { query, values } = context
  if (cohortBreakdown(query).length > 0) {
    return value === 'all' ? [] : [inCohortHogql(requireCohort(context, value), values, 'person_id')]
  }
  const chosen = Array.isArray(value) ? value : [value]
  return breakdownsIn(query).flatMap((breakdown, index) => {
    if (breakdown.bins !== undefined) throw notImplemented('the actors of a bin')
    const text = String(chosen[index] ?? NONE)
    // As in PostHog, the actors of the other values are all actors.
    return text === OTHER ? [] : [`${breakdownHogql(breakdown)} = ${values.add(text)}`]
  })
}
