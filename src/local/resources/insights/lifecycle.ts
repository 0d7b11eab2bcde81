import { createQueryParameters } from '../../engine/sql-values.ts'
import { invalid } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import { insightRange, nextStep, startOf, stepDay, stepExpression, stepLabel } from './date-range.ts'
import {
  commonConditions,
  datesOf,
  eventsTable,
  type InsightRun,
  rejectUnsupported,
  seriesConditions,
} from './insight-run.ts'

const STATUSES = ['new', 'returning', 'resurrecting', 'dormant'] as const
type Status = (typeof STATUSES)[number]

/**
 * Classifies the persons of each step: new (first active step), returning (also active in the step before),
 * resurrecting (active again after a gap), dormant (active in the step before but not in this one; counted negatively).
 */
export async function computeLifecycle(state: ServerState, run: InsightRun): Promise<unknown[]> {
  rejectUnsupported(run.query, ['samplingFactor', 'aggregation_group_type_index', 'filterTestAccounts'])
  const series = Array.isArray(run.query['series']) ? run.query['series'] : []
  if (series.length !== 1) throw invalid('query', 'A lifecycle has exactly one series')
  const range = insightRange(run.query, datesOf(run), state.now())
  const { interval } = range
  // The step before the first one decides who is returning in it.
  const before = startOf(new Date(range.from.getTime() - 1), interval)
  const parameters = createQueryParameters()
  const where = [
    ...commonConditions(run, { ...range, from: before }, parameters),
    ...seriesConditions(series[0], parameters),
  ]
  const active = `SELECT DISTINCT person_id, person_created_at, ${stepExpression(interval, 'timestamp')} AS step
    FROM ${eventsTable(state, run)} WHERE ${where.join(' AND ')}`
  const sql = `SELECT toString(person_id), toString(${stepExpression(interval, 'person_created_at')}), arraySort(groupArray(toString(step)))
    FROM (${active}) GROUP BY person_id, person_created_at`
  const { rows } = await state.engine.query(sql, parameters.values)
  const length = interval === 'hour' ? 19 : 10
  const counts = new Map<Status, Map<string, number>>(STATUSES.map((status) => [status, new Map()]))
  const add = (status: Status, step: Date, amount: number): void => {
    const days = counts.get(status)
    const day = stepDay(step, interval)
    days?.set(day, (days.get(day) ?? 0) + amount)
  }
  for (const [, created, listed] of rows) {
    const steps = new Set((Array.isArray(listed) ? listed : []).map((step) => String(step).slice(0, length)))
    const born = String(created).slice(0, length)
    let previous = before
    for (const step of range.steps) {
      const wasActive = steps.has(stepDay(previous, interval))
      const day = stepDay(step, interval)
      if (steps.has(day)) add(day === born ? 'new' : wasActive ? 'returning' : 'resurrecting', step, 1)
      else if (wasActive) add('dormant', step, -1)
      previous = nextStep(previous, interval)
    }
  }
  return STATUSES.map((status) =>
    lifecycleSeries(series[0], status, range.steps, interval, counts.get(status)),
  )
}

function lifecycleSeries(
  node: unknown,
  status: Status,
  steps: readonly Date[],
  interval: Parameters<typeof stepDay>[1],
  counts: ReadonlyMap<string, number> | undefined,
): Record<string, unknown> {
  const event = member(node, 'event') ?? null
  const name = String(member(node, 'custom_name') ?? member(node, 'name') ?? event ?? 'All events')
  const data = steps.map((step) => counts?.get(stepDay(step, interval)) ?? 0)
  return {
    action: {
      id: event,
      name,
      type: 'events',
      order: 0,
      custom_name: member(node, 'custom_name') ?? null,
      math: null,
    },
    label: `${name} - ${status}`,
    status,
    count: data.reduce((sum, value) => sum + value, 0),
    data,
    labels: steps.map((step) => stepLabel(step, interval)),
    days: steps.map((step) => stepDay(step, interval)),
  }
}
