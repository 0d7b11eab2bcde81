/** The most rows that PostHog's query engine returns at once, whatever LIMIT asks for. */
export const engineRowCap = 50_000
/** Rows that a query without LIMIT gets. */
export const defaultRowLimit = 100

/**
 * Why rows may be missing:
 *
 * - `page`: the server says that more rows follow; ask for the next `offset`.
 * - `row_limit`: as many rows as the limit the server applied. There may be more.
 * - `row_cap`: as many rows as the engine ever returns. There may be more.
 * - `limit`: as many rows as the query's own LIMIT. There may be more.
 */
export type IncompleteReason = 'page' | 'row_limit' | 'row_cap' | 'limit'

/** Why a result may not hold every row, with the limit that cut it. */
export interface Incomplete<Reason extends IncompleteReason = IncompleteReason> {
  readonly reason: Reason
  readonly limit: number
}
