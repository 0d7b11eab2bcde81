import { redact } from '../observe/redact.ts'
import { serverWait } from '../retry/timing.ts'
import { requestIdOf } from '../transport/request-id.ts'
import { APIError, type APIErrorFacts } from './api-error.ts'
import { AuthenticationError } from './authentication-error.ts'
import { BadRequestError } from './bad-request-error.ts'
import { ConflictError } from './conflict-error.ts'
import { type ErrorBody, readErrorBody } from './error-body.ts'
import type { Symptoms } from './fixes.ts'
import { MissingVariablesError } from './missing-variables-error.ts'
import { NotFoundError } from './not-found-error.ts'
import { PermissionError } from './permission-error.ts'
import { QueryError } from './query-error.ts'
import { QueryTimeoutError } from './query-timeout-error.ts'
import { QuotaExceededError } from './quota-exceeded-error.ts'
import { RateLimitError } from './rate-limit-error.ts'
import { ServerError } from './server-error.ts'

/** An answer other than 2xx. */
export interface RefusedAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Longest part of PostHog's sentence that a message shows, in characters. */
const maxDetail = 500
/** Longest body that is read for an error, in characters: PostHog's own are short. */
const maxText = 100_000

/**
 * The error that stands for an answer.
 *
 * @param now milliseconds by the wall clock
 * @param catalogue what to do about it
 */
export function errorFromResponse(
  answer: RefusedAnswer,
  operation: string,
  now: number,
  catalogue: (symptoms: Symptoms) => string | undefined = () => undefined,
): APIError {
  const { status, headers } = answer
  const body = readErrorBody(redact(answer.text.slice(0, maxText)))
  const { code, detail, attr } = body
  const retryAfterMs = serverWait(headers, detail, now)
  const requiredScopes = status === 403 ? scopesIn(detail) : []
  const routeUnknown = status === 404 && (detail === undefined || detail === 'Endpoint not found.')
  const currentVersion = status === 404 ? currentVersionIn(body) : undefined
  const fix = catalogue({ status, operation, code, attr, detail, currentVersion })
  const message = `${operation} was answered by ${status}${describe(answer, body)}`
  const requestId = requestIdOf(headers)
  const retryAt = retryAfterMs === undefined ? undefined : new Date(now + retryAfterMs)
  const facts: APIErrorFacts = { ...body, message, fix, operation, status, requestId, retryAfterMs }

  if (status === 400 && isQueryFailure(body)) {
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
  if (status === 504 && detail !== undefined) return new QueryTimeoutError(facts)
  if (status === 512 || status === 513 || (status === 500 && isQueryFailure(body)))
    return new QueryError(facts)
  if (status >= 500) return new ServerError(facts)
  return status >= 400 ? new BadRequestError(facts) : new APIError(facts)
}

function describe({ headers, text }: RefusedAnswer, { code, detail, attr }: ErrorBody): string {
  if (detail === undefined && code === undefined) {
    const kind = headers.get('content-type')?.split(';')[0] || 'data without a type'
    return text === '' ? ' with an empty body.' : ` with ${kind} in place of PostHog's JSON.`
  }
  const parts = [code, attr && `at ${attr}`].filter(Boolean).join(' ')
  return `${parts && ` (${parts})`}: ${plain(detail) ?? 'no detail.'}`
}

/** A sentence for a terminal: without control characters, which a hostile answer may hold, and not too long. */
function plain(detail: string | undefined): string | undefined {
  return detail?.slice(0, maxDetail).replace(/\p{Cc}+/gu, ' ')
}

/**
 * PostHog's cost guards have codes that begin with `query_`. ClickHouse's errors have its own name for them, in lower
 * case and with underscores, and HogQL's carry positions in `extra`; neither names a field, unlike bad input.
 */
function isQueryFailure({ type, code = '', detail = '', attr, extra }: ErrorBody): boolean {
  return (
    type === 'query_status' ||
    code.startsWith('query_') ||
    (code === 'error' && /clickhouse/i.test(detail)) ||
    (type === 'validation_error' &&
      attr === undefined &&
      (extra !== undefined || (code.includes('_') && code !== 'invalid_input')))
  )
}

/** PostHog names the scope in its sentence only: `API key missing required scope 'endpoint:read'`. */
function scopesIn(detail = ''): string[] {
  return /scope/i.test(detail)
    ? [...detail.matchAll(/['"]([a-z_]+:[a-z]+)['"]/g)].map(([, scope = '']) => scope)
    : []
}

/** PostHog names all missing variables in one sentence, each in quotes. */
function missingIn(detail = ''): string[] {
  if (!/required|missing|not provided/i.test(detail)) return []
  return [...detail.matchAll(/(['"`])(.+?)\1/g)].map(([, , name = '']) => name)
}

function currentVersionIn({ extra }: ErrorBody): number | undefined {
  const version: unknown = (extra as { current_version?: unknown } | undefined)?.current_version
  return typeof version === 'number' ? version : undefined
}
