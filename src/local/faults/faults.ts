import type { Fault, FaultTarget } from './fault.ts'

type Make<Options extends unknown[] = []> = (...args: [...Options, on?: FaultTarget]) => Fault

const envelope = (type: string, code: string, detail: string): object => ({ type, code, detail, attr: null })
const page = (title: string): string =>
  `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>`
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
  throttled: (seconds, on) => ({
    ...on,
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: envelope(
      'throttled_error',
      'throttled',
      `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`,
    ),
  }),
  tooManyQueries: (on) => ({
    ...on,
    status: 429,
    body: envelope(
      'throttled_error',
      'throttled',
      'Too many queries are running right now — please try again in a moment.',
    ),
  }),
  atCapacity: (on) => ({
    ...on,
    status: 503,
    body: envelope('server_error', 'error', 'Queries are a little too busy right now.'),
  }),
  databaseUnavailable: (on) => ({
    ...on,
    status: 503,
    headers: { 'retry-after': '1' },
    body: envelope('server_error', 'database_unavailable', 'The database is currently unavailable.'),
  }),
  badGateway: (on) => ({ ...on, status: 502, headers: html, body: page('502 Bad Gateway') }),
  gatewayTimeout: (on) => ({ ...on, status: 504, headers: html, body: page('504 Gateway Time-out') }),
  serverError: (on) => ({
    ...on,
    status: 500,
    body: envelope('server_error', 'error', 'A server error occurred.'),
  }),
  queryTimeout: (on) => ({
    ...on,
    status: 504,
    body: envelope('server_error', 'error', 'Query has hit the max execution time before completing.'),
  }),
  outOfQuota: (on) => ({
    ...on,
    status: 402,
    body: envelope('server_error', 'api_queries_quota_exceeded', 'The allowance of API queries is used up.'),
  }),
  redirect: (location, { status = 302, ...on } = {}) => ({ ...on, status, headers: { location } }),
  loginPage: (on) => ({ ...on, status: 200, headers: html, body: page('PostHog') }),
}
