import { APIError, type APIErrorFacts } from './api-error.ts'

/**
 * 429: too many requests by this key, or too many queries of the team at once. The latter names no wait, so that
 * `retryAfterMs` and `retryAt` are undefined.
 */
export class RateLimitError extends APIError {
  override readonly name = 'RateLimitError' as const
  override readonly kind = 'rate_limit' as const
  /** The moment until which PostHog asked to wait. */
  declare readonly retryAt: Date | undefined

  constructor(facts: APIErrorFacts & { readonly retryAt: Date | undefined }) {
    super(facts)
  }
}
