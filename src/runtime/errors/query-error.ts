import { APIError } from './api-error.ts'

/** The query failed: a mistake in it, or a guard of PostHog against its cost. */
export class QueryError extends APIError {
  override readonly name = 'QueryError' as const
  override readonly kind = 'query' as const
  /** HogQL text of the query, where the call sent one. */
  declare readonly query?: string | undefined
  /** Values of its placeholders. `toJSON` writes each as `[redacted]`. */
  declare readonly values?: Readonly<Record<string, unknown>> | undefined
  /** Id of the run that failed, where PostHog names it. */
  declare readonly executionId?: string | undefined
}
