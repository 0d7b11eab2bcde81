import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import type { CacheOptions } from '../query/query-options.ts'
import type { CallOptions } from '../requester.ts'
import type { OnVersionDrift } from './endpoint-result.ts'

/** How PostHog uses its cache and the materialized table. */
export type EndpointRefresh =
  /** Returns a fresh cached result, else reads the table or runs the query. PostHog's default. */
  | 'cache'
  /** Bypasses the cache. A materialized endpoint reads its table again, without recomputing it. */
  | 'force'
  /** Bypasses cache and table and runs the saved query. Materialized endpoints only; others return 400. */
  | 'direct'

/**
 * Options of `endpoints.run`.
 *
 * @example const options: RunOptions = { ttl: 60_000, staleIfThrottled: 600_000 } // one run per minute and variables
 */
export interface RunOptions extends CallOptions, CellOptions, CacheOptions {
  /**
   * Use of PostHog's cache and the materialized table. `force` and `direct` also bypass results cached with `ttl`.
   * Default: `cache`.
   */
  readonly refresh?: EndpointRefresh | undefined
  /** Maximum number of rows, from 1. HogQL endpoints only. Sets `hasMore` of the result. */
  readonly limit?: number | undefined
  /** Rows to skip. Needs `limit`, and a saved query with ORDER BY to be stable. */
  readonly offset?: number | undefined
  /** Adds PostHog's diagnostic fields as `debug`. */
  readonly debug?: boolean | undefined
  /** Version to run instead of the pinned one. */
  readonly version?: number | undefined
  /** Query id, for example to cancel the query. Use a new one for each run. */
  readonly clientQueryId?: string | undefined
  /** Overrides the client's `onVersionDrift`. */
  readonly onVersionDrift?: OnVersionDrift | undefined
}

/** Arguments of `endpoints.run`. Variables are optional if none is required. */
export type RunArguments<Variables> =
  Record<never, never> extends Variables
    ? [variables?: Variables, options?: RunOptions]
    : [variables: Variables, options?: RunOptions]
