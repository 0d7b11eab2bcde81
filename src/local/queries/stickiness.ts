import { invalid } from '../http/api-error.ts'
import { member } from '../http/json.ts'
import { compareRange } from './compare-range.ts'
import { type DateRange, requestedDates } from './date-range.ts'
import { allOf } from './hogql-values.ts'
import { type Interval, readInterval, stepDay, stepHogql } from './interval.ts'
import { expressionHogql } from './property-hogql.ts'
import {
  callerDates,
  type QueryContext,
  queryRange,
  rangeFilters,
  rowsOf,
  samplingFactor,
  scaleSample,
  seriesOf,
} from './query-context.ts'
import type { QueryResult } from './query-run.ts'
import { type Series, seriesHogql, seriesName } from './series.ts'
import { seriesActor } from './trends/math.ts'

const OPERATORS: Readonly<Record<string, string>> = { gte: '>=', lte: '<=', exact: '=' }

/**
 * Computes a StickinessQuery: on how many intervals each actor was active.
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/stickiness_query_runner.py
 */
export async function computeStickiness(context: QueryContext): Promise<QueryResult> {
  const { query, run } = context
  const interval = readInterval(query['interval'])
  const range = queryRange(context, interval)
  const previous = compareRange(
    query['compareFilter'],
    range,
    requestedDates(query, callerDates(run)),
    context,
  )
  const periods: (readonly [DateRange, string | undefined])[] =
    previous === undefined
      ? [[range, undefined]]
      : [
          [range, 'current'],
          [previous, 'previous'],
        ]
  const results: unknown[] = []
  for (const [period, compareLabel] of periods) {
    for (const [order, series] of seriesOf(query).entries()) {
      const data = await activity(context, series, period)
      results.push(stickinessSeries(context, { series, order, data, interval, compareLabel }))
    }
  }
  return { results }
}

/** Number of actors by number of active intervals, from one interval. */
async function activity(context: QueryContext, series: Series, range: DateRange): Promise<number[]> {
  const { query, project, values } = context
  const size = Number(query['intervalCount'] ?? 1)
  const where = allOf([...rangeFilters(context, range), seriesHogql(series, context)])
  const math = series['math_hogql']
  const actor =
    series['math'] === 'hogql' && typeof math === 'string' ? expressionHogql(math) : seriesActor(series)
  const step = stepHogql(range.interval, 'timestamp', project, values)
  const counts = `SELECT ${actor} AS actor, ${step} AS step, count() AS events FROM events WHERE ${where} GROUP BY actor, step ${having(context)}`
  const sql = `SELECT steps, count() FROM (SELECT actor, arraySort(groupArray(step)) AS steps FROM (${counts}) WHERE isNotNull(actor) GROUP BY actor) GROUP BY steps LIMIT 50000`
  const last = range.steps.length - 1
  const position = new Map(range.steps.map((start, index) => [stepDay(start, range.interval), index]))
  const data = Array.from({ length: Math.ceil(range.steps.length / size) }, () => 0)
  for (const [steps, actors] of await rowsOf(context, sql)) {
    // Intervals of several steps count back from the last step.
    const active = new Set(
      (Array.isArray(steps) ? steps : []).map((text) =>
        Math.floor((last - (position.get(text) ?? last)) / size),
      ),
    )
    data[active.size - 1] = (data[active.size - 1] ?? 0) + Number(actors)
  }
  return data.map((value) => scaleSample(value, samplingFactor(query)))
}

function having({ query, values }: QueryContext): string {
  const criteria = member(query['stickinessFilter'], 'stickinessCriteria')
  if (criteria === undefined || criteria === null) return ''
  const operator = OPERATORS[String(member(criteria, 'operator'))]
  if (operator === undefined) {
    throw invalid(
      'stickinessCriteria',
      `Expected the operator to be one of ${Object.keys(OPERATORS).join(', ')}.`,
    )
  }
  return `HAVING count() ${operator} ${values.add(Number(member(criteria, 'value')))}`
}

interface StickinessPart {
  readonly series: Series
  readonly order: number
  readonly data: readonly number[]
  readonly interval: Interval
  readonly compareLabel: string | undefined
}

function stickinessSeries(context: QueryContext, part: StickinessPart): Record<string, unknown> {
  const { series, order, data, interval, compareLabel } = part
  const isCumulative = member(context.query['stickinessFilter'], 'computedAs') === 'cumulative'
  const name = seriesName(series, context)
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0)
  const days = data.map((_, index) => index + 1)
  return {
    count: sum(data),
    data: isCumulative ? data.map((_, index) => sum(data.slice(index))) : data,
    days,
    label: name ?? 'All events',
    labels: days.map((day) => `${day} ${interval}${day === 1 ? '' : 's'}${isCumulative ? ' or more' : ''}`),
    action: { order, type: 'events', name: name ?? 'All events', id: name },
    ...(compareLabel === undefined ? {} : { compare: true, compare_label: compareLabel }),
  }
}
