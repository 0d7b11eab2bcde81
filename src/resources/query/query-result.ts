import { TruncatedResultError } from '../../runtime/errors/result-errors.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { type ExplicitLimit, explicitLimits } from '../../runtime/hogql/limit-clause.ts'
import { defaultRowLimit, engineRowCap, type Incomplete } from '../../runtime/rows/incomplete.ts'
import type { ResponseFields } from '../response-fields.ts'

/** How old an answer is. */
export interface QueryCache {
  /** Whether it came from PostHog's cache. */
  readonly hit: boolean
  /** When PostHog computed it, ISO 8601. */
  readonly lastRefresh: string | undefined
  /** Milliseconds since the client kept it; undefined when it came from PostHog just now. */
  readonly age: number | undefined
  /** Whether it is older than `ttl`, and was given since PostHog refused to give another. */
  readonly stale: boolean
}

/** The rows of a HogQL query. */
export interface QueryResult<Row> {
  /** Rows as objects by column name. */
  readonly rows: Row[]
  /** `true`, or why rows may be missing. */
  readonly complete: true | QueryIncomplete
  /** Column names in order, as keys of the rows; the second column of a name is `name_2`. */
  readonly columns: readonly string[]
  /** ClickHouse type of each column, where PostHog told it. */
  readonly types: readonly (string | undefined)[]
  /** The limit that PostHog applied. */
  readonly limit: number | undefined
  readonly cache: QueryCache
  /** Time zone of the project, by which PostHog groups days. */
  readonly timezone: string | undefined
  readonly requestId: string | undefined
}

/** Why the rows of a query may be missing. */
export type QueryIncomplete = Incomplete<'row_limit' | 'row_cap' | 'limit'>
/** Why rows may be missing that the author did not cut off. */
export type SilentCut = Incomplete<'row_limit' | 'row_cap'>

/** Whether so many rows are all that a query has, by its text and what the answer says of itself. */
export function completenessOf(
  { query, values }: HogQL<unknown>,
  rows: number,
  { hasMore, limit: answeredLimit }: ResponseFields,
): true | QueryIncomplete {
  return decide({ rows, hasMore: hasMore === true, answeredLimit, limits: explicitLimits(query, values) })
}

/** Whether rows may be missing that nobody asked to leave out. A LIMIT that the author wrote is what the author wants. */
export function isSilentCut(complete: true | QueryIncomplete): complete is SilentCut {
  return complete !== true && complete.reason !== 'limit'
}

/** What the decision rests on. */
interface QueryRows {
  readonly rows: number
  /** Whether the server says that there are more. */
  readonly hasMore: boolean
  /** The limit in the answer. */
  readonly answeredLimit: number | undefined
  /** The LIMIT of each outermost SELECT. */
  readonly limits: readonly ExplicitLimit[]
}

/**
 * Whether the rows of a query are all there are. Fewer rows than any limit that was in force prove it; as many rows as
 * a limit are never called complete, though they may be: that is the one uncertain case. A limit in the answer that is
 * below the query's own is PostHog's.
 */
function decide({ rows, hasMore, answeredLimit, limits }: QueryRows): true | QueryIncomplete {
  const numbers = limits.filter((limit) => typeof limit === 'number')
  const smallest = numbers.reduce((least, limit) => Math.min(least, limit), Number.POSITIVE_INFINITY)
  const total = numbers.reduce((sum, limit) => sum + limit, 0)
  const isExplicit = numbers.length === limits.length
  if (rows >= engineRowCap && !(isExplicit && total <= engineRowCap)) {
    return { reason: 'row_cap', limit: engineRowCap }
  }
  if (isExplicit && rows < total) {
    const isClamped = answeredLimit !== undefined && answeredLimit < total && rows >= answeredLimit
    if (isClamped || hasMore) return { reason: 'row_cap', limit: answeredLimit ?? rows }
  }
  if (limits.includes(undefined)) {
    const applied = answeredLimit ?? defaultRowLimit
    // PostHog limits each SELECT of a UNION, so that together they may have more.
    const isCut = limits.length === 1 ? rows === applied : rows >= applied
    if (isCut || hasMore) return { reason: 'row_limit', limit: applied }
  }
  if (limits.includes('computed')) return { reason: 'limit', limit: answeredLimit ?? rows }
  if (rows < smallest) return true
  return { reason: 'limit', limit: rows < total ? smallest : total }
}

const why: Readonly<Record<SilentCut['reason'], (limit: number) => string>> = {
  row_limit: (limit) => `PostHog returns ${limit} rows for a SELECT without LIMIT`,
  row_cap: (limit) => `PostHog returned ${limit} rows at most`,
}
const fixes: Readonly<Record<SilentCut['reason'], string>> = {
  row_limit:
    'Write the LIMIT that you want, or read all rows with `.stream({ orderBy })`. `await` the query for the rows that came.',
  row_cap: 'Read all rows with `.stream({ orderBy })`, or narrow the query.',
}

/** The error for rows that PostHog cut off without being asked. It has those that were kept. */
export function truncated(
  count: number,
  items: readonly unknown[],
  { reason, limit }: SilentCut,
): TruncatedResultError {
  return new TruncatedResultError({
    message: `The query returned ${count} rows, and there may be more: ${why[reason](limit)}.`,
    fix: fixes[reason],
    items,
    cursor: undefined,
  })
}
