import { positive } from '../../runtime/config/check-options.ts'
import { TotalTimeoutError } from '../../runtime/errors/call-errors.ts'
import type { CallOptions, InternalOptions, Requester } from '../requester.ts'
import { byName, type CachedResult, type CacheKey, getOrFetch, headerList } from '../response-cache.ts'
import { type RunResponse, readRunResponse, runRoute } from './endpoint-result.ts'
import type { RunOptions } from './run-options.ts'

/** The request of a run. */
export interface RunRequest {
  readonly name: string
  readonly body: {
    readonly variables?: unknown
    readonly refresh?: RunOptions['refresh']
    readonly client_query_id?: unknown
  }
  readonly call: CallOptions
  /** Sends the request. */
  readonly send: (call: CallOptions, internal: InternalOptions) => Promise<RawRun>
}

/** The body of a response. */
export interface RawRun {
  readonly data: unknown
  readonly requestId: string | undefined
}

/** Runs an endpoint through the cache. */
export async function cachedRun(
  requester: Requester,
  { name, body, call, send }: RunRequest,
  { ttl, staleIfThrottled }: { readonly ttl: number; readonly staleIfThrottled: number | undefined },
): Promise<CachedResult<{ readonly data: unknown; readonly response: RunResponse }>> {
  const { signal, ...shareable } = call
  const totalTimeout = positive('totalTimeout', call.totalTimeout, requester.config.totalTimeout)
  return getOrFetch(
    requester,
    {
      ...runCacheKey(name, body, call),
      ttl,
      staleIfThrottled,
      read: (data) => ({ data, response: readRunResponse(data, name) }),
      load: async (shared, internal) => {
        const response = await send({ ...shareable, signal: shared.signal }, internal)
        readRunResponse(response.data, name)
        return response
      },
    },
    {
      signal,
      totalTimeout,
      timeoutError: () => new TotalTimeoutError(runRoute, totalTimeout),
    },
  )
}

/**
 * Computes the cache key of a run and the key under which callers share a request. A `direct` run has a key of its own,
 * because a materialized table rounds ranges to buckets.
 */
function runCacheKey(
  name: string,
  { variables, refresh = 'cache', client_query_id: _id, ...body }: RunRequest['body'],
  {
    signal: _signal,
    totalTimeout: _totalTimeout,
    priority,
    timeout,
    maxAttempts,
    headers,
    ...rest
  }: CallOptions,
): CacheKey {
  const sorted = Object.entries(variables ?? {}).sort(byName)
  return {
    text: JSON.stringify(['endpoint', name, sorted, body, refresh === 'direct', rest, headerList(headers)]),
    sharing: JSON.stringify([refresh, priority, timeout, maxAttempts]),
    forced: refresh !== 'cache',
  }
}
