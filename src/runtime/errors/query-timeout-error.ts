import { APIError, type APIErrorFacts } from './api-error.ts'

/** The query ran into PostHog's execution time, and the same one would again; or it took longer than was waited for. */
export class QueryTimeoutError extends APIError {
  override readonly name = 'QueryTimeoutError' as const
  override readonly kind = 'query_timeout' as const
  /** Id of a query that ran in the background. */
  declare readonly queryId: string | undefined

  constructor(facts: APIErrorFacts & { readonly queryId?: string }) {
    super(facts)
  }
}
