import { positive } from '../../runtime/config/check-options.ts'
import { BadRequestError, QueryError, QueryTimeoutError } from '../../runtime/errors/api-errors.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { tenMinutes } from '../polling.ts'
import type { InternalOptions, Requester, RequestInput, RequestOutput } from '../requester.ts'
import type { HogQLOptions, QueryOptions } from './query-options.ts'
import { namedVariables } from './variables.ts'

/** The operation that runs queries. */
export const queryRoute = 'POST /api/projects/{project_id}/query/'

type Route = typeof queryRoute

/** A query of any kind, as in PostHog's schema. */
export type AnyQuery = NonNullable<RequestInput<Route>['body']>['query']

/** Sends a query. */
export function sendQuery(
  requester: Requester,
  query: AnyQuery,
  { refresh, name, clientQueryId, async: _, onProgress: __, ...options }: QueryOptions,
  internal?: InternalOptions,
): APIPromise<RequestOutput<Route>> {
  const body = {
    query,
    ...(refresh === undefined ? {} : { refresh }),
    ...(name === undefined ? {} : { name }),
    ...(clientQueryId === undefined ? {} : { client_query_id: clientQueryId }),
  }
  return requester.request(queryRoute, { body }, options, internal)
}

/** A HogQL query in PostHog's schema, and the options of its request. */
export interface PreparedQuery {
  readonly source: AnyQuery
  readonly options: QueryOptions
}

/** Prepares a HogQL query. Fetching the ids of its variables counts toward `totalTimeout`. */
export async function prepareQuery(
  requester: Requester,
  { query, values }: HogQL<unknown>,
  {
    dates: _,
    int64: __,
    ttl: ___,
    staleIfThrottled: ____,
    variables,
    filters,
    modifiers,
    ...options
  }: HogQLOptions,
  internal?: InternalOptions,
): Promise<PreparedQuery> {
  const source = {
    kind: 'HogQLQuery',
    query,
    ...(Object.keys(values).length === 0 ? {} : { values }),
    ...(filters === undefined ? {} : { filters }),
    ...(modifiers === undefined ? {} : { modifiers }),
  } as const
  if (variables === undefined) return { source, options }
  const { monotonic } = requester.platform
  const total = totalTimeoutOf(requester, options)
  const startedAt = monotonic()
  const named = await namedVariables(requester, variables, { ...options, totalTimeout: total }, internal)
  const totalTimeout = Math.max(1, Math.ceil(total - (monotonic() - startedAt)))
  return { source: { ...source, variables: named }, options: { ...options, totalTimeout } }
}

/** Whether a query runs in the background. */
export function isInBackground({ async = false, refresh }: QueryOptions): boolean {
  return async || refresh?.includes('async') === true
}

/**
 * Total timeout of a query, in milliseconds.
 *
 * @throws ConfigurationError for a `totalTimeout` that is not a number above 0
 */
export function totalTimeoutOf({ config }: Requester, options: QueryOptions): number {
  const fallback = isInBackground(options) ? tenMinutes : config.totalTimeout
  return positive('totalTimeout', options.totalTimeout, fallback)
}

/**
 * Adds the text and the values of a query to the error that PostHog returned for it. Other errors stay as they are.
 *
 * @example await sendQuery(…).catch(addQueryTo(query))
 */
export function addQueryTo({ query, values }: HogQL<unknown>): (error: unknown) => never {
  return (error) => {
    const isAboutQuery =
      error instanceof BadRequestError || error instanceof QueryError || error instanceof QueryTimeoutError
    if (isAboutQuery) Object.assign(error, { query, values })
    throw error
  }
}
