import { type ApiError, envelope, queryTimedOut, throttledFor, tooManyQueries } from '../http/api-error.ts'
import type { Fault, FaultTarget } from './fault.ts'

type Make<Options extends unknown[] = []> = (...args: [...Options, on?: FaultTarget]) => Fault

/** The answer of an error of PostHog. */
const answered = ({ status, headers, body }: ApiError, on: FaultTarget | undefined): Fault => ({
  ...on,
  status,
  headers,
  body,
})
const page = (title: string): string =>
  `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>`
const serverError = (
  status: number,
  code: string,
  detail: string,
  headers?: Readonly<Record<string, string>>,
): ApiError => envelope(status, 'server_error', code, detail, null, headers)
const html = { 'content-type': 'text/html' }

/**
 * What PostHog and the machines before it answer when they cannot, each by PostHog's own status, body and headers. The
 * last argument says which requests; by default it is the next one.
 *
 * @example
 * local.faults.add(faults.throttled(2, { path: '/query/' }), faults.badGateway({ times: 3 }))
 */
export const faults: {
  /** 429 of a rate limit, with `Retry-After` in seconds. */
  readonly throttled: Make<[seconds: number]>
  /** 429 of a project that has too many queries at once; says nothing about when. */
  readonly tooManyQueries: Make
  /** 503: ClickHouse has no room for another query. */
  readonly atCapacity: Make
  /** 503 with `Retry-After: 1`: PostHog's own database is away. */
  readonly databaseUnavailable: Make
  /** 502 of a proxy, as a page. */
  readonly badGateway: Make
  /** 504 of a proxy, as a page. */
  readonly gatewayTimeout: Make
  /** 500 without a reason. */
  readonly serverError: Make
  /** 504 of PostHog itself: the query took too long. */
  readonly queryTimeout: Make
  /** 402: the allowance of the month is used up. */
  readonly outOfQuota: Make
  /** A redirect; 302 unless told otherwise. */
  readonly redirect: (
    location: string,
    on?: FaultTarget & { readonly status?: 301 | 302 | 303 | 307 | 308 },
  ) => Fault
  /** 200 with a page, as an address outside the API answers. */
  readonly loginPage: Make
} = {
  throttled: (seconds, on) => answered(throttledFor(seconds), on),
  tooManyQueries: (on) => answered(tooManyQueries(), on),
  atCapacity: (on) => answered(serverError(503, 'error', 'Queries are a little too busy right now.'), on),
  databaseUnavailable: (on) =>
    answered(
      serverError(503, 'database_unavailable', 'The database is currently unavailable.', {
        'Retry-After': '1',
      }),
      on,
    ),
  badGateway: (on) => ({ ...on, status: 502, headers: html, body: page('502 Bad Gateway') }),
  gatewayTimeout: (on) => ({ ...on, status: 504, headers: html, body: page('504 Gateway Time-out') }),
  serverError: (on) => answered(serverError(500, 'error', 'A server error occurred.'), on),
  queryTimeout: (on) => answered(queryTimedOut(), on),
  outOfQuota: (on) =>
    answered(serverError(402, 'api_queries_quota_exceeded', 'The allowance of API queries is used up.'), on),
  redirect: (location, { status = 302, ...on } = {}) => ({ ...on, status, headers: { location } }),
  loginPage: (on) => ({ ...on, status: 200, headers: html, body: page('PostHog') }),
}
