import { redacted } from '../observe/redact.ts'
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
  readonly bodyFormat?: BodyFormat | undefined
  readonly headers?: Headers | undefined
  /** Text of the query that was refused. */
  readonly query?: string | undefined
  /** Values of its placeholders. */
  readonly values?: Readonly<Record<string, unknown>> | undefined
  /** Id of the run that failed, where PostHog names it. */
  readonly executionId?: string | undefined
}

/**
 * Form of a refusal's body. PostHog's API answers `json`; `text`, `html` and `empty` mostly come from a proxy or a
 * firewall.
 */
export type BodyFormat = 'json' | 'text' | 'html' | 'empty'

/** PostHog, or something between, answered with a status other than 2xx. Thrown itself for unusual statuses. */
export class APIError extends CallError {
  override readonly name: string = 'APIError'
  override readonly kind: ErrorKind = 'api'
  declare readonly status: number
  /** PostHog's class of error. 401 and 403 share `authentication_error`: go by the status. */
  declare readonly type: string | undefined
  /** PostHog's code, such as `not_found`. Not a closed set. */
  declare readonly code: string | undefined
  /**
   * What the answer says, as a sentence: its `detail`, the errors of its fields, its plain text, or the title of a
   * page. Undefined when it says nothing.
   */
  declare readonly detail: string | undefined
  /** The field that was refused; nested names are joined with `__`. */
  declare readonly attr: string | undefined
  /** What else the answer carried, such as positions in a query; also a `detail` that is an object or a list. */
  declare readonly extra: unknown
  declare readonly requestId: string | undefined
  /** Milliseconds that the server asked to wait, if it did. */
  declare readonly retryAfterMs: number | undefined
  /** Form of the answer's body; undefined when the error stands for no single answer. */
  declare readonly bodyFormat: BodyFormat | undefined
  /** Headers of the answer, with cookies and secrets redacted; undefined when the call was not sent. */
  declare readonly headers: Headers | undefined

  constructor(facts: APIErrorFacts) {
    super(facts)
  }

  /** As in every error; `values` of a query are redacted. */
  override toJSON(): Record<string, unknown> {
    const { values } = this as { readonly values?: Readonly<Record<string, unknown>> | undefined }
    const json = super.toJSON()
    if (values === undefined) return json
    return { ...json, values: Object.fromEntries(Object.keys(values).map((name) => [name, redacted])) }
  }
}
