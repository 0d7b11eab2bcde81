import {
  anything,
  booleanOption,
  checkOptions,
  functionOption,
  givenFields,
  isPlainObject,
  milliseconds,
  nonEmptyString,
  type OptionCheck,
  type OptionChecks,
  oneOf,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { assertJsonValue } from '../../runtime/config/json-value.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { type HogQL, isHogQL } from '../../runtime/hogql/hogql.ts'
import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import type { CallOptions, RequestInput } from '../requester.ts'
import { type RowShape, rowShape } from './row-schema.ts'

/** How PostHog uses its cache for a query. Values with `async` run the query in the background, like the option `async`. */
export type QueryRefresh =
  /** Returns a fresh cached result, or computes. PostHog's default. */
  | 'blocking'
  /** Always computes. */
  | 'force_blocking'
  /** Returns a fresh cached result, or computes in the background. */
  | 'async'
  /** Returns a fresh cached result, recomputes a stale one in the background, or computes without a cached result. */
  | 'async_except_on_cache_miss'
  /** Returns a cached result that has been stale for up to a day, or computes in the background. */
  | 'lazy_async'
  /** Always computes in the background. */
  | 'force_async'

/** Options of one query. */
export interface QueryOptions extends Omit<CallOptions, 'schema' | 'validate'> {
  /** Default: `blocking`. */
  readonly refresh?: QueryRefresh | undefined
  /** Name in PostHog's query log, of up to 128 characters. */
  readonly name?: string | undefined
  /** Id for canceling the query. Use a new id for each query: PostHog returns the previous result for a known id. */
  readonly clientQueryId?: string | undefined
  /**
   * Runs the query in the background and polls until it finishes. `totalTimeout` then defaults to 600,000 ms. Aborting
   * settles the call immediately and cancels the query on the server. Default: `false`.
   */
  readonly async?: boolean | undefined
  /** Called after each poll of a background query. Typehog logs what it throws. */
  readonly onProgress?: ((progress: QueryProgress) => void) | undefined
}

/** Progress of a background query, as reported by PostHog. */
export interface QueryProgress {
  readonly rowsRead: number | undefined
  readonly bytesRead: number | undefined
  readonly estimatedRows: number | undefined
}

/** Caching of results of queries and endpoint runs, in the client's option `cache` or in memory. Streams are not cached. */
export interface CacheOptions {
  /**
   * Time to live of a cached result in milliseconds. Concurrent identical calls share one request if their headers,
   * priority, timeout, attempts and freshness are equal. Each keeps its own `totalTimeout` and `signal`. Default: none.
   */
  readonly ttl?: number | undefined
  /**
   * Additional milliseconds in which a stale result is returned while PostHog responds with 429. The result reports its
   * age. Requires `ttl`. Default: 0.
   */
  readonly staleIfThrottled?: number | undefined
}

type AnyQuery = NonNullable<RequestInput<'POST /api/projects/{project_id}/query/'>['body']>['query']
type HogQLSource = Extract<AnyQuery, { query: string; filters?: unknown; variables?: unknown }>

/** What `{filters}` in a HogQL query stands for: property filters, a date range, and whether to leave out test accounts. */
export type HogQLFilters = NonNullable<HogQLSource['filters']>

/** Settings of PostHog's query engine, such as `convertToProjectTimezone`. */
export type HogQLModifiers = NonNullable<HogQLSource['modifiers']>

/** Options of a HogQL query. */
export interface HogQLOptions extends QueryOptions, CellOptions, CacheOptions {
  /**
   * Values of the project's SQL variables by code name, for `{variables.name}` in the query. An omitted variable has its
   * default from the project.
   */
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  /**
   * What `{filters}` in the query stands for. PostHog rejects it in a SELECT from tables without filters.
   *
   * @example { dateRange: { date_from: '-7d' } }
   */
  readonly filters?: HogQLFilters | undefined
  /** Settings of PostHog's query engine. Default: those of the project. */
  readonly modifiers?: HogQLModifiers | undefined
}

/** Checks of the options of every call. The client checks their values when it sends the call. */
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
export const cacheChecks: OptionChecks<CacheOptions> = {
  ttl: milliseconds,
  staleIfThrottled: milliseconds,
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
  name: nonEmptyString(128),
  clientQueryId: nonEmptyString(),
  async: booleanOption,
  onProgress: functionOption,
}
const objectCheck: OptionCheck = { accepts: isPlainObject, expected: 'an object' }
/** Checks of the options of a HogQL query. */
export const hogqlChecks: OptionChecks<HogQLOptions> = {
  ...queryChecks,
  ...cellChecks,
  ...cacheChecks,
  variables: objectCheck,
  filters: objectCheck,
  modifiers: objectCheck,
}

/**
 * Merges options of a HogQL query. Later ones take precedence, unless they are undefined.
 *
 * @throws ConfigurationError for unknown, invalid or contradictory options
 */
export function mergeHogQLOptions(owner: string, given: readonly unknown[]): HogQLOptions {
  for (const options of given) checkOptions(owner, options, hogqlChecks)
  // `checkOptions` has verified each of them.
  const options: HogQLOptions = Object.assign({}, ...given.map((layer) => givenFields(Object(layer ?? {}))))
  // An undefined variable has its default from the project.
  if (options.variables !== undefined) assertJsonValue('variables', givenFields(options.variables))
  if (options.filters !== undefined) assertJsonValue('filters', options.filters)
  if (options.modifiers !== undefined) assertJsonValue('modifiers', options.modifiers)
  checkCacheOptions(owner, options)
  return options
}

/** Throws for `staleIfThrottled` without `ttl`. */
export function checkCacheOptions(owner: string, { ttl, staleIfThrottled }: CacheOptions): void {
  if (staleIfThrottled === undefined || ttl !== undefined) return
  throw new ConfigurationError({
    message: `\`staleIfThrottled\` of \`${owner}\` requires \`ttl\`.`,
    fix: 'Pass `ttl` too: the time to live of a cached result in milliseconds.',
  })
}

/**
 * Checks the options of a query of any kind.
 *
 * @throws ConfigurationError for unknown or invalid options
 */
export function checkQueryOptions(options: unknown): void {
  checkOptions('query.run', options, queryChecks)
}

/**
 * Asserts that the `hogql` tag created a value: untrusted input must not become a query.
 *
 * @param subject name of the value in the error
 * @throws ConfigurationError
 */
function assertHogQL(subject: string, value: unknown): HogQL<unknown> {
  if (isHogQL(value)) return value
  throw unexpected(
    subject,
    value,
    'a query that the tag `hogql` created',
    'Write hogql`select …`, or use `hogql.text(query, values)` for a string. No request was sent.',
  )
}

/** An unchecked query. */
export interface QueryDraft {
  /** Returns the query, or throws. */
  readonly query: () => unknown
  /** Options to merge, in order. */
  readonly options: readonly unknown[]
  /** The argument of `as`, if it was called. */
  readonly shape?: { readonly given: unknown }
}

/** A checked query. */
export interface CheckedQuery {
  readonly query: HogQL<unknown>
  readonly options: HogQLOptions
  readonly shape: RowShape | undefined
}

/**
 * Checks a query, its options and the shape of its rows.
 *
 * @throws ConfigurationError that names the invalid argument
 */
export function checkDraft({ query, options, shape }: QueryDraft): CheckedQuery {
  return {
    query: assertHogQL('The argument of `hogql`', query()),
    options: mergeHogQLOptions('hogql', options),
    shape: shape && rowShape(shape.given),
  }
}
