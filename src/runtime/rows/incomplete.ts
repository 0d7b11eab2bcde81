/** The most rows that PostHog's query engine returns at once, whatever LIMIT asks for. */
export const engineRowCap = 50_000
/** Rows that a query without LIMIT gets. */
export const defaultRowLimit = 100

/**
 * Why rows may be missing:
 *
 * - `limit`: the LIMIT that you wrote was reached. A computed LIMIT counts as reached. No error for `.rows()`.
 * - `row_limit`: as many rows as the limit that PostHog applies where none is written. There may be more.
 * - `row_cap`: as many rows as PostHog ever returns, or a lower limit that it put in place of yours. There may be more.
 * - `page`: PostHog says that more rows follow. Run again with the next `offset`.
 */
export type IncompleteReason = 'page' | 'row_limit' | 'row_cap' | 'limit'

/** Why a result may not hold every row, with the limit that cut it. */
export interface Incomplete<Reason extends IncompleteReason = IncompleteReason> {
  readonly reason: Reason
  readonly limit: number
}
