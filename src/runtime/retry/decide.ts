import type { Classification } from './classify.ts'

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
