import {
  anything,
  callback,
  checkOptions,
  flag,
  givenFields,
  isPlainObject,
  milliseconds,
  type OptionCheck,
  type OptionChecks,
  oneOf,
  text,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { refuseUnwritable } from '../../runtime/config/json-value.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { type HogQL, isHogQL } from '../../runtime/hogql/hogql.ts'
import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import type { CallOptions } from '../requester.ts'
import { type RowShape, rowShape } from './row-schema.ts'

/** How PostHog may use its cache for a query. Those with `async` compute in the background, as the option `async` does. */
export type QueryRefresh =
  /** A cached answer while it is fresh, else computes. PostHog's default. */
  | 'blocking'
  /** Computes in any case. */
  | 'force_blocking'
  /** A cached answer while it is fresh, else computes in the background. */
  | 'async'
  /** A fresh one from the cache, a stale one anew in the background; computes at once where there is none. */
  | 'async_except_on_cache_miss'
  /** A cached answer also when it has been stale for up to a day, else computes in the background. */
  | 'lazy_async'
  /** Computes in the background in any case. */
  | 'force_async'

/** Options of one query. */
export interface QueryOptions extends Omit<CallOptions, 'schema' | 'validate'> {
  /** Default: `blocking`. */
  readonly refresh?: QueryRefresh | undefined
  /** Names the query in PostHog's query log; at most 128 characters. */
  readonly name?: string | undefined
  /** Id under which the query may be cancelled. Use a fresh one for each query: PostHog answers a known one from memory. */
  readonly clientQueryId?: string | undefined
  /**
   * Runs the query in the background and polls until it is done, for `totalTimeout` milliseconds, 600,000 unless told
   * otherwise. Leaving earlier settles at once and then cancels the query on the server. Default: `false`.
   */
  readonly async?: boolean | undefined
  /** Called with each answer on the way. Only in the background. What it throws is logged. */
  readonly onProgress?: ((progress: QueryProgress) => void) | undefined
}

/** How far a query in the background has come, as far as PostHog tells. */
export interface QueryProgress {
  readonly rowsRead: number | undefined
  readonly bytesRead: number | undefined
  readonly estimatedRows: number | undefined
}

/** How long an answer may be kept by the client, in its option `cache` or in memory. Streams are not kept. */
export interface CacheOptions {
  /**
   * Milliseconds for which an answer is used again. Concurrent identical queries share one request: those with the same
   * headers, priority, timeout, attempts and freshness. Each keeps its own `totalTimeout` and `signal`. Default: none.
   */
  readonly ttl?: number | undefined
  /**
   * Milliseconds more for which it is used while PostHog refuses to answer with 429; its age is on the result. Default 0.
   * Only with `ttl`.
   */
  readonly staleIfThrottled?: number | undefined
}

/** Options of a HogQL query. */
export interface HogQLOptions extends QueryOptions, CellOptions, CacheOptions {
  /**
   * Values of the project's SQL variables by code name, for `{variables.name}` in the query. One that is left out has
   * the default that the project gives it.
   */
  readonly variables?: Readonly<Record<string, unknown>> | undefined
}

/** Options of every call: the client checks their values when it sends the call. */
export const callChecks: OptionChecks<Omit<CallOptions, 'schema' | 'validate'>> = {
  signal: anything,
  timeout: anything,
  totalTimeout: anything,
  maxAttempts: anything,
  headers: anything,
  priority: anything,
}
export const cellChecks: OptionChecks<CellOptions> = {
  dates: oneOf('string', 'date'),
  int64: oneOf('number', 'bigint', 'string'),
}
const queryChecks: OptionChecks<QueryOptions> = {
  ...callChecks,
  refresh: oneOf(
    'blocking',
    'force_blocking',
    'async',
    'async_except_on_cache_miss',
    'lazy_async',
    'force_async',
  ),
  name: text(128),
  clientQueryId: text(),
  async: flag,
  onProgress: callback,
}
export const objectCheck: OptionCheck = { accepts: isPlainObject, expected: 'an object' }
/** Checks of each option of a HogQL query. */
export const hogqlChecks: OptionChecks<HogQLOptions> = {
  ...queryChecks,
  ...cellChecks,
  ttl: milliseconds,
  staleIfThrottled: milliseconds,
  variables: objectCheck,
}

/**
 * Options of a HogQL query from several places, later ones first. One that is undefined leaves the earlier one.
 *
 * @throws ConfigurationError for options that do not exist, have a wrong value or contradict each other
 */
export function hogqlOptions(owner: string, given: readonly unknown[]): HogQLOptions {
  for (const options of given) checkOptions(owner, options, hogqlChecks)
  // Each was checked to be an object with these options.
  const options: HogQLOptions = Object.assign({}, ...given.map((one) => givenFields(Object(one ?? {}))))
  // A variable without a value has the project's default.
  refuseUnwritable('variables', givenFields(options.variables ?? {}))
  if (options.staleIfThrottled !== undefined && options.ttl === undefined) {
    throw new ConfigurationError({
      message: `\`staleIfThrottled\` of \`${owner}\` has no meaning without \`ttl\`.`,
      fix: 'Pass `ttl` too: the milliseconds for which an answer is fresh.',
    })
  }
  return options
}

/**
 * Refuses options of a query of any kind that do not exist or have a wrong value.
 *
 * @throws ConfigurationError
 */
export function checkQueryOptions(options: unknown): void {
  checkOptions('query.run', options, queryChecks)
}

/**
 * Refuses everything that the tag did not make: text from outside must not become a query.
 *
 * @param subject what the value is called
 * @throws ConfigurationError
 */
export function assertHogQL(subject: string, value: unknown): HogQL<unknown> {
  if (isHogQL(value)) return value
  throw unexpected(
    subject,
    value,
    'a query that the tag `hogql` made',
    'Write it as hogql`select …`, or use `hogql.text(text, values)` for a text of your own. Nothing was sent.',
  )
}

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
