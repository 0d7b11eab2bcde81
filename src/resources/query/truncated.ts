import { TruncatedResultError } from '../../runtime/errors/truncated-result-error.ts'
import type { QueryIncomplete } from './completeness.ts'

const why: Readonly<Record<QueryIncomplete['reason'], (limit: number) => string>> = {
  row_limit: (limit) => `PostHog gives ${limit} rows to a query without LIMIT`,
  row_cap: (limit) => `PostHog gives ${limit} rows at most`,
  limit: (limit) => `the query's own LIMIT is ${limit}`,
}

/** The error for rows that may not be all. It has those that were kept. */
export function truncated(
  count: number,
  items: readonly unknown[],
  { reason, limit }: QueryIncomplete,
): TruncatedResultError {
  const ways = {
    row_limit: 'Add a LIMIT that is larger than what you expect, or pass `allowPartial: true`.',
    row_cap: 'Read it with `.stream({ orderBy })`, narrow the query, or pass `allowPartial: true`.',
    limit: 'Raise LIMIT, narrow the query, or pass `allowPartial: true`.',
  }
  return new TruncatedResultError({
    message: `The query gave ${count} rows, and there may be more: ${why[reason](limit)}.`,
    fix: ways[reason],
    items,
    cursor: undefined,
  })
}
