import { APIError, type APIErrorFacts } from './api-error.ts'

/** The query ran into PostHog's execution time, and the same one would again; or it took longer than was waited for. */
export class QueryTimeoutError extends APIError {
  override readonly name = 'QueryTimeoutError' as const
  override readonly kind = 'query_timeout' as const
  /** Id of a query that ran in the background. */
  declare readonly queryId: string | undefined
  /** HogQL text of the query, where the call sent one. */
  declare readonly query?: string | undefined
  /** Values of its placeholders. `toJSON` writes each as `[redacted]`. */
  declare readonly values?: Readonly<Record<string, unknown>> | undefined
  /** Id of the run that failed, where PostHog names it. */
  declare readonly executionId?: string | undefined

  constructor(facts: APIErrorFacts & { readonly queryId?: string }) {
    super(facts)
  }
}
