import type { KeyKind } from '../auth/credential.ts'
import type { GateRequest, LimitRequest, LimitStore, WindowRequest } from './store.ts'

/** Typehog's names of PostHog's rate limits. Every operation counts toward one of them. */
export type ThrottleClass =
  | 'default'
  | 'clickhouse'
  | 'query'
  | 'materialized'
  | 'event_values'
  | 'local_evaluation'
  | 'remote_config'
  | 'recordings'
  | 'draft_sql'
  | 'ai'
  | 'llm_text'
  | 'llm_sentiment'
  | 'llm_translation'
  | 'llm_summarization'
  | 'copy_flags'
  | 'saved_query_run'
  | 'materialization'
  | 'symbol_sets'
  | 'test_delivery'
  | 'invites'
  | 'public'

/** A rate limit: `requests` in a sliding window of `seconds`. */
export interface Rate {
  readonly requests: number
  readonly seconds: number
}

/** Priority of a queued call: `high` counts as 30 seconds earlier, `low` as 30 seconds later. */
export type Priority = 'high' | 'normal' | 'low'

/**
 * Requests per minute, hour and day that PostHog Cloud allows one key; 0 means no limit. Source: PostHog/posthog
 * posthog/rate_limit.py. Some teams have lower limits, and recordings depend on the plan: Typehog adapts to throttles.
 */
const perSpan: Readonly<Record<ThrottleClass, readonly number[]>> = {
  default: [480, 4_800],
  clickhouse: [240, 1_200],
  query: [240, 2_400],
  materialized: [1_200, 12_000],
  event_values: [60, 300],
  local_evaluation: [600],
  remote_config: [600],
  recordings: [100, 400],
  draft_sql: [10, 0, 100],
  ai: [10, 0, 100],
  llm_text: [120, 600],
  llm_sentiment: [60, 600],
  llm_translation: [30, 200, 500],
  llm_summarization: [50, 200, 500],
  copy_flags: [120, 300],
  saved_query_run: [10],
  materialization: [0, 5],
  symbol_sets: [1_200, 12_000],
  test_delivery: [10],
  invites: [0, 50, 200],
  public: [],
}

/** Seconds of a minute, an hour and a day, in the order of the numbers above. */
const spans = [60, 3_600, 86_400]

/** Whether a value is the name of a limit. */
export function isThrottleClass(name: unknown): name is ThrottleClass {
  return typeof name === 'string' && Object.hasOwn(perSpan, name)
}

/** The published rates of a limit on PostHog Cloud. */
export function ratesOf(name: ThrottleClass): readonly Rate[] {
  return perSpan[name].flatMap((requests, index) => {
    const seconds = spans[index]
    return requests === 0 || seconds === undefined ? [] : [{ requests, seconds }]
  })
}

/** Limits that PostHog counts in addition to another one. */
const alsoCounts: { readonly [Name in ThrottleClass]?: ThrottleClass } = { recordings: 'clickhouse' }

/** Options of the client-side rate limiter. */
export interface LimitOptions {
  /**
   * `count` stays within the published limits from the first request. `learn` sends freely until PostHog throttles a
   * request, pauses for as long as PostHog requests, and counts only after several throttles reveal a limit.
   * Default: `count` for PostHog Cloud, `learn` for self-hosted PostHog, which has no limits by default.
   */
  readonly mode?: 'count' | 'learn' | undefined
  /**
   * Store that counts requests. Default: memory of this process. See `redisLimits` of `typehog/redis`. While a store
   * fails or does not respond, the client counts in this process.
   */
  readonly store?: LimitStore | undefined
  /** Timeout of one operation of `store`, in milliseconds. Default: 1,000. */
  readonly storeTimeout?: number | undefined
  /** Replaces the published limits, for teams with other limits. */
  readonly rates?: { readonly [Name in ThrottleClass]?: readonly Rate[] } | undefined
  /** Maximum concurrent queries of a project. Default: 3, PostHog's own limit. */
  readonly maxConcurrentQueries?: number | undefined
  /** Maximum concurrent runs of materialized endpoints of a project. Default: 10. */
  readonly maxConcurrentMaterializedRuns?: number | undefined
}

/** Identifies the limits of a call. Calls with equal keys share their limits and one queue. */
export interface LimitKey {
  readonly origin: string
  /** A hash of the API key. */
  readonly credential: string
  readonly keyKind: KeyKind | undefined
  readonly throttle: ThrottleClass
  readonly project: string | undefined
  /** Whether PostHog runs a query for the call. PostHog bounds the concurrent queries of a project. */
  readonly runsQuery: boolean
}

/** The configured limits. */
export interface LimitConfig {
  readonly rates: { readonly [Name in ThrottleClass]?: readonly Rate[] }
  readonly maxConcurrentQueries: number
  readonly maxConcurrentMaterializedRuns: number
}

/**
 * Length of a window in milliseconds, slightly longer than PostHog's. PostHog counts a request when it arrives, so a
 * request that travels faster than an earlier one could otherwise exceed the limit.
 */
const windowMs = (seconds: number): number => seconds * 1_000 + Math.min(500, seconds * 20)

/** Lease of a place in milliseconds. No query runs for longer. */
const leaseMs = 600_000

/** Maximum concurrent queries of an OAuth token. PostHog counts them with the app's own, for the whole organization. */
const maxConcurrentOAuthQueries = 6

/**
 * The limits that one request counts toward. PostHog does not count requests of OAuth tokens. It counts each project
 * secret key and, for queries and endpoints, also all secret keys of a project together.
 */
export function limitRequestFor(limitKey: LimitKey, config: LimitConfig): LimitRequest {
  const { origin, credential, keyKind, throttle, project = '', runsQuery } = limitKey
  const owners = [credential]
  if (keyKind === 'project_secret' && (throttle === 'query' || throttle === 'materialized')) {
    owners.push(`project ${project}`)
  }
  const also = alsoCounts[throttle]
  const windows: WindowRequest[] = []
  const blocks: string[] = []
  for (const name of also === undefined ? [throttle] : [throttle, also]) {
    for (const owner of owners) {
      const bucket = `${origin} ${owner} ${name}`
      blocks.push(bucket)
      if (keyKind === 'oauth') continue
      for (const { requests, seconds } of config.rates[name] ?? ratesOf(name)) {
        windows.push({ key: `${bucket} ${seconds}`, requests, ms: windowMs(seconds) })
      }
    }
  }
  const gates: GateRequest[] = []
  if (runsQuery) {
    const table = throttle === 'materialized'
    const places = table
      ? config.maxConcurrentMaterializedRuns
      : keyKind === 'oauth'
        ? maxConcurrentOAuthQueries
        : config.maxConcurrentQueries
    const key = `${origin} project ${project} ${table ? 'tables' : 'queries'}`
    gates.push({ key, places, leaseMs })
    blocks.push(key)
  }
  return { windows, gates, blocks }
}
