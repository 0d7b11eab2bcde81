import { APIError } from './api-error.ts'

/** The query failed: a mistake in it, or a guard of PostHog against its cost. */
export class QueryError extends APIError {
  override readonly name = 'QueryError' as const
  override readonly kind = 'query' as const
}
