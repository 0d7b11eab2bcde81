import { currentKey } from '../../runtime/auth/credential.ts'
import { type BoundedCache, boundCache, type Cache, memoryCache } from '../../runtime/cache/cache.ts'
import { InFlight, type SharedCall } from '../../runtime/cache/in-flight.ts'
import { readHeaders } from '../../runtime/config/headers.ts'
import { RateLimitError } from '../../runtime/errors/api-errors.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import type { SharedDeadline } from '../../runtime/transport/deadline.ts'
import type { Requester } from '../requester.ts'
import type { HogQLOptions, QueryProgress, QueryRefresh } from './query-options.ts'
import { isInBackground } from './send-query.ts'

/** An unparsed response. */
export interface RawResponse {
  readonly text: string
  readonly requestId: string | undefined
}

/** A parsed result and its origin. */
export interface CachedResult<T> {
  readonly value: T
  readonly requestId: string | undefined
  /** Milliseconds since it was cached; undefined for a fresh response. */
  readonly age: number | undefined
  /** Whether it is older than `ttl` and served because PostHog throttled the query. */
  readonly stale: boolean
}

/** A caller that waits for a result. */
export interface CacheCaller extends SharedDeadline {
  readonly onProgress?: ((progress: QueryProgress) => void) | undefined
}

/** A cacheable query. */
export interface CacheRequest<T> {
  readonly ttl: number
  readonly staleIfThrottled: number | undefined
  /** Everything that the response depends on, except the client. */
  readonly text: string
  /** Options that must be equal for callers to share a request. */
  readonly sharing: string
  /** Whether to bypass the cache. */
  readonly forced: boolean
  /** Parses a response. Throws for an invalid one. */
  readonly read: (text: string) => T
  /** Sends the query to PostHog. */
  readonly load: (shared: SharedCall<CacheCaller>) => Promise<RawResponse>
}

/** The cache of a client and its requests in flight. */
interface CacheState {
  readonly cache: BoundedCache
  readonly inFlight: InFlight<RawResponse, CacheCaller>
}

const cacheStates = new WeakMap<Requester, CacheState>()
/** Shared by all clients without a `cache` option, so that one size limit applies. */
let memory: Cache | undefined
/** Tolerated clock difference between machines that share a cache, in milliseconds. */
const clockSkew = 60_000

/**
 * Returns a cached result up to `ttl` old, or fetches it. Concurrent identical queries share one request. A cache that
 * fails or times out is skipped, and an invalid entry is a cache miss.
 */
export async function getOrFetch<T>(
  requester: Requester,
  { text, sharing, ttl, staleIfThrottled = 0, forced, read, load }: CacheRequest<T>,
  caller: CacheCaller,
): Promise<CachedResult<T>> {
  const { cache, inFlight } = cacheStateOf(requester)
  const { origin, projectId, headers } = requester.config
  // Another API key may have fewer permissions.
  const secret = await currentKey(requester.config, { signal: caller.signal })
  const key = await fingerprint(JSON.stringify([origin, projectId, secret, headers, text]))
  const entry = readEntry(await cache.get(key), key, read)
  if (entry !== undefined && entry.age <= ttl && !forced) return { ...entry, stale: false }
  try {
    const fresh = await inFlight.join(`${key} ${sharing}`, caller, async (shared) => {
      const response = await load(shared)
      cache.set(key, writeEntry(key, response), ttl + staleIfThrottled)
      return response
    })
    // Parse once per caller, so that callers cannot mutate each other's rows.
    return { value: read(fresh.text), requestId: fresh.requestId, age: undefined, stale: false }
  } catch (error) {
    const allowed = entry !== undefined && entry.age <= ttl + staleIfThrottled
    if (!(error instanceof RateLimitError) || !allowed) throw error
    return { ...entry, stale: true }
  }
}

function cacheStateOf(requester: Requester): CacheState {
  const existing = cacheStates.get(requester)
  if (existing !== undefined) return existing
  memory ??= memoryCache()
  const { cache, cacheTimeout } = requester.config
  const state: CacheState = {
    cache: boundCache(cache ?? memory, cacheTimeout, requester.log, requester.platform),
    inFlight: new InFlight(),
  }
  cacheStates.set(requester, state)
  return state
}

/** An entry contains its key, because some stores truncate keys and then return another entry. */
function writeEntry(key: string, { text, requestId }: RawResponse): string {
  return JSON.stringify([key, Date.now(), requestId ?? null, text])
}

/** Returns undefined unless the entry is valid and has this key. */
function readEntry<T>(
  entry: string | undefined,
  key: string,
  read: (text: string) => T,
): { readonly value: T; readonly requestId: string | undefined; readonly age: number } | undefined {
  if (entry === undefined) return undefined
  try {
    const [entryKey, at, requestId, text]: unknown[] = JSON.parse(entry)
    if (entryKey !== key || typeof at !== 'number' || typeof text !== 'string') return undefined
    const age = Date.now() - at
    if (age < -clockSkew) return undefined
    return {
      value: read(text),
      requestId: typeof requestId === 'string' ? requestId : undefined,
      age: Math.max(0, age),
    }
  } catch {
    return undefined
  }
}

/** The part of a cacheable query that follows from the query and its options. */
export type CacheRequestFacts = Pick<CacheRequest<unknown>, 'text' | 'sharing' | 'forced'>

/**
 * Computes the cache key of a query and the key under which callers share a request. Options that are not listed here
 * become part of the cache key, so that a new option cannot return the result of another. Returns undefined for values
 * that JSON cannot represent; sending the query reports them.
 */
export function cacheRequestOf(
  { query, values }: HogQL<unknown>,
  options: HogQLOptions,
): CacheRequestFacts | undefined {
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

/** Headers in normalized case and order. */
function headerList(headers: HogQLOptions['headers']): [name: string, value: string][] {
  return Object.entries(readHeaders(headers)).sort(([one], [other]) => (one < other ? -1 : 1))
}

/** Returns the SHA-256 hash of a string as hex. */
export async function fingerprint(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
