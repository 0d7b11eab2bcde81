import type { HogQL } from '../../runtime/hogql/hogql.ts'
import type { Requester } from '../requester.ts'
import type { RowOf } from './query.ts'
import { QueryCall } from './query-call.ts'
import type { HogQLOptions } from './query-options.ts'
import type { QueryResult } from './query-result.ts'

/** Runs several queries at once: the limits of the client say how many at a time. */
export async function runAll<Named extends Readonly<Record<string, HogQL<unknown>>>>(
  requester: Requester,
  queries: Named,
  { clientQueryId: _, ...options }: HogQLOptions = {},
): Promise<{ [Name in keyof Named]: QueryResult<RowOf<Named[Name]>> }> {
  const results = Object.entries(queries).map(async ([name, query]) => {
    return [name, await new QueryCall(requester, () => query, options)] as const
  })
  // Each name has the rows of its own query.
  return Object.fromEntries(await Promise.all(results)) as never
}
