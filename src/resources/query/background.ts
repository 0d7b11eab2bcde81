import { positive } from '../../runtime/config/resolve.ts'
import { QueryTimeoutError } from '../../runtime/errors/api-errors.ts'
import { callHook } from '../../runtime/observe/hooks.ts'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import {
  inheritedDeadline,
  type SharedDeadline,
  watchSignal,
  withinDeadline,
} from '../../runtime/transport/deadline.ts'
import { firstPollMs, nextPollMs, tenMinutes } from '../polling.ts'
import type { InternalOptions, Requester } from '../requester.ts'
import type { QueryOptions, QueryProgress, QueryRefresh } from './query-options.ts'
import { type AnyQuery, sendQuery } from './send-query.ts'

const route = 'GET /api/projects/{project_id}/query/{id}/'
/** Milliseconds for cancelling a query that nobody waits for any more. */
const cancelTimeout = 5_000

/** What a mode is in the background. */
const modes: Readonly<Partial<Record<QueryRefresh, QueryRefresh>>> = {
  blocking: 'async',
  force_blocking: 'force_async',
}

/** What a query in the background came to. */
export interface FinishedQuery {
  readonly data: unknown
  readonly requestId: string | undefined
}

/**
 * Runs a query in the background and polls until it is done.
 *
 * Rejects with a QueryTimeoutError when that takes longer than `totalTimeout`, and with the reason of the signal; then
 * the query is cancelled behind the caller's back. With `timeLeft` only the signal ends it. A query that fails rejects
 * as any other.
 */
export async function runInBackground(
  requester: Requester,
  query: AnyQuery,
  options: QueryOptions,
  { parse = parseLosslessJson, ...internal }: InternalOptions = {},
): Promise<FinishedQuery> {
  // A fresh one: PostHog answers an id that it knows with what it knows.
  const { signal, totalTimeout, clientQueryId: id = crypto.randomUUID(), ...rest } = options
  const run = ({ signal, timeLeft }: PollDeadline): Promise<FinishedQuery> => {
    return poll(requester, query, id, { ...rest, signal }, { parse, timeLeft })
  }
  const inherited = inheritedDeadline(signal, internal.timeLeft)
  if (inherited !== undefined) return run(inherited)
  const ms = positive('totalTimeout', totalTimeout, tenMinutes)
  return withinDeadline(requester.platform, ms, signal, () => queryTimeout(id, ms), run)
}

type PollDeadline = Pick<SharedDeadline, 'signal' | 'timeLeft'>

async function poll(
  requester: Requester,
  query: AnyQuery,
  id: string,
  { refresh = 'async', onProgress, name, async: _, ...options }: QueryOptions & Pick<PollDeadline, 'signal'>,
  internal: InternalOptions,
): Promise<FinishedQuery> {
  const { signal, headers } = options
  let sent = false
  const stopWatching = watchSignal(signal).onAbort(() => {
    if (sent) void cancel(requester, id, headers)
  })
  try {
    const start = {
      refresh: modes[refresh] ?? refresh,
      clientQueryId: id,
      ...(name === undefined ? {} : { name }),
    }
    const onSend = (): void => {
      sent = true
    }
    let answer: FinishedQuery = await sendQuery(
      requester,
      query,
      { ...options, ...start },
      { ...internal, onSend },
    ).withResponse()
    for (let wait = firstPollMs; ; wait = nextPollMs(wait)) {
      const { data, requestId } = answer
      const { query_status: status } = Object(data)
      if (status?.complete !== false) return { data: finishedResponse(data), requestId }
      callHook(requester.log, 'onProgress', onProgress, progressIn(status))
      await requester.platform.sleep(wait, signal)
      const input = { path: { id }, query: { show_progress: onProgress !== undefined } }
      answer = await requester.request(route, input, options, internal).withResponse()
    }
  } finally {
    stopWatching()
  }
}

/** The answer itself: it stands in the status of its query, unless it came from PostHog's cache. */
export function finishedResponse(data: unknown): unknown {
  return Object(data).query_status?.results ?? data
}

function progressIn(status: unknown): QueryProgress {
  const { rows_read, bytes_read, estimated_rows_total } = Object(Object(status).query_progress)
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
  return {
    rowsRead: number(rows_read),
    bytesRead: number(bytes_read),
    estimatedRows: number(estimated_rows_total),
  }
}

/** Nobody waits for the query any more; that it goes on costs quota, and is no error of the caller's. */
async function cancel(requester: Requester, id: string, headers: QueryOptions['headers']): Promise<void> {
  const call = { totalTimeout: cancelTimeout, priority: 'high', ...(headers ? { headers } : {}) } as const
  await requester
    .request('DELETE /api/projects/{project_id}/query/{id}/', { path: { id } }, call)
    .catch((error: unknown) => requester.log.debug(`The query ${id} was not cancelled: ${String(error)}`))
}

/** The error for a query that was still running after `ms` milliseconds. */
export function queryTimeout(queryId: string, ms: number): QueryTimeoutError {
  return new QueryTimeoutError({
    operation: route,
    status: 202,
    queryId,
    message: `The query ${queryId} was not done after ${ms} ms.`,
    fix: 'Raise `totalTimeout`, or make the query smaller, such as by a shorter span of time.',
  })
}
