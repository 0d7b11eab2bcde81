import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { watchSignal } from '../../runtime/transport/deadline.ts'
import type { Requester } from '../requester.ts'
import type { RowOf } from './query.ts'
import { QueryCall } from './query-call.ts'
import type { HogQLOptions } from './query-options.ts'
import type { QueryResult } from './query-result.ts'

/**
 * Runs several queries at once: the limits of the client say how many at a time. When one fails, the others are
 * aborted.
 */
export async function runAll<Named extends Readonly<Record<string, HogQL<unknown>>>>(
  requester: Requester,
  queries: Named,
  { clientQueryId: _, signal, ...options }: HogQLOptions = {},
): Promise<{ [Name in keyof Named]: QueryResult<RowOf<Named[Name]>> }> {
  const controller = new AbortController()
  const leave = signal && watchSignal(signal).onAbort(() => controller.abort(signal.reason))
  const running = Object.entries(queries).map(async ([name, query]) => {
    const draft = { query: () => query, options: [{ ...options, signal: controller.signal }] }
    return [name, await new QueryCall(requester, draft)] as const
  })
  try {
    // Each name has the rows of its own query.
    return Object.fromEntries(await Promise.all(running)) as never
  } catch (error) {
    controller.abort(error)
    await Promise.allSettled(running)
    throw error
  } finally {
    leave?.()
  }
}
