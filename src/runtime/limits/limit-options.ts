import type { Rate, ThrottleClass } from './buckets.ts'
import type { LimitStore } from './store.ts'

/** How a client keeps within PostHog's rate limits. */
export interface LimitOptions {
  /**
   * `count` keeps within the published limits from the first request on. `learn` sends freely until PostHog refuses a
   * request, pauses for as long as PostHog asks, and counts only after several refusals show a limit.
   * Default: `count` for PostHog Cloud, `learn` for a self-hosted PostHog, which has no limits by default.
   */
  readonly mode?: 'count' | 'learn' | undefined
  /**
   * Where requests are counted. Default: in this process. See `redisLimits` of `typehog/redis`. While a store fails or
   * does not answer, the client counts in this process.
   */
  readonly store?: LimitStore | undefined
  /** Milliseconds to wait for an answer of `store`. Default: 1,000. */
  readonly storeTimeout?: number | undefined
  /** Replaces the published limits, for teams that have others. */
  readonly rates?: { readonly [Name in ThrottleClass]?: readonly Rate[] } | undefined
  /** Concurrent queries of a project. Default: 3, as many as PostHog runs. */
  readonly queriesAtOnce?: number | undefined
  /** Concurrent runs of materialized endpoints of a project. Default: 10. */
  readonly tableReadsAtOnce?: number | undefined
}
