import { positive } from '../../runtime/config/resolve.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { tenMinutes } from '../patience.ts'
import type { Requester, RouteOptions } from '../requester.ts'
import type { HogQLOptions, QueryOptions } from './query-options.ts'
import type { AnyQuery } from './send.ts'
import { namedVariables } from './variables.ts'

/** Options of one query, and of the requests that it consists of. */
export interface PreparedOptions extends QueryOptions, Pick<RouteOptions, 'timeLeft'> {}

/** A query as PostHog takes it, and the options of its request: without those about its rows. */
export interface PreparedQuery {
  readonly source: AnyQuery
  readonly options: PreparedOptions
}

/** Prepares a query. Reading the ids of its variables counts toward `totalTimeout`. */
export async function prepareQuery(
  requester: Requester,
  { query, values }: HogQL<unknown>,
  {
    dates: _,
    int64: __,
    ttl: ___,
    staleIfThrottled: ____,
    variables,
    ...options
  }: HogQLOptions & PreparedOptions,
): Promise<PreparedQuery> {
  const source = {
    kind: 'HogQLQuery',
    query,
    ...(Object.keys(values).length === 0 ? {} : { values }),
  } as const
  if (variables === undefined) return { source, options }
  const total = totalTimeoutOf(requester, options)
  const begun = performance.now()
  const named = await namedVariables(requester, variables, { ...options, totalTimeout: total })
  const totalTimeout = Math.max(1, Math.ceil(total - (performance.now() - begun)))
  return { source: { ...source, variables: named }, options: { ...options, totalTimeout } }
}

/** Whether a query is to run in the background. */
export function isInBackground({ async = false, refresh }: QueryOptions): boolean {
  return async || refresh?.includes('async') === true
}

/**
 * Milliseconds that a query may take in all.
 *
 * @throws ConfigurationError for a `totalTimeout` that is not a number above 0
 */
export function totalTimeoutOf({ config }: Requester, options: QueryOptions): number {
  const fallback = isInBackground(options) ? tenMinutes : config.totalTimeout
  return positive('totalTimeout', options.totalTimeout, fallback)
}
