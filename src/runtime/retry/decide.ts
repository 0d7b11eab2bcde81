import type { BodyFormat } from '../errors/api-errors.ts'

/** A failed attempt, reduced to what the decision needs. */
export type Failure =
  | {
      readonly kind: 'response'
      readonly status: number
      readonly type?: string | undefined
      readonly code?: string | undefined
      readonly detail?: string | undefined
      readonly bodyFormat?: BodyFormat | undefined
      /** `client`: the call was held back and never sent. */
      readonly source?: 'client' | 'server' | undefined
    }
  | { readonly kind: 'connection'; readonly unsent: boolean; readonly transient: boolean }
  | { readonly kind: 'timeout' }

/** Whether another attempt makes sense, and why or why not. */
export interface Classification {
  readonly retry: boolean
  readonly reason: string
  /** Attempts in all that make sense, where that is fewer than the client would make. */
  readonly atMost?: number
}

/** Why a write is not sent again that PostHog may have done. */
export const unknownOutcome = 'a write whose outcome is unknown'

const again = (reason: string): Classification => ({ retry: true, reason })
const stop = (reason: string): Classification => ({ retry: false, reason })

/**
 * Whether a failure may be followed by another attempt.
 *
 * A write is repeated only when the server certainly did not act. For the rest the class is read from status and
 * body together: PostHog uses 504 (as JSON), 512 and 513 for queries that can never succeed.
 */
export function classify(replay: 'safe' | 'unsafe', failure: Failure): Classification {
  if (failure.kind === 'response' && failure.status === 429) {
    return failure.source === 'client' ? stop('the limit stays full for too long') : again('rate limited')
  }
  if (failure.kind === 'connection' && !failure.transient) return stop('not a passing fault')
  if (failure.kind === 'connection' && failure.unsent) return again('not sent')
  const verdict = failure.kind === 'response' ? judge(failure) : again(`${failure.kind} failed`)
  return verdict.retry && replay === 'unsafe' ? stop(unknownOutcome) : verdict
}

function judge({ status, type, code, detail, bodyFormat }: Failure & { kind: 'response' }): Classification {
  const isProxys =
    bodyFormat === 'text' || bodyFormat === 'html' || (code === undefined && detail === undefined)
  // An async query that failed answers its polls with 500; the query is over.
  if (type === 'query_status') return stop('the query failed')
  if (status === 513 && detail !== undefined && /heavy load/i.test(detail)) return again('busy')
  // A proxy's 504 is not PostHog's JSON; the app's own one says that the query was too slow.
  if (status === 504 && isProxys) return again('proxy timed out')
  // PostHog hides what ClickHouse said; mostly it would say so again.
  if (status === 500 && /clickhouse/i.test(detail ?? '')) return { ...again('status 500'), atMost: 2 }
  return [408, 500, 502, 503].includes(status) ? again(`status ${status}`) : stop(`status ${status} is final`)
}

/** Everything that the decision rests on. Times in milliseconds. */
export interface Situation {
  readonly classification: Classification
  /** The attempt that failed, counted from 1. */
  readonly attempt: number
  readonly maxAttempts: number
  /** What the server asked for, if it did. */
  readonly serverWait: number | undefined
  /** What the client would wait by itself. */
  readonly backoff: number
  /** What is left of the total timeout. */
  readonly remaining: number
  /** Takes one retry from the budget; false when none is left. */
  readonly spend: () => boolean
}

/** Wait and try again, or stop. */
export type Decision =
  | { readonly retry: true; readonly waitMs: number; readonly reason: string }
  | { readonly retry: false; readonly reason: string }

/** Whether to try again, asked in this order: the failure, the count, the deadline, the budget. */
export function decide(situation: Situation): Decision {
  const { classification, attempt, serverWait, backoff, remaining, spend } = situation
  if (!classification.retry) return classification as Decision & { retry: false }
  const maxAttempts = Math.min(situation.maxAttempts, classification.atMost ?? Infinity)
  if (attempt >= maxAttempts) {
    return {
      retry: false,
      reason: maxAttempts === 1 ? 'retries are off' : `${maxAttempts} attempts were made`,
    }
  }
  const waitMs = serverWait ?? backoff
  // An attempt that cannot start before the deadline is not worth the wait: fail now and say when.
  if (waitMs >= remaining) {
    return { retry: false, reason: `a wait of ${waitMs} ms does not fit the ${Math.ceil(remaining)} ms left` }
  }
  // A server that names its wait is alive: such retries cost nothing.
  if (serverWait === undefined && !spend()) return { retry: false, reason: 'the retry budget is used up' }
  return { retry: true, waitMs, reason: classification.reason }
}

/** Numbers of a retry budget. One retry costs 1. */
export interface BudgetPolicy {
  /** Retries that may be spent at once. */
  readonly capacity: number
  /** Part of a retry that each success earns. */
  readonly perSuccess: number
  /** Part of a retry that each second earns, so that a quiet client recovers. */
  readonly perSecond: number
}

/** Keeps all calls of a client together from hammering a server that is down. */
export interface RetryBudget {
  /** Takes one retry; false when none is left. */
  take(): boolean
  succeeded(): void
}

/** A token bucket over a clock that counts milliseconds. */
export function createBudget(policy: BudgetPolicy, monotonic: () => number): RetryBudget {
  let tokens = policy.capacity
  let last = monotonic()
  const earn = (amount: number): void => {
    tokens = Math.min(policy.capacity, tokens + amount)
  }
  return {
    take() {
      const now = monotonic()
      earn(((now - last) / 1000) * policy.perSecond)
      last = now
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
    succeeded: () => earn(policy.perSuccess),
  }
}
