import { defaultRowLimit, engineRowCap, type Incomplete } from '../../runtime/rows/incomplete.ts'

/** Why the rows of an endpoint may be missing. */
export type EndpointIncomplete = Incomplete<'page' | 'row_limit' | 'row_cap'>

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
export function completeness({
  rows,
  hasMore,
  requestedLimit,
  answeredLimit,
}: RowCount): true | EndpointIncomplete {
  if (hasMore) return { reason: 'page', limit: requestedLimit ?? answeredLimit ?? rows }
  if (rows >= engineRowCap) return { reason: 'row_cap', limit: engineRowCap }
  if (requestedLimit !== undefined) return true
  const applied = answeredLimit ?? defaultRowLimit
  return rows > 0 && rows === applied ? { reason: 'row_limit', limit: applied } : true
}
