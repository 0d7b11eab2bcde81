import type { HogQL } from '../../runtime/hogql/hogql.ts'
import type { Requester } from '../requester.ts'
import type { HogQLOptions, QueryOptions } from './query-options.ts'
import type { AnyQuery } from './send.ts'
import { namedVariables } from './variables.ts'

/** The query as PostHog takes it. */
export async function sourceOf(
  requester: Requester,
  { query, values }: HogQL<unknown>,
  { variables }: Pick<HogQLOptions, 'variables'>,
): Promise<AnyQuery> {
  return {
    kind: 'HogQLQuery',
    query,
    ...(Object.keys(values).length === 0 ? {} : { values }),
    ...(variables === undefined ? {} : { variables: await namedVariables(requester, variables) }),
  }
}

/** Options of the request alone: without what is about its rows. */
export function requestOptions({
  dates: _,
  int64: __,
  variables: ___,
  ttl: ____,
  staleIfThrottled: _____,
  ...options
}: HogQLOptions): QueryOptions {
  return options
}
