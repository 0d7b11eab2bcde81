import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import type { CallOptions } from '../requester.ts'
import type { OnVersionDrift } from './drift.ts'

/** How PostHog may use its cache and the materialised table. */
export type EndpointRefresh =
  /** A cached answer while it is fresh, else the table or the query. PostHog's default. */
  | 'cache'
  /** Past the cache. A materialised endpoint reads its table again, which does not recompute the table. */
  | 'force'
  /** Past cache and table: runs the saved query. Only for materialised endpoints; others answer 400. */
  | 'direct'

/** Options of one run. */
export interface RunOptions extends CallOptions, CellOptions {
  /** Default: `cache`. */
  readonly refresh?: EndpointRefresh | undefined
  /** Rows at most; at least 1. HogQL endpoints only. With it, `hasMore` tells whether rows are left. */
  readonly limit?: number | undefined
  /** Rows to skip; needs `limit`. Only stable when the saved query has ORDER BY. */
  readonly offset?: number | undefined
  /** Adds PostHog's diagnostic fields as `debug`. */
  readonly debug?: boolean | undefined
  /** Runs this version instead of the pinned one. */
  readonly version?: number | undefined
  /** Id under which the query may be cancelled. Use a fresh one for each run. */
  readonly clientQueryId?: string | undefined
  /** Overrides the client's `onVersionDrift`. */
  readonly onVersionDrift?: OnVersionDrift | undefined
}

/** Variables may be left out when none is required. */
export type RunArguments<Variables> =
  Record<never, never> extends Variables
    ? [variables?: Variables, options?: RunOptions]
    : [variables: Variables, options?: RunOptions]
