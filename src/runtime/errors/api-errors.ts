import type { Region } from '../config/host.ts'
import { redacted } from '../observe/redact.ts'
import { CallError, type CallErrorFacts } from './call-errors.ts'
import type { ErrorKind } from './posthog-error.ts'

/** Fields of an APIError. */
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
  /** HogQL of the failed query. */
  readonly query?: string | undefined
  /** Values of its placeholders. */
  readonly values?: Readonly<Record<string, unknown>> | undefined
  /** Id of the failed execution, where PostHog returns it. */
  readonly executionId?: string | undefined
}

/**
 * Format of an error response's body. PostHog's API sends `json`; `text`, `html` and `empty` mostly come from a proxy or
 * a firewall.
 */
export type BodyFormat = 'json' | 'text' | 'html' | 'empty'

/** A response with a status other than 2xx, from PostHog or a proxy. Base class of the errors by status. */
export class APIError extends CallError {
  override readonly name: string = 'APIError'
  override readonly kind: ErrorKind = 'api'
  declare readonly status: number
  /** PostHog's type of error. 401 and 403 share `authentication_error`; check the status instead. */
  declare readonly type: string | undefined
  /** PostHog's error code, such as `not_found`. Not a closed set. */
  declare readonly code: string | undefined
  /**
   * The message in the response body: its `detail`, its field errors, its plain text, or the title of an HTML page.
   * Undefined when there is none.
   */
  declare readonly detail: string | undefined
  /** The invalid field; nested names are joined with `__`. */
  declare readonly attr: string | undefined
  /** Other content of the response, such as positions in a query, or a `detail` that is an object or array. */
  declare readonly extra: unknown
  declare readonly requestId: string | undefined
  /** Milliseconds to wait, as requested by the server. */
  declare readonly retryAfterMs: number | undefined
  /** Format of the response body; undefined when the error has no single response. */
  declare readonly bodyFormat: BodyFormat | undefined
  /** Headers of the response, with cookies and secrets redacted; undefined when the call was not sent. */
  declare readonly headers: Headers | undefined

  constructor(facts: APIErrorFacts) {
    super(facts)
  }

  /** Like `PostHogError.toJSON`, with the `values` of a query redacted. */
  override toJSON(): Record<string, unknown> {
    const { values } = this as { readonly values?: Readonly<Record<string, unknown>> | undefined }
    const json = super.toJSON()
    if (values === undefined) return json
    return { ...json, values: Object.fromEntries(Object.keys(values).map((name) => [name, redacted])) }
  }
}

/** 400, or another 4xx about the request itself, which has to change. */
export class BadRequestError extends APIError {
  override readonly name: 'BadRequestError' | 'MissingVariablesError' = 'BadRequestError'
  override readonly kind: 'bad_request' | 'missing_variables' = 'bad_request'
  /** HogQL text of the query, where the call sent one. */
  declare readonly query?: string | undefined
  /** Values of its placeholders. `toJSON` writes each as `[redacted]`. */
  declare readonly values?: Readonly<Record<string, unknown>> | undefined
  /** Id of the run that failed, where PostHog names it. */
  declare readonly executionId?: string | undefined
}

/** 400: an endpoint run lacks required variables. */
export class MissingVariablesError extends BadRequestError {
  override readonly name = 'MissingVariablesError' as const
  override readonly kind = 'missing_variables' as const
  /** Names of all missing variables. */
  declare readonly missing: readonly string[]

  constructor(facts: APIErrorFacts & { readonly missing: readonly string[] }) {
    super(facts)
  }
}

/** 401: PostHog rejects the key, which is missing, revoked, expired or of another region. */
export class AuthenticationError extends APIError {
  override readonly name: 'AuthenticationError' | 'WrongRegionError' = 'AuthenticationError'
  override readonly kind: 'authentication' | 'wrong_region' = 'authentication'
}

/** 401, and the other region of PostHog Cloud accepts the key. */
export class WrongRegionError extends AuthenticationError {
  override readonly name = 'WrongRegionError' as const
  override readonly kind = 'wrong_region' as const
  /** Region of the key. */
  declare readonly region: Region
  /** Host of the call. */
  declare readonly host: string

  constructor(facts: APIErrorFacts & { readonly region: Region; readonly host: string }) {
    super(facts)
  }
}

/** 403: the key is valid but lacks permission. */
export class PermissionError extends APIError {
  override readonly name = 'PermissionError' as const
  override readonly kind = 'permission' as const
  /** Scopes that the key lacks, such as `endpoint:read`; empty when scopes are not the reason. */
  declare readonly requiredScopes: readonly string[]

  constructor(facts: APIErrorFacts & { readonly requiredScopes: readonly string[] }) {
    super(facts)
  }
}

/** 404: the object, its version, or the whole route does not exist on this server. */
export class NotFoundError extends APIError {
  override readonly name = 'NotFoundError' as const
  override readonly kind = 'not_found' as const
  /** True when the server has no such route: an older PostHog, another server, or a wrong prefix. */
  declare readonly routeUnknown: boolean
  /** Current version of the object, when the requested version was not found. */
  declare readonly currentVersion: number | undefined

  constructor(
    facts: APIErrorFacts & { readonly routeUnknown: boolean; readonly currentVersion: number | undefined },
  ) {
    super(facts)
  }
}

/** 409: the object has changed in the meantime, or its state does not allow the request. */
export class ConflictError extends APIError {
  override readonly name = 'ConflictError' as const
  override readonly kind = 'conflict' as const
}

/** Fields of a RateLimitError. */
export interface RateLimitFacts extends APIErrorFacts {
  readonly retryAt: Date | undefined
  readonly bucket?: string | undefined
  readonly source?: 'server' | 'client'
}

/**
 * 429: too many requests with this key, or too many concurrent queries of the team. For the latter, PostHog sends no
 * wait, so `retryAfterMs` and `retryAt` are undefined.
 */
export class RateLimitError extends APIError {
  override readonly name = 'RateLimitError' as const
  override readonly kind = 'rate_limit' as const
  /** Time of the earliest retry, as requested by PostHog or computed by the client. */
  declare readonly retryAt: Date | undefined
  /** Name of the limit, such as `query`, where the client knows it. */
  declare readonly bucket: string | undefined
  /** `client`: the client did not send the call, because its own count predicts a 429. */
  declare readonly source: 'server' | 'client'

  constructor(facts: RateLimitFacts) {
    // The base class accepts any fields; its declared type has only the common ones.
    super({ bucket: undefined, source: 'server', ...facts } as APIErrorFacts)
  }
}

/**
 * 402: a billing limit, or a feature that the plan does not include. A retry does not help. Also the `cause` when PostHog
 * accepts captured events with 200 and drops them because of a billing limit.
 */
export class QuotaExceededError extends APIError {
  override readonly name = 'QuotaExceededError' as const
  override readonly kind = 'quota_exceeded' as const
}

/** A query failed: it is invalid, or exceeds one of PostHog's cost limits. */
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

/** A query exceeded PostHog's maximum execution time, or the polling timeout of the client. */
export class QueryTimeoutError extends APIError {
  override readonly name = 'QueryTimeoutError' as const
  override readonly kind = 'query_timeout' as const
  /** Id of an async query. */
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

/** 5xx: PostHog, or a proxy in front of it, failed. */
export class ServerError extends APIError {
  override readonly name = 'ServerError' as const
  override readonly kind = 'server' as const
}
