import { APIError } from '../errors/api-error.ts'
import { CallError } from '../errors/call-error.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import type { Platform } from '../platform.ts'
import type { AttemptRecord, CallContext } from '../transport/context.ts'
import type { RetryBudget } from './budget.ts'
import { classify, type Failure } from './classify.ts'
import { decide } from './decide.ts'
import { backoff } from './timing.ts'

/** What the loop needs besides the attempt itself. */
export interface RetrySetting {
  readonly platform: Platform
  readonly policy: { readonly initialDelay: number; readonly maxDelay: number }
  readonly maxAttempts: number
  readonly budget: RetryBudget
  readonly context: CallContext
  /** Aborts with the caller's reason, or with the TimeoutError of the whole call. */
  readonly signal: AbortSignal
  readonly onRetry: (record: AttemptRecord) => void
}

/**
 * Runs attempts until one succeeds or none may follow. The last error carries all attempts and why it was the last.
 * What is not a failure of the call itself, such as an error of a middleware, is thrown at once.
 */
export async function withRetry<T extends { readonly status: number }>(
  run: () => Promise<T>,
  setting: RetrySetting,
): Promise<T> {
  const { context, platform, policy, maxAttempts, budget, signal, onRetry } = setting
  for (;;) {
    try {
      const result = await run()
      context.attempts.push({ attempt: context.attempt, status: result.status, waitMs: 0, reason: 'ok' })
      budget.succeeded()
      return result
    } catch (thrown) {
      if (context.signal?.aborted) throw context.signal.reason
      // The call ended while the attempt ran: that is what the caller is told, not how the attempt took it.
      const error: unknown = signal.aborted ? signal.reason : thrown
      if (!(error instanceof CallError)) throw error
      const decision = signal.aborted
        ? ({ retry: false, reason: 'the total timeout is over' } as const)
        : decide({
            classification: classify(context.replay, failureOf(error)),
            attempt: context.attempt,
            maxAttempts,
            serverWait: error instanceof APIError ? error.retryAfterMs : undefined,
            backoff: backoff(context.attempt, policy, platform.random()),
            remaining: context.deadline - platform.monotonic(),
            spend: () => budget.take(),
          })
      const record: AttemptRecord = {
        attempt: context.attempt,
        ...describe(error),
        waitMs: decision.retry ? decision.waitMs : 0,
        reason: decision.reason,
      }
      context.attempts.push(record)
      if (!decision.retry) throw conclude(error, context.attempts, decision.reason)
      onRetry(record)
      await platform.sleep(decision.waitMs, signal).catch((reason: unknown) => {
        throw reason instanceof CallError
          ? conclude(reason, context.attempts, 'the total timeout is over')
          : reason
      })
      context.attempt += 1
    }
  }
}

function failureOf(error: CallError): Failure {
  if (error instanceof APIError) return { ...error, kind: 'response' }
  if (error instanceof ConnectionError) return { ...error, kind: 'connection' }
  return { kind: 'timeout' }
}

function describe(error: CallError): Pick<AttemptRecord, 'status' | 'error'> {
  if (error instanceof APIError) return { status: error.status }
  return { error: (error instanceof ConnectionError ? error.code : undefined) ?? error.name }
}

/** Errors are built before it is known that they are the last: their history is added here, once. */
function conclude(error: CallError, attempts: readonly AttemptRecord[], retryVeto: string): CallError {
  return Object.assign(error, { attempts: [...attempts], retryVeto })
}
