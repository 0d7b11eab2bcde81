import {
  APIError,
  type APIErrorOf,
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
  type Route,
  ServerError,
} from '../index.ts'
import { fixFor } from '../runtime/errors/fixes.ts'
import { errorFromResponse } from '../runtime/errors/from-response.ts'

/** Options of `apiError`. */
export interface APIErrorOptions {
  /** Method and path template, in the message and in `operation`. Default: `A stubbed call`. */
  readonly operation?: Route | undefined
  /** Headers of the response, such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Type, code and detail of PostHog's responses by status. */
const bodies: Readonly<Record<number, readonly [type: string, code: string, detail: string]>> = {
  400: ['validation_error', 'invalid_input', 'Invalid input.'],
  401: [
    'authentication_error',
    'authentication_failed',
    'Personal API key found in request Authorization header is invalid.',
  ],
  402: ['quota_exceeded_error', 'quota_limit_exceeded', 'You have exceeded your billing limit.'],
  403: ['authentication_error', 'permission_denied', 'You do not have permission to perform this action.'],
  404: ['invalid_request', 'not_found', 'Not found.'],
  409: ['validation_error', 'conflict', 'The object has changed in the meantime.'],
  429: ['throttled_error', 'throttled', 'Request was throttled.'],
  500: ['server_error', 'error', 'A server error occurred.'],
}

/** The classes of the main entry by name, so that `instanceof` holds for those that a program imports. */
const classes: Readonly<Record<string, new (facts: never) => APIError>> = {
  APIError,
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
}

/**
 * Creates the error that the client throws for a response of PostHog, with its class, message and fix. For stubs, and
 * for `mockRejectedValue`.
 *
 * @param body the JSON of the response; other values replace PostHog's usual `type`, `code` and `detail` of the status
 * @throws RangeError for a status that is not an error
 * @example
 * const missing = apiError(404, { detail: 'Cohort 7 does not exist.' })
 * const busy = apiError(429, {}, { headers: { 'retry-after': '30' } })
 * console.log(missing.name, busy.retryAfterMs)
 */
export function apiError<Status extends number>(
  status: Status,
  body: Readonly<Record<string, unknown>> = {},
  { operation, headers = {} }: APIErrorOptions = {},
): APIErrorOf<Status> {
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new RangeError(
      `The status of \`apiError\` is ${String(status)}; expected an integer from 400 to 599.`,
    )
  }
  const [type, code, detail] = bodies[status] ?? bodies[status < 500 ? 400 : 500] ?? []
  const response = {
    status,
    headers: new Headers({ 'content-type': 'application/json', ...headers }),
    text: JSON.stringify({ type, code, detail, attr: null, ...body }),
  }
  const error = errorFromResponse(response, operation ?? 'A stubbed call', Date.now(), fixFor)
  const Class = classes[error.name] ?? APIError
  const { message } = error
  // The class has the fields of the error, and the status decides it.
  return new Class({ ...error, message } as never) as APIErrorOf<Status>
}
