import type { KeyKind } from '../auth/credential.ts'
import type { Claim, GateClaim, LimitStore, WindowClaim } from './store.ts'

/** PostHog's rate limits, by the name that Typehog gives each. Every operation counts in one of them. */
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

/** A limit: so many requests in any stretch of so many seconds. */
export interface Rate {
  readonly requests: number
  readonly seconds: number
}

/** Who goes first while calls wait: `high` counts as half a minute earlier, `low` as half a minute later. */
export type Priority = 'high' | 'normal' | 'low'

/**
 * Requests in a minute, an hour and a day that PostHog Cloud grants one key; 0 where there is no such limit
 * (PostHog/posthog posthog/rate_limit.py). Some teams have less, and recordings depend on the plan: that is learned
 * from what PostHog refuses.
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

/** Seconds of a minute, an hour and a day: what the numbers above are for, in this order. */
const spans = [60, 3_600, 86_400]

/** Whether a text names a limit. */
export function isThrottleClass(name: unknown): name is ThrottleClass {
  return typeof name === 'string' && Object.hasOwn(perSpan, name)
}

/** PostHog Cloud's numbers for a limit. */
export function ratesOf(name: ThrottleClass): readonly Rate[] {
  return perSpan[name].flatMap((requests, index) => {
    const seconds = spans[index]
    return requests === 0 || seconds === undefined ? [] : [{ requests, seconds }]
  })
}

/** Limits that PostHog counts on top of another one. */
export const alsoCounts: { readonly [Name in ThrottleClass]?: ThrottleClass } = { recordings: 'clickhouse' }

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

/** What decides which limits count a call. Calls with equal keys share their limits and one queue. */
export interface LimitKey {
  readonly origin: string
  /** A hash of the API key. */
  readonly credential: string
  readonly keyKind: KeyKind | undefined
  readonly throttle: ThrottleClass
  readonly project: string | undefined
  /** Whether PostHog runs a query for the call. A project may run only a few at once. */
  readonly runsQuery: boolean
}

/** The configured limits. */
export interface LimitConfig {
  readonly rates: { readonly [Name in ThrottleClass]?: readonly Rate[] }
  readonly queriesAtOnce: number
  readonly tableReadsAtOnce: number
}

/**
 * Milliseconds of a window: a little longer than PostHog's. PostHog counts a request when it arrives, so one that
 * travels faster than an earlier one would otherwise come too soon.
 */
const windowMs = (seconds: number): number => seconds * 1_000 + Math.min(500, seconds * 20)

/** Milliseconds after which a place that was not released comes free. No query runs for longer. */
const leaseMs = 600_000

/** Queries at once of an OAuth token. PostHog counts them with the app's own, for the whole organization. */
const oauthQueriesAtOnce = 6

/**
 * The claim of one request. PostHog does not count OAuth tokens. It counts each project secret key and, for queries and
 * endpoints, also all secret keys of a project together.
 */
export function claimFor(limitKey: LimitKey, config: LimitConfig): Claim {
  const { origin, credential, keyKind, throttle, project = '', runsQuery } = limitKey
  const owners = [credential]
  if (keyKind === 'project_secret' && (throttle === 'query' || throttle === 'materialized')) {
    owners.push(`project ${project}`)
  }
  const also = alsoCounts[throttle]
  const windows: WindowClaim[] = []
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
  const gates: GateClaim[] = []
  if (runsQuery) {
    const table = throttle === 'materialized'
    const places = table
      ? config.tableReadsAtOnce
      : keyKind === 'oauth'
        ? oauthQueriesAtOnce
        : config.queriesAtOnce
    const key = `${origin} project ${project} ${table ? 'tables' : 'queries'}`
    gates.push({ key, places, leaseMs })
    blocks.push(key)
  }
  return { windows, gates, blocks }
}
