import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { assertHogQL, hogqlOptions } from './check-query.ts'
import type { HogQLOptions } from './query-options.ts'
import { type RowShape, rowShape } from './shape/row-shape.ts'

/** A query as a caller wrote it, not yet checked. */
export interface QueryDraft {
  /** Gives the query, or throws. */
  readonly query: () => unknown
  /** Options from each place where some were given, in order. */
  readonly options: readonly unknown[]
  /** The argument of `as`, if there was one. */
  readonly shape?: { readonly given: unknown }
}

/** A query that can be sent. */
export interface CheckedQuery {
  readonly query: HogQL<unknown>
  readonly options: HogQLOptions
  readonly shape: RowShape | undefined
}

/**
 * Checks a query, its options and the shape of its rows.
 *
 * @throws ConfigurationError that names the wrong argument
 */
export function checkDraft({ query, options, shape }: QueryDraft): CheckedQuery {
  return {
    query: assertHogQL('The argument of `hogql`', query()),
    options: hogqlOptions('hogql', options),
    shape: shape && rowShape(shape.given),
  }
}
