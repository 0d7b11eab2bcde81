import { type ErrorFacts, PostHogError } from './posthog-error.ts'

/** One part of an answer that does not fit. */
export interface ValidationIssue {
  /** Where, such as `results.0.key`; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** An answer of 2xx does not fit the schema that it was held against. The message shows no value of it. */
export class ResponseValidationError extends PostHogError {
  override readonly name = 'ResponseValidationError' as const
  override readonly kind = 'invalid_response' as const
  declare readonly operation: string
  /** The first few of them. */
  declare readonly issues: readonly ValidationIssue[]

  constructor(
    facts: ErrorFacts & { readonly operation: string; readonly issues: readonly ValidationIssue[] },
  ) {
    super(facts)
  }
}
