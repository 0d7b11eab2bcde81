import { APIError } from './api-error.ts'

/**
 * 402: a billing limit, or a feature that the plan does not have. Also the `cause` when PostHog accepts captured events
 * with 200 and drops them over a billing limit. Waiting does not help.
 */
export class QuotaExceededError extends APIError {
  override readonly name = 'QuotaExceededError' as const
  override readonly kind = 'quota_exceeded' as const
}
