import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import type { Requester, RequestInput, RequestOutput, RouteOptions } from '../requester.ts'
import type { QueryOptions } from './query-options.ts'

type Route = 'POST /api/projects/{project_id}/query/'

/** A query of any kind, as PostHog's schema has it. */
export type AnyQuery = NonNullable<RequestInput<Route>['body']>['query']

/** Options of a request. */
export interface SendOptions extends QueryOptions, Pick<RouteOptions, 'parse' | 'body' | 'sink'> {}

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
  return requester.request('POST /api/projects/{project_id}/query/', { body }, call)
}
