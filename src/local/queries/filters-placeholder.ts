import { HogqlError } from '../../hogql/hogql-error.ts'
import { isObject } from '../../shared/is-object.ts'
import type { Expansion } from '../hogql/compile/context.ts'
import { member } from '../http/json.ts'
import type { FilterContext } from './filter-context.ts'
import { allOf, createHogqlValues } from './hogql-values.ts'
import { propertyHogql } from './property-hogql.ts'
import { relativeTime } from './relative-date.ts'

/** The column with the time of a row, by table. */
const TIMES: Readonly<Record<string, string>> = {
  events: 'timestamp',
  sessions: '$start_timestamp',
  groups: 'created_at',
  persons: 'created_at',
}

/**
 * What `{filters}`, `{filters.dateRange.from}` and `{filters.dateRange.to}` stand for. Undefined for any other name.
 *
 * @param filters The `filters` of the query: `properties`, `dateRange` and `filterTestAccounts`.
 * @param tables Names of the tables that the SELECT around the placeholder reads.
 * @throws HogqlError when the SELECT reads no table that has filters.
 * @see PostHog/posthog posthog/hogql/filters.py
 */
export function filtersPlaceholder(
  path: readonly string[],
  filters: unknown,
  context: FilterContext,
  tables: readonly string[],
): Expansion | undefined {
  const [first, second, third] = path
  if (first !== 'filters') return undefined
  if (second === 'dateRange' && (third === 'from' || third === 'to') && path.length === 3) {
    return { kind: 'value', value: timeOf(filters, `date_${third}`, context) ?? null }
  }
  if (second !== undefined) return undefined
  const table = tables.find((name) => Object.hasOwn(TIMES, name))
  if (table === undefined) {
    throw new HogqlError(
      "Cannot use 'filters' placeholder in a SELECT clause that does not select from the events, sessions, logs, " +
        'traces, groups or persons table.',
    )
  }
  return filtersCondition(filters, context, table)
}

function filtersCondition(filters: unknown, context: FilterContext, table: string): Expansion {
  const values = createHogqlValues('filter')
  const inner = { ...context, values }
  const conditions: string[] = []
  const scope = table === 'persons' ? 'person' : 'event'
  if (isObject(filters)) {
    if (filters['properties'] !== undefined && filters['properties'] !== null) {
      conditions.push(propertyHogql(filters['properties'], inner, scope))
    }
    const column = TIMES[table] ?? 'timestamp'
    const [to, from] = [timeOf(filters, 'date_to', context), timeOf(filters, 'date_from', context)]
    if (to !== undefined) conditions.push(`${column} < toDateTime(${values.add(to)})`)
    if (from !== undefined) conditions.push(`${column} >= toDateTime(${values.add(from)})`)
    if (filters['filterTestAccounts'] === true) {
      conditions.push(propertyHogql(context.project.testAccountFilters, inner, scope))
    }
  }
  const text = conditions.length === 0 ? 'true' : allOf(conditions)
  return { kind: 'hogql', text, values: values.values }
}

function timeOf(filters: unknown, name: 'date_from' | 'date_to', context: FilterContext): string | undefined {
  const date = member(member(filters, 'dateRange'), name)
  if (typeof date !== 'string' || date === '' || date === 'all') return undefined
  return relativeTime(date, context.now, context.project.timezone) ?? date
}
