import type { Requester } from '../requester.ts'
import { runInBackground } from './background.ts'
import type { QueryOptions } from './query-options.ts'
import { type AnyQuery, send } from './send.ts'
import { isInBackground } from './source.ts'

/** Runs a query of any kind, and gives what PostHog answers to it. */
export async function runQuery(
  requester: Requester,
  query: AnyQuery,
  options: QueryOptions,
): Promise<unknown> {
  if (!isInBackground(options)) return send(requester, query, options)
  return (await runInBackground(requester, query, options, JSON.parse)).data
}
