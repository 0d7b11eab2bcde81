import type { BodyFormat } from '../errors/api-errors.ts'

/** The facts about a failed attempt that determine a retry. */
export type Failure =
  | {
      readonly kind: 'response'
      readonly status: number
      readonly type?: string | undefined
      readonly code?: string | undefined
      readonly detail?: string | undefined
      readonly bodyFormat?: BodyFormat | undefined
      /** `client`: the rate limiter did not send the call. */
      readonly source?: 'client' | 'server' | undefined
    }
  | { readonly kind: 'connection'; readonly unsent: boolean; readonly transient: boolean }
  | { readonly kind: 'timeout' }

/** Whether a failure can be retried, and why. */
export interface Classification {
  readonly retry: boolean
  readonly reason: string
  /** Maximum attempts for this kind of failure. Default: those of the client. */
  readonly maxAttempts?: number
}

/** Stop reason for a write that PostHog may have processed. */
export const unknownOutcome = 'a write with an unknown outcome'

const again = (reason: string): Classification => ({ retry: true, reason })
const stop = (reason: string): Classification => ({ retry: false, reason })

/**
 * Classifies a failure as retryable or final.
 *
 * A write is retried only when the server certainly did not act. Otherwise, status and body decide together: PostHog
 * uses 504 (with JSON), 512 and 513 for queries that can never succeed.
 */
export function classify(replay: 'safe' | 'unsafe', failure: Failure): Classification {
  if (failure.kind === 'response' && failure.status === 429) {
    return failure.source === 'client'
      ? stop('the rate limit stays full for too long')
      : again('rate limited')
  }
  if (failure.kind === 'connection' && !failure.transient) return stop('not a transient failure')
  if (failure.kind === 'connection' && failure.unsent) return again('not sent')
  const verdict =
    failure.kind === 'response'
      ? classifyResponse(failure)
      : again(failure.kind === 'timeout' ? 'timed out' : 'connection failed')
  return verdict.retry && replay === 'unsafe' ? stop(unknownOutcome) : verdict
}

function classifyResponse({
  status,
  type,
  code,
  detail,
  bodyFormat,
}: Failure & { kind: 'response' }): Classification {
  const isFromProxy =
    bodyFormat === 'text' || bodyFormat === 'html' || (code === undefined && detail === undefined)
  // PostHog responds 500 to polls of a failed async query.
  if (type === 'query_status') return stop('the query failed')
  if (status === 513 && detail !== undefined && /heavy load/i.test(detail)) return again('busy')
  // A 504 from a proxy is not JSON; one from PostHog means that the query was too slow.
  if (status === 504 && isFromProxy) return again('proxy timed out')
  // PostHog hides the message of ClickHouse. Most of these errors are permanent.
  if (status === 500 && /clickhouse/i.test(detail ?? '')) return { ...again('status 500'), maxAttempts: 2 }
  return [408, 500, 502, 503].includes(status) ? again(`status ${status}`) : stop(`status ${status} is final`)
}

/** Input of the retry decision. Times in milliseconds. */
export interface RetryFacts {
  readonly classification: Classification
  /** The attempt that failed, counted from 1. */
  readonly attempt: number
  readonly maxAttempts: number
  /** Wait requested by the server. */
  readonly serverWait: number | undefined
  /** Wait without a request by the server. */
  readonly backoff: number
  /** Remaining time of the total timeout. */
  readonly remaining: number
  /** Takes one retry from the budget; false when the budget is empty. */
  readonly spend: () => boolean
}

/** Retry after a wait, or stop. */
export type Decision =
  | { readonly retry: true; readonly waitMs: number; readonly reason: string }
  | { readonly retry: false; readonly reason: string }

/** Decides whether to retry. Checks the failure, the attempts, the deadline and the budget, in this order. */
export function decide(facts: RetryFacts): Decision {
  const { classification, attempt, serverWait, backoff, remaining, spend } = facts
  if (!classification.retry) return classification as Decision & { retry: false }
  const maxAttempts = Math.min(facts.maxAttempts, classification.maxAttempts ?? Infinity)
  if (attempt >= maxAttempts) {
    return {
      retry: false,
      reason: maxAttempts === 1 ? 'retries are disabled' : `${maxAttempts} attempts failed`,
    }
  }
  const waitMs = serverWait ?? backoff
  // An attempt that cannot start before the deadline fails now, without the wait.
  if (waitMs >= remaining) {
    return { retry: false, reason: `a wait of ${waitMs} ms exceeds the remaining ${Math.ceil(remaining)} ms` }
  }
  // A server that requests a wait is healthy, so the retry is free.
  if (serverWait === undefined && !spend()) return { retry: false, reason: 'the retry budget is empty' }
  return { retry: true, waitMs, reason: classification.reason }
}

/** Configuration of a retry budget. One retry costs 1. */
export interface BudgetPolicy {
  /** Maximum retries at once. */
  readonly capacity: number
  /** Fraction of a retry earned per success. */
  readonly perSuccess: number
  /** Fraction of a retry earned per second, so that an idle client recovers. */
  readonly perSecond: number
}

/** A retry budget for all calls of a client, which protects a server that is down. */
export interface RetryBudget {
  /** Takes one retry; false when the budget is empty. */
  take(): boolean
  /** Whether a success has nothing to restore. */
  readonly isFull: boolean
  succeeded(): void
}

/** Creates a retry budget: a token bucket over a clock in milliseconds. */
export function createBudget(policy: BudgetPolicy, monotonic: () => number): RetryBudget {
  let tokens = policy.capacity
  let last = monotonic()
  const earn = (amount: number): void => {
    tokens = Math.min(policy.capacity, tokens + amount)
  }
  const budget = {
    isFull: true,
    take() {
      budget.isFull = false
      const now = monotonic()
      earn(((now - last) / 1000) * policy.perSecond)
      last = now
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
    succeeded() {
      earn(policy.perSuccess)
      budget.isFull = tokens === policy.capacity
    },
  }
  return budget
}
