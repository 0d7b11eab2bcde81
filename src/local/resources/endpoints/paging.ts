/** The rows that a caller wants, and the LIMIT that the saved SQL sets itself. */
export interface PageRequest {
  readonly limit: number
  readonly offset: number
  readonly ceiling: number | undefined
}

/** What to ask of the engine; undefined when no row can be left. */
export function pageToFetch({
  limit,
  offset,
  ceiling,
}: PageRequest): { limit: number; offset: number } | undefined {
  if (ceiling !== undefined && offset >= ceiling) return undefined
  // One row more than wanted tells whether there are more.
  return { limit: Math.min(limit, (ceiling ?? Number.POSITIVE_INFINITY) - offset) + 1, offset }
}

/** Cuts the row too many off and says whether more are left. The saved LIMIT is the end of the data. */
export function cutPage<T>(
  rows: readonly T[],
  request: PageRequest,
): { rows: readonly T[]; hasMore: boolean } {
  const more = rows.length > request.limit
  const kept = more ? rows.slice(0, request.limit) : rows
  const ended = request.ceiling !== undefined && request.offset + kept.length >= request.ceiling
  return { rows: kept, hasMore: more && !ended }
}
