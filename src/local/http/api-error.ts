/** An answer that is not a success, in one of PostHog's body forms. */
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

/** The standard envelope: `{type, code, detail, attr}`. */
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

/** 400 about a field of the body, or about the whole request when `attr` is null. */
export function invalid(attr: string | null, detail: string, code = 'invalid_input'): ApiError {
  return envelope(400, 'validation_error', code, detail, attr)
}

/** 400 for a body that is not JSON or does not fit the request's model as a whole. */
export function parseError(detail: string): ApiError {
  return envelope(400, 'invalid_request', 'parse_error', `JSON parse error - ${detail}`)
}

/** The bare form, `{error}`: integer rules and missing versions of endpoints. */
export function bare(status: number, error: string, more: Readonly<Record<string, unknown>> = {}): ApiError {
  return new ApiError(status, { error, ...more })
}

/** 404 of an object that does not exist on a route that does. */
export function notFound(detail = 'Not found.'): ApiError {
  return envelope(404, 'invalid_request', 'not_found', detail)
}

/** 403. */
export function forbidden(detail: string): ApiError {
  return envelope(403, 'authentication_error', 'permission_denied', detail)
}

/** 401, with the header that points at the OAuth metadata of this host. */
export function unauthorized(origin: string, code: string, detail: string): ApiError {
  return envelope(401, 'authentication_error', code, detail, null, {
    'WWW-Authenticate': `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource"`,
  })
}

/** 429 of a request throttle: says in text and header when to come back. */
export function throttled(waitSeconds: number): ApiError {
  return throttledFor(Math.max(1, Math.ceil(waitSeconds)))
}

/** The same for just these seconds. */
export function throttledFor(seconds: number): ApiError {
  const detail = `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`
  return envelope(429, 'throttled_error', 'throttled', detail, null, { 'Retry-After': String(seconds) })
}

/** 429 of the query concurrency limit: it has no Retry-After. */
export function tooManyQueries(): ApiError {
  const detail = 'Too many queries are running right now — please try again in a moment.'
  return envelope(429, 'throttled_error', 'throttled', detail)
}

/** 405: the path exists, the method does not. */
export function methodNotAllowed(method: string, allowed: readonly string[]): ApiError {
  const detail = `Method "${method}" not allowed.`
  return envelope(405, 'invalid_request', 'method_not_allowed', detail, null, { Allow: allowed.join(', ') })
}

/** 504 of PostHog itself: the query took too long. */
export function queryTimedOut(): ApiError {
  const detail = 'Query has hit the max execution time before completing.'
  return envelope(504, 'server_error', 'error', detail)
}
