import { TruncatedResultError } from '../../runtime/errors/result-errors.ts'
import type { SilentCut } from './completeness.ts'

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
