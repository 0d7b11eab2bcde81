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
