/** Maximum number of rows that PostHog's query engine returns, regardless of LIMIT. */
export const engineRowCap = 50_000
/** Number of rows that PostHog returns for a query without LIMIT. */
export const defaultRowLimit = 100

/**
 * Why rows may be missing:
 *
 * - `limit`: the LIMIT of your query was reached. A computed LIMIT counts as reached. `.rows()` does not throw.
 * - `row_limit`: the default limit of a query without LIMIT was reached. There may be more rows.
 * - `row_cap`: PostHog's maximum was reached, or a lower limit that replaced yours. There may be more rows.
 * - `page`: PostHog reports more rows. Run again with the next `offset`.
 */
export type IncompleteReason = 'page' | 'row_limit' | 'row_cap' | 'limit'

/** Why a result may be incomplete, and the limit that was reached. */
export interface Incomplete<Reason extends IncompleteReason = IncompleteReason> {
  readonly reason: Reason
  readonly limit: number
}
