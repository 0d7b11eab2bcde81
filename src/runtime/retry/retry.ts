import type { RetryOptions } from '../config/options.ts'
import { APIError, RateLimitError } from '../errors/api-errors.ts'
import { type AttemptRecord, CallError, ConnectionError } from '../errors/call-errors.ts'
import type { RetryEvent } from '../observe/hooks.ts'
import type { Platform } from '../platform.ts'
import type { CallState } from '../transport/call.ts'
import {
  type Classification,
  classify,
  decide,
  type Failure,
  type RetryBudget,
  unknownOutcome,
} from './decide.ts'
import { backoff } from './timing.ts'

const timedOut = 'the total timeout expired'

/** Dependencies of a retry. */
export interface RetryContext {
  readonly platform: Pick<Platform, 'random' | 'monotonic' | 'sleep'>
  readonly policy: Pick<RetryOptions, 'decide'> & { readonly initialDelay: number; readonly maxDelay: number }
  readonly budget: RetryBudget
  readonly onRetry: (event: RetryEvent) => void
}

/**
 * Waits before a retry of a failed attempt, or throws the error with all attempts and the stop reason. Rethrows other
 * errors unchanged: those of a middleware, or of another call, such as a token refresh with its own attempts.
 */
export async function retryOrThrow(thrown: unknown, state: CallState, context: RetryContext): Promise<void> {
  const { platform, policy, budget, onRetry } = context
  const { operation, call, maxAttempts, deadline } = state
  if (call.signal?.aborted) throw call.signal.reason
  // When the deadline ends during the attempt, its error takes precedence over all but an error response.
  const error: unknown = deadline.aborted && !(thrown instanceof APIError) ? deadline.reason : thrown
  if (!(error instanceof CallError) || error.operation !== operation) throw error
  const decision = deadline.aborted
    ? ({ retry: false, reason: timedOut } as const)
    : decide({
        classification: decideWithCaller(error, state, policy.decide),
        attempt: state.attempt,
        maxAttempts,
        serverWait: error instanceof APIError ? error.retryAfterMs : undefined,
        backoff: backoff(state.attempt, policy, platform.random()),
        remaining: state.endsAt - platform.monotonic(),
        spend: () => budget.take(),
      })
  const record: AttemptRecord = {
    attempt: state.attempt,
    ...describeFailure(error),
    waitMs: decision.retry ? decision.waitMs : 0,
    reason: decision.reason,
  }
  state.attempts.push(record)
  if (!decision.retry) throw addHistory(error, state.attempts, decision.reason)
  onRetry({ operation, ...record })
  await platform.sleep(decision.waitMs, state.signal).catch((reason: unknown) => {
    throw reason instanceof CallError ? addHistory(reason, state.attempts, timedOut) : reason
  })
}

/** Typehog's classification of a failure, changed by the caller's `decide`, which cannot repeat a write. */
function decideWithCaller(
  error: CallError,
  { operation, attempt, call }: CallState,
  callerDecides: RetryOptions['decide'],
): Classification {
  const own = classify(call.replay, failureOf(error))
  const wanted = callerDecides?.({ error, operation, attempt, retry: own.retry, reason: own.reason })
  if (wanted === undefined || wanted === own.retry) return own
  if (!wanted) return { retry: false, reason: 'stopped by `retry.decide`' }
  return call.replay === 'safe' ? { retry: true, reason: 'requested by `retry.decide`' } : own
}

/** Adds the attempts of a call to an error of its streamed body. */
export function addStreamHistory(error: unknown, { attempt, attempts }: CallState): unknown {
  if (!(error instanceof CallError)) return error
  const last: AttemptRecord = {
    ...(attempts.at(-1) ?? { attempt, waitMs: 0 }),
    ...describeFailure(error),
    reason: 'the body broke off',
  }
  return Object.assign(error, { attempts: [...attempts.slice(0, -1), last] })
}

function failureOf(error: CallError): Failure {
  if (error instanceof APIError) return { ...error, kind: 'response' }
  if (error instanceof ConnectionError) return { ...error, kind: 'connection' }
  return { kind: 'timeout' }
}

/** Describes a failed attempt, for its record. */
export function describeFailure(error: CallError): Pick<AttemptRecord, 'status' | 'error'> {
  if (error instanceof RateLimitError && error.source === 'client') return { error: 'not sent' }
  if (error instanceof APIError) return { status: error.status }
  return { error: (error instanceof ConnectionError ? error.code : undefined) ?? error.name }
}

/** Adds the attempts and the stop reason to the last error of a call. */
function addHistory(error: CallError, attempts: readonly AttemptRecord[], stopReason: string): CallError {
  if (stopReason === unknownOutcome) {
    const fix = 'PostHog may have processed the request: check before you send it again.'
    Object.assign(error, { fix: error.fix === undefined ? fix : `${fix} ${error.fix}` })
  }
  return Object.assign(error, { attempts: [...attempts], stopReason })
}
