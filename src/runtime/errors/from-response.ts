import { type Redact, redact } from '../observe/redact.ts'
import { redactDeep } from '../observe/redact-deep.ts'
import { serverWait } from '../retry/timing.ts'
import { requestIdOf } from '../transport/http-response.ts'
import {
  APIError,
  type APIErrorFacts,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  MissingVariablesError,
  NotFoundError,
  PermissionError,
  QueryError,
  QueryTimeoutError,
  QuotaExceededError,
  RateLimitError,
  ServerError,
} from './api-errors.ts'
import { type ErrorBody, oneLine, readErrorBody, safeHeaders } from './error-body.ts'
import type { Symptoms } from './fixes.ts'

/** A response other than 2xx. */
export interface ErrorResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Maximum characters of PostHog's detail in a message. */
const maxDetail = 500
/** Maximum characters of a code and field in a message. */
const maxName = 200
/** Maximum characters of a parsed error body. PostHog's own are short. */
const maxText = 100_000

/**
 * Converts an error response to an error.
 *
 * @param now milliseconds by the wall clock
 * @param catalogue finds the fix
 * @param redactText redacts the secrets of the client and the call
 */
export function errorFromResponse(
  response: ErrorResponse,
  operation: string,
  now: number,
  catalogue: (symptoms: Symptoms) => string | undefined = () => undefined,
  redactText: Redact = redact,
): APIError {
  const { status, headers } = response
  const text = response.text.slice(0, maxText)
  // Parsed first, to find secrets however they are escaped.
  const parsed = readErrorBody(text, headers.get('content-type') ?? '')
  // Redaction preserves the shape of a value.
  const { hasPositions, ...body } = redactDeep(parsed, redactText) as ErrorBody
  const { code, detail, attr, bodyFormat } = body
  const isPostHogs = bodyFormat === 'json'
  const retryAfterMs = serverWait(headers, detail, now)
  const requiredScopes = status === 403 ? scopesIn(detail) : []
  const routeUnknown =
    status === 404 && (!isPostHogs || detail === undefined || detail === 'Endpoint not found.')
  const currentVersion = status === 404 ? currentVersionIn(body) : undefined
  const symptoms = { status, operation, code, attr, currentVersion }
  const fix = catalogue({ ...symptoms, detail: isPostHogs ? detail : undefined })
  const message = `${operation} returned ${status}${describe(headers, body)}`
  const requestId = requestIdOf(headers)
  const retryAt = retryAfterMs === undefined ? undefined : new Date(now + retryAfterMs)
  const facts: APIErrorFacts = {
    ...body,
    message,
    fix,
    operation,
    status,
    requestId,
    retryAfterMs,
    headers: safeHeaders(headers, redactText),
  }

  if (status === 400 && isQueryFailure(parsed)) {
    return code === 'query_timeout' ? new QueryTimeoutError(facts) : new QueryError(facts)
  }
  const missing = status === 400 && attr === 'variables' ? missingIn(detail) : []
  if (missing.length > 0) return new MissingVariablesError({ ...facts, missing })
  if (status === 401) return new AuthenticationError(facts)
  if (status === 402) return new QuotaExceededError(facts)
  if (status === 403) return new PermissionError({ ...facts, requiredScopes })
  if (status === 404) return new NotFoundError({ ...facts, routeUnknown, currentVersion })
  if (status === 409) return new ConflictError(facts)
  if (status === 429) return new RateLimitError({ ...facts, retryAt })
  if (status === 504 && isPostHogs && detail !== undefined) return new QueryTimeoutError(facts)
  if (status === 512 || status === 513 || (status === 500 && isQueryFailure(parsed)))
    return new QueryError(facts)
  if (status >= 500) return new ServerError(facts)
  return status >= 400 ? new BadRequestError(facts) : new APIError(facts)
}

function describe(headers: Headers, { bodyFormat, code, detail, attr }: ErrorBody): string {
  const sentence = detail === undefined ? undefined : oneLine(detail, maxDetail)
  if (bodyFormat === 'empty') return ' with an empty body.'
  if (bodyFormat !== 'json' || (sentence === undefined && code === undefined)) {
    const kind = headers.get('content-type')?.split(';')[0] || 'data without a content type'
    return ` with ${kind} instead of PostHog's JSON${sentence === undefined ? '.' : `: ${sentence}`}`
  }
  const parts = [code, attr && `at ${attr}`].filter((part) => part !== undefined && part !== '').join(' ')
  return `${parts && ` (${oneLine(parts, maxName)})`}: ${sentence ?? 'no detail.'}`
}

/**
 * PostHog's cost limits have codes that start with `query_`. The codes of ClickHouse errors are its own error names, in
 * lowercase with underscores. HogQL errors have positions in `extra`. Unlike invalid input, neither has an `attr`.
 */
function isQueryFailure({ type, code = '', detail = '', attr, hasPositions }: ErrorBody): boolean {
  return (
    type === 'query_status' ||
    code.startsWith('query_') ||
    (code === 'error' && /clickhouse/i.test(detail)) ||
    (type === 'validation_error' &&
      attr === undefined &&
      (hasPositions === true || (code.includes('_') && code !== 'invalid_input')))
  )
}

/** PostHog names the scope only in its message: `API key missing required scope 'endpoint:read'`. */
function scopesIn(detail = ''): string[] {
  return /scope/i.test(detail)
    ? [...detail.matchAll(/['"]([a-z_]+:[a-z]+)['"]/g)].map(([, scope = '']) => scope)
    : []
}

/** PostHog names all missing variables in one message, each in quotes. */
function missingIn(detail = ''): string[] {
  if (!/required|missing|not provided/i.test(detail)) return []
  return [...detail.matchAll(/(['"`])(.+?)\1/g)].map(([, , name = '']) => name)
}

function currentVersionIn({ extra }: ErrorBody): number | undefined {
  const version: unknown = (extra as { current_version?: unknown } | undefined)?.current_version
  return typeof version === 'number' ? version : undefined
}
