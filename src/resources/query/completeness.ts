import { explicitLimit } from '../../runtime/hogql/explicit-limit.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { defaultRowLimit, engineRowCap, type Incomplete } from '../../runtime/rows/incomplete.ts'
import type { AnswerFields } from '../answer-fields.ts'

/** Why the rows of a query may be missing. */
export type QueryIncomplete = Incomplete<'row_limit' | 'row_cap' | 'limit'>

/** Whether so many rows are all that a query has, by its text and what the answer says of itself. */
export function completenessOf(
  { query, values }: HogQL<unknown>,
  rows: number,
  { hasMore, limit: answeredLimit }: AnswerFields,
): true | QueryIncomplete {
  return decide({ rows, hasMore, answeredLimit, explicitLimit: explicitLimit(query, values) })
}

/** What the decision rests on. */
interface QueryRows {
  readonly rows: number
  /** What the server says, where it does. */
  readonly hasMore: boolean | undefined
  /** The limit in the answer. */
  readonly answeredLimit: number | undefined
  /** The query's own LIMIT, where it is a plain number. */
  readonly explicitLimit: number | undefined
}

/**
 * Whether the rows of a query are all there are. Fewer rows than any limit that was in force prove it; as many rows as
 * a limit are never called complete, though they may be: that is the one uncertain case. A limit in the answer that is
 * below the query's own is PostHog's.
 */
function decide({ rows, hasMore, answeredLimit, explicitLimit }: QueryRows): true | QueryIncomplete {
  if (rows >= engineRowCap) return { reason: 'row_cap', limit: engineRowCap }
  if (answeredLimit !== undefined && answeredLimit < (explicitLimit ?? 0) && rows >= answeredLimit) {
    return { reason: 'row_cap', limit: answeredLimit }
  }
  if (explicitLimit !== undefined) {
    return hasMore !== true && rows < explicitLimit ? true : { reason: 'limit', limit: explicitLimit }
  }
  const applied = answeredLimit ?? defaultRowLimit
  return hasMore !== true && rows !== applied ? true : { reason: 'row_limit', limit: applied }
}
