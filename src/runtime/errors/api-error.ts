import { CallError, type CallErrorFacts } from './call-error.ts'
import type { ErrorKind } from './posthog-error.ts'

/** What PostHog says about a refused request. */
export interface APIErrorFacts extends CallErrorFacts {
  readonly status: number
  readonly type?: string | undefined
  readonly code?: string | undefined
  readonly detail?: string | undefined
  readonly attr?: string | undefined
  readonly extra?: unknown
  readonly requestId?: string | undefined
  readonly retryAfterMs?: number | undefined
  /** Text of the query that was refused. */
  readonly query?: string | undefined
  /** Values of its placeholders. */
  readonly values?: Readonly<Record<string, unknown>> | undefined
  /** Id of the run that failed, where PostHog names it. */
  readonly executionId?: string | undefined
}

/** PostHog, or something between, answered with a status other than 2xx. Thrown itself for unusual statuses. */
export class APIError extends CallError {
  override readonly name: string = 'APIError'
  override readonly kind: ErrorKind = 'api'
  declare readonly status: number
  /** PostHog's class of error. 401 and 403 share `authentication_error`: go by the status. */
  declare readonly type: string | undefined
  /** PostHog's code, such as `not_found`. Not a closed set. */
  declare readonly code: string | undefined
  /** PostHog's sentence. Undefined when the answer was not PostHog's JSON. */
  declare readonly detail: string | undefined
  /** The field that was refused; nested names are joined with `__`. */
  declare readonly attr: string | undefined
  /** Whatever else the answer carried, such as positions in a query. */
  declare readonly extra: unknown
  declare readonly requestId: string | undefined
  /** Milliseconds that the server asked to wait, if it did. */
  declare readonly retryAfterMs: number | undefined

  constructor(facts: APIErrorFacts) {
    super(facts)
  }
}
