import { type ApiError, envelope, queryTimedOut, throttled, tooManyQueries } from '../http/api-error.ts'
import type { Fault, FaultTarget } from './fault.ts'

type FaultFactory<Options extends unknown[] = []> = (...args: [...Options, on?: FaultTarget]) => Fault

/**
 * Faults that imitate failures of PostHog and of the proxies in front of it, with the same status, body and headers.
 * The last argument selects the requests. Default: the next one.
 *
 * @example
 * local.faults.add(faults.throttled(2, { path: '/query/' }), faults.badGateway({ times: 3 }))
 */
export const faults: {
  /** 429 of a rate limit, with `Retry-After` in seconds. */
  readonly throttled: FaultFactory<[seconds: number]>
  /** 429 of the query concurrency limit, without `Retry-After`. */
  readonly tooManyQueries: FaultFactory
  /** 503: ClickHouse has no capacity for another query. */
  readonly atCapacity: FaultFactory
  /** 503 with `Retry-After: 1`: PostHog's own database is unavailable. */
  readonly databaseUnavailable: FaultFactory
  /** 502 of a proxy, with an HTML page. */
  readonly badGateway: FaultFactory
  /** 504 of a proxy, with an HTML page. */
  readonly gatewayTimeout: FaultFactory
  /** 500 without details. */
  readonly serverError: FaultFactory
  /** 504 of PostHog itself: the query took too long. */
  readonly queryTimeout: FaultFactory
  /** 402: the monthly quota of API queries is exhausted. */
  readonly outOfQuota: FaultFactory
  /** A redirect. Default status: 302. */
  readonly redirect: (
    location: string,
    on?: FaultTarget & { readonly status?: 301 | 302 | 303 | 307 | 308 },
  ) => Fault
  /** 200 with an HTML page, as PostHog sends it outside the API. */
  readonly loginPage: FaultFactory
} = {
  throttled: (seconds, on) => fromApiError(throttled(seconds), on),
  tooManyQueries: (on) => fromApiError(tooManyQueries(), on),
  atCapacity: (on) => fromApiError(serverError(503, 'error', 'Queries are a little too busy right now.'), on),
  databaseUnavailable: (on) =>
    fromApiError(
      serverError(503, 'database_unavailable', 'The database is currently unavailable.', {
        'Retry-After': '1',
      }),
      on,
    ),
  badGateway: (on) => ({ ...on, status: 502, headers: HTML, body: htmlPage('502 Bad Gateway') }),
  gatewayTimeout: (on) => ({ ...on, status: 504, headers: HTML, body: htmlPage('504 Gateway Time-out') }),
  serverError: (on) => fromApiError(serverError(500, 'error', 'A server error occurred.'), on),
  queryTimeout: (on) => fromApiError(queryTimedOut(), on),
  outOfQuota: (on) =>
    fromApiError(
      serverError(402, 'api_queries_quota_exceeded', 'The allowance of API queries is used up.'),
      on,
    ),
  redirect: (location, { status = 302, ...on } = {}) => ({ ...on, status, headers: { location } }),
  loginPage: (on) => ({ ...on, status: 200, headers: HTML, body: htmlPage('PostHog') }),
}

const HTML = { 'content-type': 'text/html' }

function fromApiError({ status, headers, body }: ApiError, on: FaultTarget | undefined): Fault {
  return { ...on, status, headers, body }
}

function serverError(
  status: number,
  code: string,
  detail: string,
  headers?: Readonly<Record<string, string>>,
): ApiError {
  return envelope(status, 'server_error', code, detail, null, headers)
}

function htmlPage(title: string): string {
  return `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>`
}
