import { placeholderName, walk } from '../../../hogql/inspect.ts'
import type { Compare, Expression, Query, Span } from '../../../hogql/parse/tree.ts'
import { parseQuery } from '../../hogql/compile.ts'
import { findFunction } from '../../hogql/functions/find-function.ts'
import { invalid } from '../../http/api-error.ts'

/**
 * Buckets of time, by the function that returns the start of one.
 *
 * @see PostHog/posthog products/endpoints/backend/materialization/range_buckets.py
 */
export const BUCKETS: Readonly<Record<string, string>> = {
  minute: 'toStartOfMinute',
  fifteen_minutes: 'toStartOfFifteenMinutes',
  hour: 'toStartOfHour',
  day: 'toStartOfDay',
  week: 'toStartOfWeek',
  month: 'toStartOfMonth',
}

const RANGE_OPERATORS = ['>=', '>', '<', '<=']

/** Aggregations that a materialized table stores per bucket, and the function that combines the stored values. */
const COMBINED_BY: Readonly<Record<string, string>> = { count: 'sum', sum: 'sum', min: 'min', max: 'max' }
/** @see PostHog/posthog products/endpoints/backend/materialization/aggregates.py */
const COMBINATORS = /(?:if|array|map|state|merge|foreach|ordefault|ornull|argmin|argmax)$/

/**
 * Validates bucket overrides: a bucket by dotted column name.
 *
 * @throws ApiError 400 for an unknown bucket.
 */
export function readBuckets(overrides: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(overrides).map(([column, bucket]) => {
      if (typeof bucket === 'string' && Object.hasOwn(BUCKETS, bucket)) return [column, bucket]
      const expected = Object.keys(BUCKETS).join(', ')
      throw invalid(null, `Invalid bucket '${String(bucket)}' for '${column}'. Must be one of: ${expected}`)
    }),
  )
}

/** A comparison of a column with a variable, such as `timestamp >= {variables.since}`. */
export interface RangeComparison {
  readonly variable: string
  /** Dotted name of the column. */
  readonly column: string
  readonly bucketFunction: string
  readonly columnSpan: Span
  readonly valueSpan: Span
}

export type BucketOverrides = Readonly<Record<string, string>> | null

/**
 * The comparisons whose column and value a materialized table rounds to buckets: ranges of plain columns. The default
 * bucket is a day; columns of `properties` have none.
 */
export function rangeComparisons(query: Query, overrides: BucketOverrides): RangeComparison[] {
  const found: RangeComparison[] = []
  walk(query, (node) => {
    if (node.node === 'CompareOperation' && RANGE_OPERATORS.includes(node.operator)) {
      found.push(...readComparison(node, overrides))
    }
  })
  return found
}

function readComparison({ left, right }: Compare, overrides: BucketOverrides): RangeComparison[] {
  const [field, value] = left.node === 'Field' ? [left, right] : [right, left]
  const variable = variableIn(value)
  if (field.node !== 'Field' || variable === undefined) return []
  const column = field.chain.join('.')
  const bucket = overrides?.[column] ?? (field.chain.includes('properties') ? undefined : 'day')
  const bucketFunction = bucket === undefined ? undefined : BUCKETS[bucket]
  if (bucketFunction === undefined) return []
  return [{ variable, column, bucketFunction, columnSpan: field, valueSpan: value }]
}

function variableIn(value: Expression): string | undefined {
  let name: string | undefined
  walk(value, (node) => {
    const path = node.node === 'Placeholder' ? placeholderName(node) : undefined
    if (path?.startsWith('variables.') === true) name ??= path.slice('variables.'.length)
  })
  return name
}

/** The SQL that a read of the table runs: ranges compare the starts of buckets. */
export function bucketedSql(sql: string, overrides: BucketOverrides): string {
  const edits = rangeComparisons(parseQuery(sql), overrides).flatMap(
    ({ bucketFunction, columnSpan, valueSpan }) => [
      { span: columnSpan, before: `${bucketFunction}(`, after: ')' },
      { span: valueSpan, before: `${bucketFunction}(toDateTime(`, after: '))' },
    ],
  )
  // From the end of the text, so that earlier positions stay valid.
  return edits
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((text, { span: { start, end }, before, after }) => {
      return text.slice(0, start) + before + text.slice(start, end) + after + text.slice(end)
    }, sql)
}

/** An aggregation among a query's columns. */
export interface CombinedAggregate {
  /** Alias of the column, or else its text. */
  readonly label: string
  readonly name: string
  /** The function that combines the values of several buckets. Undefined: none can. */
  readonly combinedBy: string | undefined
}

/** The columns of a query that are aggregations. */
export function aggregatesOf(sql: string): CombinedAggregate[] {
  const query = parseQuery(sql)
  if (query.node !== 'SelectQuery') return []
  return query.select.flatMap((column) => {
    const call = column.node === 'Alias' ? column.expr : column
    if (call.node !== 'Call') return []
    const name = call.distinct && call.name === 'count' ? 'countDistinct' : call.name
    const combinedBy = COMBINED_BY[withoutCombinators(name.toLowerCase())]
    if (combinedBy === undefined && findFunction(name)?.aggregate !== true) return []
    const label = column.node === 'Alias' ? column.alias : sql.slice(call.start, call.end)
    return [{ label, name, combinedBy }]
  })
}

function withoutCombinators(name: string): string {
  const base = name.replace(COMBINATORS, '')
  return base === name || base === '' ? name : withoutCombinators(base)
}
