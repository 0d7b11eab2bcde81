import { defaultRowLimit, engineRowCap, type Incomplete } from '../../runtime/rows/incomplete.ts'

/** Why the rows of an endpoint may be missing. With a `limit` of the run, `page` says that it was reached. */
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
 * so a result that is exactly as long as a limit of PostHog's is never called complete. A saved query with its own
 * LIMIT is what its author asked for.
 */
export function completeness({
  rows,
  hasMore,
  requestedLimit,
  answeredLimit,
}: RowCount): true | EndpointIncomplete {
  const limit = requestedLimit ?? answeredLimit ?? rows
  if (hasMore) return { reason: 'page', limit }
  if (rows >= engineRowCap) return { reason: 'row_cap', limit: engineRowCap }
  if (requestedLimit !== undefined) {
    const isClamped = answeredLimit !== undefined && answeredLimit < requestedLimit && rows >= answeredLimit
    return isClamped ? { reason: 'row_cap', limit: answeredLimit } : true
  }
  const applied = answeredLimit ?? defaultRowLimit
  return rows > 0 && rows === applied ? { reason: 'row_limit', limit: applied } : true
}
