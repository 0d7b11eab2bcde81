import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { type CacheKey, headerList } from '../response-cache.ts'
import type { HogQLOptions, QueryRefresh } from './query-options.ts'
import { isInBackground } from './send-query.ts'

/**
 * Computes the cache key of a query and the key under which callers share a request. Options that are not listed here
 * become part of the cache key, so that a new option cannot return the result of another. Returns undefined for values
 * that JSON cannot represent; sending the query reports them.
 */
export function queryCacheKey(
  { query, values }: HogQL<unknown>,
  options: HogQLOptions,
): CacheKey | undefined {
  const {
    // Applied to the response, for each caller.
    dates: _dates,
    int64: _int64,
    ttl: _ttl,
    staleIfThrottled: _staleIfThrottled,
    // Handled by each caller.
    signal: _signal,
    totalTimeout: _totalTimeout,
    onProgress: _onProgress,
    // Names in PostHog's log.
    name: _name,
    clientQueryId: _clientQueryId,
    // How the request is sent.
    async: _async,
    refresh,
    priority,
    timeout,
    maxAttempts,
    headers,
    ...rest
  } = options
  const freshness = freshnessOf(refresh)
  const background = isInBackground(options)
  try {
    return {
      // A forced result suits every caller. A `lazy` one may be a day old and suits only callers that allow it.
      text: JSON.stringify([query, values, rest, headerList(headers), freshness === 'lazy']),
      sharing: JSON.stringify([freshness, background, priority, timeout, maxAttempts]),
      forced: freshness === 'forced',
    }
  } catch {
    return undefined
  }
}

function freshnessOf(refresh: QueryRefresh | undefined): 'forced' | 'lazy' | 'fresh' {
  if (refresh?.startsWith('force') === true) return 'forced'
  return refresh === 'lazy_async' ? 'lazy' : 'fresh'
}
