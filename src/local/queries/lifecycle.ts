import { invalid, notImplemented } from '../http/api-error.ts'
import { rangeBetween } from './date-range.ts'
import { allOf } from './hogql-values.ts'
import { addSteps, readInterval, stepDay, stepHogql, stepLabel } from './interval.ts'
import {
  type QueryContext,
  queryRange,
  rangeFilters,
  refuseOptions,
  rowsOf,
  samplingFactor,
  scaleSample,
  seriesOf,
} from './query-context.ts'
import type { QueryResult } from './query-run.ts'
import { type Series, seriesHogql, seriesName } from './series.ts'
import { toWall } from './zoned-time.ts'

const STATUSES = ['new', 'returning', 'resurrecting', 'dormant'] as const
type Status = (typeof STATUSES)[number]

/**
 * Computes a LifecycleQuery. It classifies the persons of each step: new (created in it), returning (also active in the
 * step before), resurrecting (active again after a gap), dormant (active in the step before, not in this one; negative).
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/lifecycle_query_runner.py
 */
export async function computeLifecycle(context: QueryContext): Promise<QueryResult> {
  const { query, project, values } = context
  refuseOptions(query, ['customAggregationTarget'])
  if (typeof query['aggregation_group_type_index'] === 'number')
    throw notImplemented('a LifecycleQuery of groups')
  const [series, ...others] = seriesOf(query)
  if (series === undefined || others.length > 0) throw invalid('query', 'A lifecycle has exactly one series')
  const interval = readInterval(query['interval'])
  const range = queryRange(context, interval)
  // The step before the first one decides who is returning in it.
  const first = range.steps[0] ?? toWall(range.from, project.timezone)
  const before = addSteps(first, interval, -1)
  const { from } = rangeBetween(before, first, interval, project)
  const where = allOf([...rangeFilters(context, { from, to: range.to }), seriesHogql(series, context)])
  const active = `SELECT person_id, min(person.created_at) AS created, groupUniqArray(${stepHogql(interval, 'timestamp', project, values)}) AS steps FROM events WHERE ${where} GROUP BY person_id`
  const created = stepHogql(interval, 'created', project, values)
  // Persons with the same history count together, which keeps the result small.
  const sql = `SELECT ${created} AS born, arraySort(steps) AS history, count() FROM (${active}) GROUP BY born, history LIMIT 50000`
  const counts = countStatuses(
    await rowsOf(context, sql),
    [before, ...range.steps].map((step) => stepDay(step, interval)),
  )
  const results = STATUSES.map((status) => {
    const data = (counts.get(status) ?? []).map((value) => scaleSample(value, samplingFactor(query)))
    return lifecycleSeries(series, seriesName(series, context), status, range.steps, interval, data)
  })
  return { results }
}

/** Numbers of persons by status and step. `days` starts with the step before the first one. */
function countStatuses(
  rows: readonly (readonly unknown[])[],
  days: readonly string[],
): Map<Status, number[]> {
  const counts = new Map<Status, number[]>(STATUSES.map((status) => [status, days.slice(1).map(() => 0)]))
  for (const [born, history, persons] of rows) {
    const active = new Set(Array.isArray(history) ? history : [])
    days.slice(1).forEach((day, index) => {
      const wasActive = active.has(days[index])
      const status = active.has(day)
        ? day === born
          ? 'new'
          : wasActive
            ? 'returning'
            : 'resurrecting'
        : 'dormant'
      const numbers = counts.get(status)
      if (numbers === undefined || (status === 'dormant' && !wasActive)) return
      numbers[index] = (numbers[index] ?? 0) + (status === 'dormant' ? -1 : 1) * Number(persons)
    })
  }
  return counts
}

function lifecycleSeries(
  series: Series,
  name: string | null,
  status: Status,
  steps: readonly Date[],
  interval: Parameters<typeof stepDay>[1],
  data: readonly number[],
): Record<string, unknown> {
  const label = name ?? 'All events'
  return {
    action: {
      id: name,
      name: label,
      type: 'events',
      order: 0,
      custom_name: series['custom_name'] ?? null,
      math: series['math'] ?? null,
    },
    label: `${label} - ${status}`,
    status,
    count: data.reduce((sum, value) => sum + value, 0),
    data,
    labels: steps.map((step) => stepLabel(step, interval)),
    days: steps.map((step) => stepDay(step, interval)),
  }
}
