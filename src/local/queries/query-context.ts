import { isObject } from '../../shared/is-object.ts'
import { invalid, notImplemented } from '../http/api-error.ts'
import { member } from '../http/json.ts'
import { type HogqlResult, runHogql } from '../resources/query/run-hogql.ts'
import type { ServerState } from '../server-state.ts'
import { breakdownsIn } from './breakdown.ts'
import { breakdownField } from './breakdown-hogql.ts'
import { type DateRange, dateRange, inRangeHogql, type RequestedDates, requestedDates } from './date-range.ts'
import { type FilterContext, readFilterContext } from './filter-context.ts'
import type { Interval } from './interval.ts'
import { propertyHogql } from './property-hogql.ts'
import type { QueryRun } from './query-run.ts'

/** A query while it is computed. */
export interface QueryContext extends FilterContext {
  readonly state: ServerState
  readonly run: QueryRun
  readonly query: QueryRun['query']
  /** Time of the first event, for date ranges of `all`. */
  readonly earliest: Date
}

/** Starts the computation of a query. */
export async function createQueryContext(state: ServerState, run: QueryRun): Promise<QueryContext> {
  const filters = await readFilterContext(state, [run.query, run.filtersOverride])
  const context = { ...filters, state, run, query: run.query, earliest: filters.now }
  const { date_from } = requestedDates(run.query, callerDates(run))
  if (date_from !== 'all') return context
  const [row] = await rowsOf(context, 'SELECT toUnixTimestamp(min(timestamp)), count() FROM events LIMIT 1')
  const [seconds, count] = (row ?? []).map(Number)
  return count === 0 ? context : { ...context, earliest: new Date((seconds ?? 0) * 1_000) }
}

/** Runs HogQL with the values of the query. */
export async function runSql({ state, run, query, values }: QueryContext, sql: string): Promise<HogqlResult> {
  const source = run.tablePrefix === undefined ? {} : { tablePrefix: run.tablePrefix }
  const modifiers = isObject(query['modifiers']) ? { modifiers: query['modifiers'] } : {}
  return runHogql(state, { sql, values: values.values, ...source, ...modifiers })
}

/** Runs HogQL and returns its rows. @throws ApiError 501 when there are more than the LIMIT of the query. */
export async function rowsOf(context: QueryContext, sql: string): Promise<unknown[][]> {
  const { rows, hasMore } = await runSql(context, sql)
  if (hasMore) throw notImplemented(`a ${context.query.kind} over more than ${rows.length} persons or values`)
  return rows
}

/** The caller's dates. `filters_override` takes precedence over variables. */
export function callerDates({ filtersOverride, variables }: QueryRun): RequestedDates {
  const date = (name: string): unknown => filtersOverride?.[name] ?? variables[name] ?? undefined
  return { date_from: date('date_from'), date_to: date('date_to') }
}

/** The date range of the query. */
export function queryRange(context: QueryContext, interval: Interval): DateRange {
  return dateRange(requestedDates(context.query, callerDates(context.run)), interval, context)
}

/**
 * HogQL conditions of the whole query: its filters, those of test accounts, sampling, and the caller's filters and
 * breakdown values.
 */
export function queryFilters(context: QueryContext): string[] {
  const { query, run, project, values } = context
  const conditions = [propertyHogql(query['properties'], context)]
  if (query['filterTestAccounts'] === true)
    conditions.push(propertyHogql(project.testAccountFilters, context))
  if (run.filtersOverride?.['properties'] !== undefined) {
    conditions.push(propertyHogql(run.filtersOverride['properties'], context))
  }
  const factor = samplingFactor(query)
  // PostHog samples the persons with the lowest hashes of their distinct ids.
  if (factor < 1) conditions.push(`cityHash64(distinct_id) / 18446744073709551616 < ${values.add(factor)}`)
  for (const breakdown of breakdownsIn(query)) {
    const value = run.variables[breakdown.property]
    if (value === undefined || value === null) continue
    const field = breakdownField(breakdown)
    // An empty value selects the events without the property.
    conditions.push(
      value === '' ? `isNull(${field})` : `ifNull(toString(${field}) = ${values.add(String(value))}, 0)`,
    )
  }
  return conditions.filter((condition) => condition !== '1 = 1')
}

/** HogQL conditions of the date range and the whole query. */
export function rangeFilters(context: QueryContext, range: Pick<DateRange, 'from' | 'to'>): string[] {
  return [inRangeHogql(range, context.values), ...queryFilters(context)]
}

/** The part of events that the query reads, above 0 and at most 1. */
export function samplingFactor(query: Readonly<Record<string, unknown>>): number {
  const factor = query['samplingFactor']
  return typeof factor === 'number' && factor > 0 && factor < 1 ? factor : 1
}

/** Maths whose result does not grow with the number of events. */
const UNSCALED = ['avg', 'min', 'max', 'median', 'p75', 'p90', 'p95', 'p99']

/** Scales a number of a sample of events to all events. `sum` and counts grow; averages and quantiles stay. */
export function scaleSample(value: number, factor: number, math?: unknown): number {
  if (factor === 1 || UNSCALED.includes(String(math))) return value
  return Math.round(value / factor)
}

/** The series of a query. @throws ApiError 400 when it is not a list of objects. */
export function seriesOf(query: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  const series = query['series']
  if (!Array.isArray(series) || !series.every(isObject)) {
    throw invalid('query', `Expected series of ${String(query['kind'])} to be a list of nodes.`)
  }
  return series
}

/** @throws ApiError 501 for the first option of the query that has a value. `null`, `false` and empty lists count as absent. */
export function refuseOptions(
  query: Readonly<Record<string, unknown>>,
  names: readonly string[],
  part?: string,
): void {
  const source = part === undefined ? query : member(query, part)
  const used = names.find((name) => {
    const value = member(source, name)
    return (
      value !== undefined &&
      value !== null &&
      value !== false &&
      !(Array.isArray(value) && value.length === 0)
    )
  })
  if (used !== undefined) throw notImplemented(`\`${used}\` of ${String(query['kind'])}`)
}

/** The HogQL field of the actors that a query counts: persons, or groups of a type. */
export function actorField(query: Readonly<Record<string, unknown>>): string {
  const index = query['aggregation_group_type_index']
  return typeof index === 'number' ? `nullIf($group_${index}, '')` : 'person_id'
}
