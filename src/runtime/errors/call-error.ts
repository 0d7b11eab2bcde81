import type { AttemptRecord } from '../transport/context.ts'
import { type ErrorFacts, PostHogError } from './posthog-error.ts'

/** What every failed call is made of. */
export interface CallErrorFacts extends ErrorFacts {
  readonly operation: string
}

/** A call that was sent, or tried, and failed. */
export abstract class CallError extends PostHogError {
  /** Method and path template of the call. */
  declare readonly operation: string
  /** Every attempt, in order. */
  readonly attempts: readonly AttemptRecord[] = []
  /** Why no further attempt was made. */
  readonly retryVeto: string | undefined = undefined

  constructor(facts: CallErrorFacts) {
    super(facts)
  }
}
