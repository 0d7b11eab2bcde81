import { APIError, RateLimitError } from '../errors/api-errors.ts'
import { type AttemptRecord, CallError, ConnectionError } from '../errors/call-errors.ts'
import type { RetryEvent } from '../observe/hooks.ts'
import type { Platform } from '../platform.ts'
import type { CallState } from '../transport/call.ts'
import { classify, decide, type Failure, type RetryBudget, unknownOutcome } from './decide.ts'
import { backoff } from './timing.ts'

/** What the decision rests on besides the failure itself. */
export interface RetrySetting {
  readonly platform: Pick<Platform, 'random' | 'monotonic' | 'sleep'>
  readonly policy: { readonly initialDelay: number; readonly maxDelay: number }
  readonly budget: RetryBudget
  readonly onRetry: (event: RetryEvent) => void
}

/**
 * Decides about a failed attempt, and waits when there is to be another one. Otherwise it throws the error, which
 * carries all attempts and why this was the last. What is not a failure of the call itself is thrown as it is: an error
 * of a middleware, or of another call, such as the one that renews the key, which has made its own attempts.
 */
export async function recover(thrown: unknown, run: CallState, setting: RetrySetting): Promise<void> {
  const { platform, policy, budget, onRetry } = setting
  const { operation, call, maxAttempts, deadline: scope } = run
  if (call.signal?.aborted) throw call.signal.reason
  // The call ended while the attempt ran: the caller is told that, unless PostHog had refused it already.
  const error: unknown = scope.aborted && !(thrown instanceof APIError) ? scope.reason : thrown
  if (!(error instanceof CallError) || error.operation !== operation) throw error
  const decision = scope.aborted
    ? ({ retry: false, reason: 'the total timeout is over' } as const)
    : decide({
        classification: classify(call.replay, failureOf(error)),
        attempt: run.attempt,
        maxAttempts,
        serverWait: error instanceof APIError ? error.retryAfterMs : undefined,
        backoff: backoff(run.attempt, policy, platform.random()),
        remaining: run.endsAt - platform.monotonic(),
        spend: () => budget.take(),
      })
  const record: AttemptRecord = {
    attempt: run.attempt,
    ...describeFailure(error),
    waitMs: decision.retry ? decision.waitMs : 0,
    reason: decision.reason,
  }
  run.attempts.push(record)
  if (!decision.retry) throw conclude(error, run.attempts, decision.reason)
  onRetry({ operation, ...record })
  await platform.sleep(decision.waitMs, run.signal).catch((reason: unknown) => {
    throw reason instanceof CallError ? conclude(reason, run.attempts, 'the total timeout is over') : reason
  })
}

/** Adds the attempts of a call to the error that its streamed body ended with. */
export function concludeStream(error: unknown, { attempt, attempts }: CallState): unknown {
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

/** How an attempt failed, for its record. */
export function describeFailure(error: CallError): Pick<AttemptRecord, 'status' | 'error'> {
  if (error instanceof RateLimitError && error.source === 'client') return { error: 'not sent' }
  if (error instanceof APIError) return { status: error.status }
  return { error: (error instanceof ConnectionError ? error.code : undefined) ?? error.name }
}

/** Errors are built before it is known that they are the last: their history is added here, once. */
function conclude(error: CallError, attempts: readonly AttemptRecord[], stopReason: string): CallError {
  if (stopReason === unknownOutcome) {
    const fix = 'PostHog may have done it: look before you send it again.'
    Object.assign(error, { fix: error.fix === undefined ? fix : `${fix} ${error.fix}` })
  }
  return Object.assign(error, { attempts: [...attempts], stopReason })
}
