import { positive } from '../../runtime/config/check-options.ts'
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
/** Timeout of a cancellation request, in milliseconds. */
const cancelTimeout = 5_000

/** Background equivalents of blocking refresh modes. */
const backgroundModes: Readonly<Partial<Record<QueryRefresh, QueryRefresh>>> = {
  blocking: 'async',
  force_blocking: 'force_async',
}

/** The response of a finished background query. */
export interface FinishedQuery {
  readonly data: unknown
  readonly requestId: string | undefined
}

/**
 * Runs a query in the background and polls until it finishes.
 *
 * Rejects with a QueryTimeoutError after `totalTimeout`, or with the signal's reason, and then cancels the query on the
 * server. With `timeLeft`, only the signal ends it.
 */
export async function runInBackground(
  requester: Requester,
  query: AnyQuery,
  options: QueryOptions,
  { parse = parseLosslessJson, ...internal }: InternalOptions = {},
): Promise<FinishedQuery> {
  // Use a new id: for a known one, PostHog returns the earlier result.
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
      refresh: backgroundModes[refresh] ?? refresh,
      clientQueryId: id,
      ...(name === undefined ? {} : { name }),
    }
    const onSend = (): void => {
      sent = true
    }
    let response: FinishedQuery = await sendQuery(
      requester,
      query,
      { ...options, ...start },
      { ...internal, onSend },
    ).withResponse()
    for (let wait = firstPollMs; ; wait = nextPollMs(wait)) {
      const { data, requestId } = response
      const { query_status: status } = Object(data)
      if (status?.complete !== false) return { data: finishedResponse(data), requestId }
      callHook(requester.log, 'onProgress', onProgress, readProgress(status))
      await requester.platform.sleep(wait, signal)
      const input = { path: { id }, query: { show_progress: onProgress !== undefined } }
      response = await requester.request(route, input, options, internal).withResponse()
    }
  } finally {
    stopWatching()
  }
}

/** Extracts the query result. PostHog nests it in the query status, unless it comes from the cache. */
export function finishedResponse(data: unknown): unknown {
  return Object(data).query_status?.results ?? data
}

function readProgress(status: unknown): QueryProgress {
  const { rows_read, bytes_read, estimated_rows_total } = Object(Object(status).query_progress)
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
  return {
    rowsRead: number(rows_read),
    bytesRead: number(bytes_read),
    estimatedRows: number(estimated_rows_total),
  }
}

/** Cancels an abandoned query, which would use quota. A failed cancellation is logged, not thrown. */
async function cancel(requester: Requester, id: string, headers: QueryOptions['headers']): Promise<void> {
  const call = { totalTimeout: cancelTimeout, priority: 'high', ...(headers ? { headers } : {}) } as const
  await requester
    .request('DELETE /api/projects/{project_id}/query/{id}/', { path: { id } }, call)
    .catch((error: unknown) => requester.log.debug(`Could not cancel the query ${id}: ${String(error)}`))
}

/** Creates the error for a query that did not finish within `ms` milliseconds. */
export function queryTimeout(queryId: string, ms: number): QueryTimeoutError {
  return new QueryTimeoutError({
    operation: route,
    status: 202,
    queryId,
    message: `The query ${queryId} did not finish within ${ms} ms.`,
    fix: 'Raise `totalTimeout`, or reduce the query, for example to a shorter time range.',
  })
}
