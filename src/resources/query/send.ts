import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import type { Requester, RequestInput, RequestOutput, RouteOptions } from '../requester.ts'
import type { QueryOptions } from './query-options.ts'

/** The operation that runs queries. */
export const queryRoute = 'POST /api/projects/{project_id}/query/'

type Route = typeof queryRoute

/** A query of any kind, as PostHog's schema has it. */
export type AnyQuery = NonNullable<RequestInput<Route>['body']>['query']

/** Options of a request. */
export interface SendOptions
  extends QueryOptions,
    Pick<RouteOptions, 'parse' | 'body' | 'sink' | 'timeLeft' | 'onSend'> {}

/** Sends a query. */
export function send(
  requester: Requester,
  query: AnyQuery,
  { refresh, name, clientQueryId, async: _, onProgress: __, ...call }: SendOptions,
): APIPromise<RequestOutput<Route>> {
  const body = {
    query,
    ...(refresh === undefined ? {} : { refresh }),
    ...(name === undefined ? {} : { name }),
    ...(clientQueryId === undefined ? {} : { client_query_id: clientQueryId }),
  }
  return requester.request(queryRoute, { body }, call)
}
