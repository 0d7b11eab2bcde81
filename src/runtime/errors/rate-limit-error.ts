import { APIError, type APIErrorFacts } from './api-error.ts'

/** What is known of a call that a rate limit stopped. */
export interface RateLimitFacts extends APIErrorFacts {
  readonly retryAt: Date | undefined
  readonly bucket?: string | undefined
  readonly source?: 'server' | 'client'
}

/**
 * 429: too many requests by this key, or too many queries of the team at once. The latter names no wait, so that
 * `retryAfterMs` and `retryAt` are undefined.
 */
export class RateLimitError extends APIError {
  override readonly name = 'RateLimitError' as const
  override readonly kind = 'rate_limit' as const
  /** The moment until which PostHog asked to wait, or from which the client would send again. */
  declare readonly retryAt: Date | undefined
  /** Name of the limit, such as `query`, where the client knows it. */
  declare readonly bucket: string | undefined
  /** `client`: the call was not sent, because the client's own count says that PostHog would refuse it. */
  declare readonly source: 'server' | 'client'

  constructor(facts: RateLimitFacts) {
    // The base takes whatever fields there are; its declared type names only the common ones.
    super({ bucket: undefined, source: 'server', ...facts } as APIErrorFacts)
  }
}
