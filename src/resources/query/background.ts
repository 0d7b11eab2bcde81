import { QueryTimeoutError } from '../../runtime/errors/query-timeout-error.ts'
import { TotalTimeoutError } from '../../runtime/errors/timeout-error.ts'
import { createPlatform } from '../../runtime/platform.ts'
import { parseExactly } from '../../runtime/rows/parse-exactly.ts'
import { firstPause, nextPause, tenMinutes } from '../patience.ts'
import type { Requester } from '../requester.ts'
import type { QueryOptions, QueryProgress, QueryRefresh } from './query-options.ts'
import { type AnyQuery, send } from './send.ts'

const route = 'GET /api/projects/{project_id}/query/{id}/'
/** Milliseconds for cancelling a query that nobody waits for any more. */
const farewell = 5_000

/** What a mode is in the background. */
const modes: Readonly<Partial<Record<QueryRefresh, QueryRefresh>>> = {
  blocking: 'async',
  force_blocking: 'force_async',
}

/** Whether a query is to run in the background. */
export function isInBackground({ async = false, refresh }: QueryOptions): boolean {
  return async || refresh?.includes('async') === true
}

/** What a query in the background came to. */
export interface Finished {
  readonly data: unknown
  readonly requestId: string | undefined
}

/**
 * Runs a query in the background and asks for it until it is done.
 *
 * Rejects with a QueryTimeoutError when that takes too long, and with the reason of the signal; the query is cancelled
 * then. A query that fails rejects as any other.
 */
export async function runInBackground(
  requester: Requester,
  query: AnyQuery,
  { totalTimeout = tenMinutes, refresh = 'async', onProgress, ...options }: QueryOptions,
  parse: (text: string) => unknown = parseExactly,
): Promise<Finished> {
  // A fresh one: PostHog answers an id that it knows with what it knows.
  const id = options.clientQueryId ?? crypto.randomUUID()
  const deadline = performance.now() + totalTimeout
  const { signal } = options
  const { sleep } = createPlatform()
  const call = (): { totalTimeout: number } => ({ totalTimeout: Math.max(1, deadline - performance.now()) })
  try {
    const mode = modes[refresh] ?? refresh
    const started = { ...options, ...call(), refresh: mode, clientQueryId: id }
    let answer = await send(requester, query, { ...started, parse }).withResponse()
    for (let wait = firstPause; ; wait = nextPause(wait)) {
      const { data, requestId } = answer as Finished
      const { query_status: status } = Object(data)
      if (status?.complete !== false) return { data: answerIn(data), requestId }
      tell(status, onProgress)
      if (performance.now() + wait >= deadline) throw tooLate(id, totalTimeout)
      await sleep(wait, signal)
      const { name: _, clientQueryId: __, async: ___, ...polling } = options
      const input = { path: { id }, query: { show_progress: onProgress !== undefined } }
      answer = (await requester
        .request(route, input, { ...polling, ...call(), parse })
        .withResponse()) as typeof answer
    }
  } catch (thrown) {
    const error = thrown instanceof TotalTimeoutError ? tooLate(id, totalTimeout) : thrown
    if (signal?.aborted || (error instanceof QueryTimeoutError && error.queryId === id))
      await cancel(requester, id)
    throw error
  }
}

/** The answer itself: it stands in the status of its query, unless it came from PostHog's cache. */
export function answerIn(data: unknown): unknown {
  return Object(data).query_status?.results ?? data
}

function tell(status: unknown, onProgress: ((progress: QueryProgress) => void) | undefined): void {
  const { rows_read, bytes_read, estimated_rows_total } = Object(Object(status).query_progress)
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
  onProgress?.({
    rowsRead: number(rows_read),
    bytesRead: number(bytes_read),
    estimatedRows: number(estimated_rows_total),
  })
}

/** Nobody waits for the query any more; that it goes on costs quota, and is no error of the caller's. */
async function cancel(requester: Requester, id: string): Promise<void> {
  const limits = { totalTimeout: farewell, priority: 'high' } as const
  await requester
    .request('DELETE /api/projects/{project_id}/query/{id}/', { path: { id } }, limits)
    .catch((error: unknown) => requester.log.debug(`The query ${id} was not cancelled: ${String(error)}`))
}

function tooLate(queryId: string, ms: number): QueryTimeoutError {
  return new QueryTimeoutError({
    operation: route,
    status: 202,
    queryId,
    message: `The query ${queryId} was not done after ${ms} ms.`,
    fix: 'Raise `totalTimeout`, or make the query smaller, such as by a shorter span of time.',
  })
}
