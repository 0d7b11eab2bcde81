import { PostHogError } from './posthog-error.ts'

/** A result has fewer rows than the query found, and the caller asked for all of them. */
export class TruncatedResultError extends PostHogError {
  override readonly name = 'TruncatedResultError' as const
  override readonly kind = 'truncated_result' as const
}
