import { TruncatedResultError } from '../../runtime/errors/truncated-result-error.ts'
import type { QueryIncomplete } from './completeness.ts'

const why: Readonly<Record<QueryIncomplete['reason'], (limit: number) => string>> = {
  row_limit: (limit) => `PostHog gives ${limit} rows to a query without LIMIT`,
  row_cap: (limit) => `PostHog gives ${limit} rows at most`,
  limit: (limit) => `the query's own LIMIT is ${limit}`,
}

/** The error for rows that may not be all. It has those that came. */
export function truncated(
  items: readonly unknown[],
  { reason, limit }: QueryIncomplete,
): TruncatedResultError {
  return new TruncatedResultError({
    message: `The query gave ${items.length} rows, and there may be more: ${why[reason](limit)}.`,
    fix:
      reason === 'row_limit'
        ? 'Add a LIMIT that is larger than what you expect, or pass `allowPartial: true`.'
        : 'Raise LIMIT, narrow the query, or pass `allowPartial: true`.',
    items,
    cursor: undefined,
  })
}
