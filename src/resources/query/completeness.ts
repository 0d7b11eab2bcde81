import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { type ExplicitLimit, explicitLimits } from '../../runtime/hogql/limit-clause.ts'
import { defaultRowLimit, engineRowCap, type Incomplete } from '../../runtime/rows/incomplete.ts'
import type { AnswerFields } from '../answer-fields.ts'

/** Why the rows of a query may be missing. */
export type QueryIncomplete = Incomplete<'row_limit' | 'row_cap' | 'limit'>
/** Why rows may be missing that the author did not cut off. */
export type SilentCut = Incomplete<'row_limit' | 'row_cap'>

/** Whether so many rows are all that a query has, by its text and what the answer says of itself. */
export function completenessOf(
  { query, values }: HogQL<unknown>,
  rows: number,
  { hasMore, limit: answeredLimit }: AnswerFields,
): true | QueryIncomplete {
  return decide({ rows, hasMore: hasMore === true, answeredLimit, limits: explicitLimits(query, values) })
}

/** Whether rows may be missing that nobody asked to leave out. A LIMIT that the author wrote is what the author wants. */
export function isSilentCut(complete: true | QueryIncomplete): complete is SilentCut {
  return complete !== true && complete.reason !== 'limit'
}

/** What the decision rests on. */
interface QueryRows {
  readonly rows: number
  /** Whether the server says that there are more. */
  readonly hasMore: boolean
  /** The limit in the answer. */
  readonly answeredLimit: number | undefined
  /** The LIMIT of each outermost SELECT. */
  readonly limits: readonly ExplicitLimit[]
}

/**
 * Whether the rows of a query are all there are. Fewer rows than any limit that was in force prove it; as many rows as
 * a limit are never called complete, though they may be: that is the one uncertain case. A limit in the answer that is
 * below the query's own is PostHog's.
 */
function decide({ rows, hasMore, answeredLimit, limits }: QueryRows): true | QueryIncomplete {
  const numbers = limits.filter((limit) => typeof limit === 'number')
  const smallest = numbers.reduce((least, limit) => Math.min(least, limit), Number.POSITIVE_INFINITY)
  const total = numbers.reduce((sum, limit) => sum + limit, 0)
  const isExplicit = numbers.length === limits.length
  if (rows >= engineRowCap && !(isExplicit && total <= engineRowCap)) {
    return { reason: 'row_cap', limit: engineRowCap }
  }
  if (isExplicit && rows < total) {
    const isClamped = answeredLimit !== undefined && answeredLimit < total && rows >= answeredLimit
    if (isClamped || hasMore) return { reason: 'row_cap', limit: answeredLimit ?? rows }
  }
  if (limits.includes(undefined)) {
    const applied = answeredLimit ?? defaultRowLimit
    // PostHog limits each SELECT of a UNION, so that together they may have more.
    const isCut = limits.length === 1 ? rows === applied : rows >= applied
    if (isCut || hasMore) return { reason: 'row_limit', limit: applied }
  }
  if (limits.includes('computed')) return { reason: 'limit', limit: answeredLimit ?? rows }
  if (rows < smallest) return true
  return { reason: 'limit', limit: rows < total ? smallest : total }
}
