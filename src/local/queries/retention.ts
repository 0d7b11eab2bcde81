import { invalid, notImplemented } from '../http/api-error.ts'
import { member } from '../http/json.ts'
import { type Breakdown, breakdownLimit, breakdownsIn, cohortBreakdown, OTHER } from './breakdown.ts'
import { dateRange, requestedDates } from './date-range.ts'
import { addSteps, readInterval, startOf, stepDay } from './interval.ts'
import { callerDates, type QueryContext, rowsOf, samplingFactor, scaleSample } from './query-context.ts'
import type { QueryResult } from './query-run.ts'
import { activitySql, type RetentionRange } from './retention-sql.ts'
import { isoWithOffset, toInstant, toWall } from './zoned-time.ts'

const DEFAULT_INTERVALS = 7

/** The activity of one actor: the numbers of its intervals, from 0. */
export interface ActorActivity {
  readonly starts: readonly number[]
  readonly returns: readonly number[]
}

/**
 * Computes a RetentionQuery: for each interval, the actors who start in it and the intervals in which they return.
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/retention/retention_query_runner.py
 */
export async function computeRetention(context: QueryContext): Promise<QueryResult> {
  const { query } = context
  const filter = query['retentionFilter']
  if (member(filter, 'timeWindowMode') === '24_hour_windows')
    throw notImplemented('24-hour windows of RetentionQuery')
  const aggregation = member(filter, 'aggregationType') ?? 'count'
  if (aggregation !== 'count')
    throw notImplemented(`the aggregationType ${String(aggregation)} of RetentionQuery`)
  const range = retentionRange(context)
  const cohorts = cohortBreakdown(query)
  const [breakdown] = breakdownsIn(query)
  if (cohorts.length === 0 && breakdown === undefined) {
    const table = await retentionTable(context, range, undefined, undefined)
    return { results: rowsOfTable(context, range, table.get('') ?? emptyTable(range), null) }
  }
  if (breakdown?.bins !== undefined) throw notImplemented('bins of a RetentionQuery')
  const tables = new Map<string, number[][]>()
  for (const cohort of cohorts.length === 0 ? [undefined] : cohorts) {
    const found = await retentionTable(context, range, breakdown, cohort)
    for (const [value, table] of found) tables.set(value, table)
  }
  return { results: limitTables(context, range, tables) }
}

function retentionRange(context: QueryContext): RetentionRange {
  const { query, project, run } = context
  const filter = query['retentionFilter']
  const interval = readInterval(String(member(filter, 'period') ?? 'Day').toLowerCase())
  const count = Number(member(filter, 'totalIntervals') ?? DEFAULT_INTERVALS)
  const custom = member(filter, 'retentionCustomBrackets')
  const brackets =
    Array.isArray(custom) && custom.length > 0
      ? custom.map(Number)
      : Array.from({ length: count - 1 }, () => 1)
  const dates = requestedDates(query, callerDates(run))
  const resolved = dateRange(dates, interval, context)
  const start = (wall: Date): Date => startOf(wall, interval, project.startsWeekOnMonday)
  const end = start(addSteps(toWall(resolved.to, project.timezone), interval))
  const hasFrom = dates.date_from !== undefined && dates.date_from !== null && dates.date_from !== ''
  const first = hasFrom
    ? start(toWall(resolved.from, project.timezone))
    : start(addSteps(end, interval, -count))
  const steps: Date[] = []
  for (let at = first; at < end; at = addSteps(at, interval)) steps.push(at)
  if (steps.length > 1_000) throw invalid('date_from', 'The date range has too many intervals')
  const { timezone } = project
  return { interval, steps, from: toInstant(first, timezone), to: toInstant(end, timezone), brackets }
}

/** Numbers of actors by start interval and column, for each breakdown value. */
async function retentionTable(
  context: QueryContext,
  range: RetentionRange,
  breakdown: Breakdown | undefined,
  cohort: unknown,
): Promise<Map<string, number[][]>> {
  const filter = context.query['retentionFilter']
  const isFirstTime = String(member(filter, 'retentionType') ?? '').startsWith('retention_first')
  const position = new Map(range.steps.map((step, index) => [stepDay(step, range.interval), index]))
  const minimum = Number(member(filter, 'minimumOccurrences') ?? 1)
  const tables = new Map<string, number[][]>()
  for (const [value, starts, returns, first, actors] of await rowsOf(
    context,
    activitySql(context, range, breakdown, cohort),
  )) {
    const key = String(value)
    const table = tables.get(key) ?? emptyTable(range)
    tables.set(key, table)
    const activity = {
      starts: intervalsOf(starts, position, 1),
      returns: intervalsOf(returns, position, minimum),
    }
    // A first time counts only when it is the first of all time.
    const isLate = isFirstTime && position.get(String(first)) !== activity.starts[0]
    if (isLate || activity.starts.length === 0) continue
    const considered = isFirstTime ? { ...activity, starts: activity.starts.slice(0, 1) } : activity
    addActivity(table, considered, range.brackets, member(filter, 'cumulative') === true, Number(actors))
  }
  return tables
}

/** Adds the activity of `actors` equal actors to a table. */
export function addActivity(
  table: readonly number[][],
  { starts, returns }: ActorActivity,
  brackets: readonly number[],
  isCumulative: boolean,
  actors: number,
): void {
  for (const start of starts) {
    const columns = new Set([0])
    let offset = 1
    brackets.forEach((size, index) => {
      if (returns.some((at) => at >= start + offset && at < start + offset + size)) columns.add(index + 1)
      offset += size
    })
    const last = Math.max(...columns)
    const reached = isCumulative ? Array.from({ length: last + 1 }, (_, column) => column) : [...columns]
    const row = table[start]
    for (const column of reached) if (row !== undefined) row[column] = (row[column] ?? 0) + actors
  }
}

function intervalsOf(cells: unknown, position: ReadonlyMap<string, number>, minimum: number): number[] {
  const counts = new Map<number, number>()
  for (const cell of Array.isArray(cells) ? cells : []) {
    const at = position.get(String(cell))
    if (at !== undefined) counts.set(at, (counts.get(at) ?? 0) + 1)
  }
  return [...counts]
    .filter(([, count]) => count >= minimum)
    .map(([at]) => at)
    .sort((a, b) => a - b)
}

function emptyTable({ steps, brackets }: RetentionRange): number[][] {
  return steps.map(() => [0, ...brackets.map(() => 0)])
}

/** The rows of all breakdown values, largest first, with those beyond the limit combined. */
function limitTables(
  context: QueryContext,
  range: RetentionRange,
  tables: ReadonlyMap<string, number[][]>,
): unknown[] {
  const size = (table: readonly number[][]): number => table.reduce((sum, row) => sum + (row[0] ?? 0), 0)
  const sorted = [...tables].sort(([a, left], [b, right]) => size(right) - size(left) || (a < b ? -1 : 1))
  const limit = breakdownLimit(context.query)
  const rest = sorted.slice(limit).map(([, table]) => table)
  const other = rest.reduce<number[][]>(
    (sum, table) =>
      sum.map((row, start) => row.map((value, column) => value + (table[start]?.[column] ?? 0))),
    emptyTable(range),
  )
  const shown = rest.length === 0 ? sorted : [...sorted.slice(0, limit), [OTHER, other] as const]
  return shown.flatMap(([value, table]) => rowsOfTable(context, range, table, value))
}

function rowsOfTable(
  { query, project }: QueryContext,
  { steps, interval, brackets }: RetentionRange,
  table: readonly number[][],
  breakdown_value: string | null,
): unknown[] {
  const unit = `${interval.charAt(0).toUpperCase()}${interval.slice(1)}`
  let next = 1
  const labels = [
    `${unit} 0`,
    ...brackets.map((size) => {
      const [from, to] = [next, next + size - 1]
      next += size
      return from === to ? `${unit} ${from}` : `${unit} ${from}-${to}`
    }),
  ]
  return steps.map((step, start) => ({
    values: labels.map((label, column) => ({
      count: scaleSample(table[start]?.[column] ?? 0, samplingFactor(query)),
      label,
    })),
    label: `${unit} ${start}`,
    date: isoWithOffset(step, project.timezone),
    breakdown_value,
  }))
}
