import type { Rate, ThrottleClass } from './buckets.ts'
import type { LimitStore } from './store.ts'

/** How a client keeps within PostHog's rate limits. */
export interface LimitOptions {
  /**
   * `count` keeps within the published numbers from the first request on; `learn` sends freely until PostHog refuses
   * one. Default: `count` for PostHog Cloud, `learn` for a self-hosted PostHog, which limits nothing as it comes.
   */
  readonly mode?: 'count' | 'learn'
  /** Where requests are counted. Default: in this process. See `redisLimits` of `typehog/redis`. */
  readonly store?: LimitStore
  /** Replaces the published numbers of single limits, for teams that have others. */
  readonly rates?: { readonly [Name in ThrottleClass]?: readonly Rate[] }
  /** Queries of a project at once. Default: 3, as many as PostHog runs. */
  readonly queriesAtOnce?: number
  /** Runs of materialised endpoints of a project at once. Default: 10. */
  readonly tableReadsAtOnce?: number
}
