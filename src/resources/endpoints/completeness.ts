/** The most rows that PostHog's query engine returns at once, whatever LIMIT asks for. */
const engineRowCap = 50_000
/** Rows that a query without LIMIT gets. */
const defaultRowLimit = 100

/** Why a result may not hold every row, with the limit that cut it. */
export interface Incomplete {
  /**
   * - `page`: the server says that more rows follow; ask for the next `offset`.
   * - `row_limit`: as many rows as the limit the server applied. There may be more.
   * - `row_cap`: as many rows as the engine ever returns. There may be more.
   */
  readonly reason: 'page' | 'row_limit' | 'row_cap'
  readonly limit: number
}

/** What the decision needs to know of an answer. */
export interface RowCount {
  readonly rows: number
  readonly hasMore: boolean
  /** The `limit` that the caller sent. */
  readonly requestedLimit: number | undefined
  /** The `limit` in the answer. */
  readonly answeredLimit: number | undefined
}

/**
 * Whether an endpoint's rows are all there are. Without `limit` PostHog says `hasMore: false` whatever it cut off,
 * so a result that is exactly as long as a limit is never called complete. One case stays uncertain: a saved query
 * with its own LIMIT that returns fewer rows than that is complete, one that returns exactly as many as its LIMIT is
 * taken as what its author asked for unless the number is one of PostHog's own limits.
 */
export function completeness({ rows, hasMore, requestedLimit, answeredLimit }: RowCount): true | Incomplete {
  if (hasMore) return { reason: 'page', limit: requestedLimit ?? answeredLimit ?? rows }
  if (rows >= engineRowCap) return { reason: 'row_cap', limit: engineRowCap }
  if (requestedLimit !== undefined) return true
  const applied = answeredLimit ?? defaultRowLimit
  return rows > 0 && rows === applied ? { reason: 'row_limit', limit: applied } : true
}
