import { type HogqlError, NotLocalError } from '../../hogql/hogql-error.ts'
import { ENGINE_MISSING, type EngineError } from '../engine/sql-engine.ts'
import { UNKNOWN_CHANNEL } from '../hogql/compile/channel-calls.ts'

/** Code of errors for what PostHog does and the local PostHog does not. */
const NOT_LOCAL = 'not_implemented_locally'

/** An error response of the API, with the body that PostHog sends. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError'
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    body: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status}`)
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** An error with the standard envelope: `{type, code, detail, attr}`. */
export function envelope(
  status: number,
  type: string,
  code: string,
  detail: string,
  attr: string | null = null,
  headers: Readonly<Record<string, string>> = {},
): ApiError {
  return new ApiError(status, { type, code, detail, attr }, headers)
}

/** 400 for an invalid field. `attr` is null when no single field is at fault. */
export function invalid(attr: string | null, detail: string, code = 'invalid_input'): ApiError {
  return envelope(400, 'validation_error', code, detail, attr)
}

/** 400 for a body that is not JSON, or that fails validation as a whole. */
export function parseError(detail: string): ApiError {
  return envelope(400, 'invalid_request', 'parse_error', `JSON parse error - ${detail}`)
}

/** An error with the bare body `{error}`. PostHog sends it for integer rules and missing versions of endpoints. */
export function bare(status: number, error: string, more: Readonly<Record<string, unknown>> = {}): ApiError {
  return new ApiError(status, { error, ...more })
}

/** 400 for HogQL, with the position of the fault in the text. 501 if PostHog would run it. */
export function hogqlError(error: HogqlError): ApiError {
  const { message: detail, start, end } = error
  const position = start === undefined ? {} : { extra: { start, end } }
  return error instanceof NotLocalError
    ? new ApiError(501, { type: 'server_error', code: NOT_LOCAL, detail, attr: null, ...position })
    : new ApiError(400, { type: 'validation_error', code: 'invalid_input', detail, attr: null, ...position })
}

/** The error of a query in a body: that of `hogqlError`, with the field of the query in a 400. */
export function queryFieldError(error: HogqlError): ApiError {
  return error instanceof NotLocalError ? hogqlError(error) : invalid('query', error.message)
}

/** 404 for an object that does not exist. */
export function notFound(detail = 'Not found.'): ApiError {
  return envelope(404, 'invalid_request', 'not_found', detail)
}

/** 403 for a key or an action without permission. */
export function forbidden(detail: string): ApiError {
  return envelope(403, 'authentication_error', 'permission_denied', detail)
}

/** 401 with the header that links to the OAuth metadata of this host. */
export function unauthorized(origin: string, code: string, detail: string): ApiError {
  return envelope(401, 'authentication_error', code, detail, null, {
    'WWW-Authenticate': `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource"`,
  })
}

/**
 * 501 for what PostHog computes and the local PostHog does not.
 *
 * @param what The missing part, such as `box plots of TrendsQuery`.
 */
export function notImplemented(what: string): ApiError {
  const detail = `The local PostHog does not compute ${what}.`
  return envelope(501, 'server_error', NOT_LOCAL, detail)
}

/** 429 of a rate limit, with the wait in the text and in `Retry-After`. */
export function throttled(seconds: number): ApiError {
  const detail = `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`
  return envelope(429, 'throttled_error', 'throttled', detail, null, { 'Retry-After': String(seconds) })
}

/** 429 of the query concurrency limit, without `Retry-After`. */
export function tooManyQueries(): ApiError {
  const detail = 'Too many queries are running right now — please try again in a moment.'
  return envelope(429, 'throttled_error', 'throttled', detail)
}

/** 405 for a method that the path does not support. */
export function methodNotAllowed(method: string, allowed: readonly string[]): ApiError {
  const detail = `Method "${method}" not allowed.`
  return envelope(405, 'invalid_request', 'method_not_allowed', detail, null, { Allow: allowed.join(', ') })
}

/** 504 of PostHog itself for a query that took too long. */
export function queryTimedOut(): ApiError {
  const detail = 'Query has hit the max execution time before completing.'
  return envelope(504, 'server_error', 'error', detail)
}

// ClickHouse's error names for expensive queries, with the code that an endpoint run returns for each.
const COST_ERRORS: Readonly<Record<string, string>> = {
  timeout_exceeded: 'query_timeout',
  too_slow: 'query_timeout',
  memory_limit_exceeded: 'query_memory_limit',
  query_is_too_large: 'query_too_large',
}

/** Converts an engine error for the query route: 400 for an invalid query, PostHog's own status for an expensive one. */
export function queryError(error: EngineError): ApiError {
  if (error.code === UNKNOWN_CHANNEL && error.message.includes('local PostHog')) {
    return envelope(501, 'server_error', NOT_LOCAL, error.message)
  }
  if (error.code === ENGINE_MISSING) return envelope(400, 'server_error', ENGINE_MISSING, error.message)
  const cost = COST_ERRORS[error.code]
  if (cost === 'query_timeout') return queryTimedOut()
  if (cost === 'query_memory_limit') {
    return envelope(513, 'server_error', 'clickhouse_memory_limit_exceeded', error.message)
  }
  return invalid(null, error.message, error.code)
}

/** Converts an engine error for an endpoint run: 400 of type `server_error` for an expensive query. */
export function endpointRunError(error: EngineError): ApiError {
  const cost = COST_ERRORS[error.code]
  return cost === undefined ? queryError(error) : envelope(400, 'server_error', cost, error.message)
}
