import type { Region } from '../config/host.ts'
import { redacted } from '../observe/redact.ts'
import { CallError, type CallErrorFacts } from './call-errors.ts'
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

/** 400, or another 4xx about the form of the request: the request itself has to change. */
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

/** 400: an endpoint was run without variables that it requires. */
export class MissingVariablesError extends BadRequestError {
  override readonly name = 'MissingVariablesError' as const
  override readonly kind = 'missing_variables' as const
  /** Names of all that are missing. */
  declare readonly missing: readonly string[]

  constructor(facts: APIErrorFacts & { readonly missing: readonly string[] }) {
    super(facts)
  }
}

/** 401: PostHog does not know the key: it is missing, revoked, expired or of another region. */
export class AuthenticationError extends APIError {
  override readonly name: 'AuthenticationError' | 'WrongRegionError' = 'AuthenticationError'
  override readonly kind: 'authentication' | 'wrong_region' = 'authentication'
}

/** 401, and the other region of PostHog Cloud knows the key. */
export class WrongRegionError extends AuthenticationError {
  override readonly name = 'WrongRegionError' as const
  override readonly kind = 'wrong_region' as const
  /** Where the key belongs. */
  declare readonly region: Region
  /** What was asked. */
  declare readonly host: string

  constructor(facts: APIErrorFacts & { readonly region: Region; readonly host: string }) {
    super(facts)
  }
}

/** 403: the key is known and may not do this. */
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
  /** True when the server has no such route: another kind of server, an older one, or a wrong prefix. */
  declare readonly routeUnknown: boolean
  /** When a version was not found: the version that the object is at. */
  declare readonly currentVersion: number | undefined

  constructor(
    facts: APIErrorFacts & { readonly routeUnknown: boolean; readonly currentVersion: number | undefined },
  ) {
    super(facts)
  }
}

/** 409: the object was changed meanwhile, or is in a state that forbids the request. */
export class ConflictError extends APIError {
  override readonly name = 'ConflictError' as const
  override readonly kind = 'conflict' as const
}

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

/**
 * 402: a billing limit, or a feature that the plan does not have. Also the `cause` when PostHog accepts captured events
 * with 200 and drops them over a billing limit. Waiting does not help.
 */
export class QuotaExceededError extends APIError {
  override readonly name = 'QuotaExceededError' as const
  override readonly kind = 'quota_exceeded' as const
}

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

/** 5xx: PostHog, or a proxy in front of it, failed. */
export class ServerError extends APIError {
  override readonly name = 'ServerError' as const
  override readonly kind = 'server' as const
}
