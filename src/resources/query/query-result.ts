import { RowCountError, TruncatedResultError } from '../../runtime/errors/result-errors.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { type ExplicitLimit, explicitLimits } from '../../runtime/hogql/limit-clause.ts'
import { defaultRowLimit, engineRowCap, type Incomplete } from '../../runtime/rows/incomplete.ts'
import type { ResponseFields } from '../response-fields.ts'

/** Cache state of a query result. */
export interface QueryCache {
  /** Whether the result came from PostHog's cache. */
  readonly hit: boolean
  /** When PostHog computed the result, ISO 8601. */
  readonly lastRefresh: string | undefined
  /** Age in the client's cache in milliseconds; undefined if the result just came from PostHog. */
  readonly age: number | undefined
  /** Whether the result is older than `ttl` and was returned because PostHog throttled the refresh. */
  readonly stale: boolean
}

/** The result of a HogQL query. */
export interface QueryResult<Row> {
  /** Rows as objects by column name. */
  readonly rows: Row[]
  /** `true`, or why rows may be missing. */
  readonly complete: true | QueryIncomplete
  /** Column names in order, as keys of the rows. A duplicate column becomes `name_2`. */
  readonly columns: readonly string[]
  /** ClickHouse type of each column, if PostHog reported it. */
  readonly types: readonly (string | undefined)[]
  /** The limit that PostHog applied. */
  readonly limit: number | undefined
  readonly cache: QueryCache
  /** Time zone of the project, which PostHog uses to group by day. */
  readonly timezone: string | undefined
  readonly requestId: string | undefined
}

/** Why the rows of a query may be missing. */
export type QueryIncomplete = Incomplete<'row_limit' | 'row_cap' | 'limit'>
/** Why rows may be missing without an explicit LIMIT. */
export type SilentTruncation = Incomplete<'row_limit' | 'row_cap'>

/** Decides whether a result is complete, from the query text, the number of rows and the response. */
export function completenessOf(
  { query, values }: HogQL<unknown>,
  rows: number,
  { hasMore, limit: reportedLimit }: ResponseFields,
): true | QueryIncomplete {
  return decideCompleteness({
    rows,
    hasMore: hasMore === true,
    reportedLimit,
    limits: explicitLimits(query, values),
  })
}

/** Whether rows may be missing unintentionally. An explicit LIMIT is intentional. */
export function isSilentTruncation(complete: true | QueryIncomplete): complete is SilentTruncation {
  return complete !== true && complete.reason !== 'limit'
}

/** Input of the completeness decision. */
interface CompletenessInput {
  readonly rows: number
  /** Whether the server reports more rows. */
  readonly hasMore: boolean
  /** The limit in the response. */
  readonly reportedLimit: number | undefined
  /** The LIMIT of each outermost SELECT. */
  readonly limits: readonly ExplicitLimit[]
}

/**
 * Decides whether the rows of a query are complete. Fewer rows than every limit prove it. As many rows as a limit count
 * as incomplete, although they may be complete. A limit in the response below the query's own comes from PostHog.
 */
function decideCompleteness({
  rows,
  hasMore,
  reportedLimit,
  limits,
}: CompletenessInput): true | QueryIncomplete {
  const numbers = limits.filter((limit) => typeof limit === 'number')
  const smallest = numbers.reduce((least, limit) => Math.min(least, limit), Number.POSITIVE_INFINITY)
  const total = numbers.reduce((sum, limit) => sum + limit, 0)
  const isExplicit = numbers.length === limits.length
  if (rows >= engineRowCap && !(isExplicit && total <= engineRowCap)) {
    return { reason: 'row_cap', limit: engineRowCap }
  }
  if (isExplicit && rows < total) {
    const isClamped = reportedLimit !== undefined && reportedLimit < total && rows >= reportedLimit
    if (isClamped || hasMore) return { reason: 'row_cap', limit: reportedLimit ?? rows }
  }
  if (limits.includes(undefined)) {
    const applied = reportedLimit ?? defaultRowLimit
    // PostHog limits each SELECT of a UNION separately, so the total may exceed one limit.
    const isCut = limits.length === 1 ? rows === applied : rows >= applied
    if (isCut || hasMore) return { reason: 'row_limit', limit: applied }
  }
  if (limits.includes('computed')) return { reason: 'limit', limit: reportedLimit ?? rows }
  if (rows < smallest) return true
  return { reason: 'limit', limit: rows < total ? smallest : total }
}

const reasonTexts: Readonly<Record<SilentTruncation['reason'], (limit: number) => string>> = {
  row_limit: (limit) => `PostHog returns ${limit} rows for a SELECT without LIMIT`,
  row_cap: (limit) => `PostHog returned its maximum of ${limit} rows`,
}
const fixes: Readonly<Record<SilentTruncation['reason'], string>> = {
  row_limit:
    'Add a LIMIT, or read all rows with `.stream({ orderBy })`. `await` the query to get the returned rows.',
  row_cap: 'Read all rows with `.stream({ orderBy })`, or narrow the query.',
}

/** The error for a result that PostHog truncated without an explicit LIMIT. It contains the returned rows. */
export function truncatedResultError(
  count: number,
  items: readonly unknown[],
  { reason, limit }: SilentTruncation,
): TruncatedResultError {
  return new TruncatedResultError({
    message: `The query returned ${count} rows, and there may be more: ${reasonTexts[reason](limit)}.`,
    fix: fixes[reason],
    items,
    cursor: undefined,
  })
}

/** The error for a query with another number of rows than expected. */
export function rowCountError(expected: string, rows: readonly unknown[]): RowCountError {
  return new RowCountError({
    message: `Expected ${expected}, got ${rows.length}.`,
    fix:
      rows.length === 0
        ? 'Check the conditions of the query, or use `.maybeOne()` if the row may be missing.'
        : 'Add a condition that selects one row, or use `.one()` for the first.',
    rows: rows.length,
  })
}
