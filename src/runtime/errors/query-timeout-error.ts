import { APIError } from './api-error.ts'

/** The query ran into PostHog's execution time. The same query would again. */
export class QueryTimeoutError extends APIError {
  override readonly name = 'QueryTimeoutError' as const
  override readonly kind = 'query_timeout' as const
}
