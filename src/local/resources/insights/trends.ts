import { isObject } from '../../../shared/is-object.ts'
import { createQueryParameters } from '../../engine/sql-values.ts'
import { invalid } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import { propertyText } from '../properties/property-conditions.ts'
import { type InsightRange, insightRange, stepDay, stepExpression, stepLabel } from './date-range.ts'
import {
  commonConditions,
  datesOf,
  eventsTable,
  type InsightRun,
  rejectUnsupported,
  seriesConditions,
} from './insight-run.ts'

// Maximum number of breakdown values. The others are combined into "Other".
const BREAKDOWN_LIMIT = 25
const AGGREGATIONS: Readonly<Record<string, string>> = { total: 'count()', dau: 'uniq(person_id)' }

type BreakdownValue = string | null
/** Counts by step for one combination of breakdown values. */
interface Group {
  readonly values: readonly BreakdownValue[]
  readonly byDay: ReadonlyMap<string, number>
}

/** Counts events by step. The result has one series per event and combination of breakdown values. */
export async function computeTrends(state: ServerState, run: InsightRun): Promise<unknown[]> {
  rejectUnsupported(run.query, ['samplingFactor', 'aggregation_group_type_index', 'filterTestAccounts'])
  const filter = run.query['trendsFilter']
  for (const part of ['formula', 'formulas', 'formulaNodes', 'smoothingIntervals']) {
    const value = member(filter, part)
    const isDefault =
      value === undefined || value === null || value === 1 || (Array.isArray(value) && value.length === 0)
    if (!isDefault) throw invalid('query', `The local PostHog does not support ${part} of TrendsQuery`)
  }
  if (member(run.query['compareFilter'], 'compare') === true) {
    throw invalid('query', 'The local PostHog does not support comparisons with an earlier period')
  }
  const range = insightRange(run.query, datesOf(run), state.now())
  const series = Array.isArray(run.query['series']) ? run.query['series'] : []
  const results: unknown[] = []
  for (const [order, node] of series.entries()) {
    const groups = await groupsOf(state, run, range, node)
    // Without matches, a materialized table gives no series; an inline run gives a series of zeros.
    const isEmptyTable = run.tablePrefix !== undefined && groups.every((group) => total(group) === 0)
    const visible = isEmptyTable ? [] : mergeIntoOther(groups)
    results.push(...visible.map((group) => toSeries(run, range, node, order, group)))
  }
  return results
}

async function groupsOf(
  state: ServerState,
  run: InsightRun,
  range: InsightRange,
  node: unknown,
): Promise<Group[]> {
  const math = String(member(node, 'math') ?? 'total')
  const count = AGGREGATIONS[math]
  if (count === undefined)
    throw invalid('query', `The local PostHog does not support the aggregation ${math}`)
  const parameters = createQueryParameters()
  const where = [...commonConditions(run, range, parameters), ...seriesConditions(node, parameters)].join(
    ' AND ',
  )
  const keys = run.breakdowns.map(
    ({ property, type }, index) => `nullIf(${propertyText(property, type)}, '') AS b${index}`,
  )
  const names = ['step', ...run.breakdowns.map((_, index) => `b${index}`)].join(', ')
  const columns = [
    `toString(${stepExpression(range.interval, 'timestamp')}) AS step`,
    ...keys,
    `${count} AS value`,
  ]
  const sql = `SELECT ${columns.join(', ')} FROM ${eventsTable(state, run)} WHERE ${where} GROUP BY ${names}`
  const { rows } = await state.engine.query(sql, parameters.values)
  const groups = new Map<string, { values: BreakdownValue[]; byDay: Map<string, number> }>()
  if (run.breakdowns.length === 0) groups.set('[]', { values: [], byDay: new Map() })
  for (const row of rows) {
    const values = row.slice(1, -1).map((value) => (typeof value === 'string' ? value : null))
    const key = JSON.stringify(values)
    const group = groups.get(key) ?? { values, byDay: new Map<string, number>() }
    group.byDay.set(String(row[0]).slice(0, range.interval === 'hour' ? 19 : 10), Number(row.at(-1)))
    groups.set(key, group)
  }
  return [...groups.values()].sort((a, b) => total(b) - total(a) || compareValues(a, b))
}

function mergeIntoOther(groups: readonly Group[]): Group[] {
  const rest = groups.slice(BREAKDOWN_LIMIT)
  if (rest.length === 0) return [...groups]
  const byDay = new Map<string, number>()
  for (const group of rest) {
    for (const [day, value] of group.byDay) byDay.set(day, (byDay.get(day) ?? 0) + value)
  }
  return [...groups.slice(0, BREAKDOWN_LIMIT), { values: groups[0]?.values.map(() => 'Other') ?? [], byDay }]
}

function toSeries(
  run: InsightRun,
  range: InsightRange,
  node: unknown,
  order: number,
  group: Group,
): Record<string, unknown> {
  const event = member(node, 'event') ?? null
  const name = String(member(node, 'custom_name') ?? member(node, 'name') ?? event ?? 'All events')
  const data = range.steps.map((step) => group.byDay.get(stepDay(step, range.interval)) ?? 0)
  const label = group.values.length === 0 ? name : group.values.map((value) => value ?? 'null').join('::')
  return {
    action: {
      ...(isObject(node) ? node : {}),
      id: event,
      type: 'events',
      order,
      name,
      custom_name: member(node, 'custom_name') ?? null,
      math: member(node, 'math') ?? null,
    },
    label,
    count: total(group),
    data,
    labels: range.steps.map((step) => stepLabel(step, range.interval)),
    days: range.steps.map((step) => stepDay(step, range.interval)),
    ...(run.breakdowns.length === 0
      ? {}
      : { breakdown_value: group.values.length === 1 ? group.values[0] : group.values }),
  }
}

function total(group: Group): number {
  return [...group.byDay.values()].reduce((sum, value) => sum + value, 0)
}

function compareValues(a: Group, b: Group): number {
  return JSON.stringify(a.values) < JSON.stringify(b.values) ? -1 : 1
}
