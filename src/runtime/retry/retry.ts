import type { Platform } from '../platform.ts'
import type { AttemptRecord, CallRun } from '../transport/context.ts'
import type { RetryBudget } from './budget.ts'

/** What the loop needs besides the attempt itself. */
export interface RetrySetting {
  readonly platform: Platform
  readonly policy: { readonly initialDelay: number; readonly maxDelay: number }
  readonly maxAttempts: number
  readonly budget: RetryBudget
  readonly run: CallRun
  readonly onRetry: (record: AttemptRecord) => void
}

/** Runs attempts until one succeeds or none may follow. How to go on after a failure is loaded when there is one. */
export async function withRetry<T extends { readonly status: number }>(
  once: () => Promise<T>,
  setting: RetrySetting,
): Promise<T> {
  const { run, budget } = setting
  for (;;) {
    try {
      const result = await once()
      run.attempts.push({ attempt: run.attempt, status: result.status, waitMs: 0, reason: 'ok' })
      budget.succeeded()
      return result
    } catch (thrown) {
      const { signal } = run.call
      if (signal?.aborted) throw signal.reason
      const { recover } = await import('./recover.ts')
      await recover(thrown, setting)
      run.attempt += 1
    }
  }
}
