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

  constructor(facts: { readonly operation: string; readonly issues: readonly ValidationIssue[] }) {
    const issues = facts.issues.map(({ path, message }) => `${path || 'the whole'}: ${message}`)
    // The base takes whatever fields there are; its declared type names only the common ones.
    super({
      ...facts,
      message: `${facts.operation} answered what its schema does not expect: ${issues.join('; ')}.`,
      fix: 'Look whether PostHog changed the answer, or set `validate` to "warn".',
    } as ErrorFacts)
  }
}
