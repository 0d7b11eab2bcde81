import { currentKey } from '../runtime/auth/credential.ts'
import { type BoundedCache, boundCache, type Cache, memoryCache } from '../runtime/cache/cache.ts'
import { InFlight, type SharedCall } from '../runtime/cache/in-flight.ts'
import { type CallHeaders, readHeaders } from '../runtime/config/headers.ts'
import { RateLimitError } from '../runtime/errors/api-errors.ts'
import { parseLosslessJson } from '../runtime/rows/lossless-json.ts'
import { type SharedDeadline, withinDeadline } from '../runtime/transport/deadline.ts'
import type { QueryProgress } from './query/query-options.ts'
import type { InternalOptions, Requester } from './requester.ts'

/** An unparsed response. */
interface RawResponse {
  readonly text: string
  readonly requestId: string | undefined
}

/** A result and its origin. */
export interface CachedResult<T> {
  readonly value: T
  readonly requestId: string | undefined
  /** Milliseconds since it was cached; undefined for a fresh response. */
  readonly age: number | undefined
  /** Whether it is older than `ttl` and served because PostHog throttled the request. */
  readonly stale: boolean
}

/** The part of a cacheable request that follows from its input and its options. */
export interface CacheKey {
  /** Everything that the response depends on, except the client. */
  readonly text: string
  /** Options that must be equal for callers to share a request. */
  readonly sharing: string
  /** Whether to bypass the cache. */
  readonly forced: boolean
}

/** A caller that waits for a result. */
export interface CacheCaller extends SharedDeadline {
  readonly onProgress?: ((progress: QueryProgress) => void) | undefined
}

/** How long a caller waits, and whom it tells. */
export interface CacheWait extends Pick<CacheCaller, 'onProgress'> {
  readonly signal: AbortSignal | undefined
  /** Milliseconds. */
  readonly totalTimeout: number
  /** Creates the error of an expired `totalTimeout`. */
  readonly timeoutError: () => Error
}

/** A cacheable request. */
export interface CacheRequest<T> extends CacheKey {
  readonly ttl: number
  readonly staleIfThrottled: number | undefined
  /** Reads a response. Throws for an invalid one. */
  readonly read: (data: unknown) => T
  /** Sends the request. Throws for an invalid response, so that it is not cached. */
  readonly load: (
    shared: SharedCall<CacheCaller>,
    internal: InternalOptions,
  ) => Promise<Pick<RawResponse, 'requestId'>>
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
 * Returns a cached result up to `ttl` old, or fetches it. Concurrent identical requests share one. A cache that fails or
 * times out is skipped, and an invalid entry is a cache miss.
 */
export async function getOrFetch<T>(
  requester: Requester,
  request: CacheRequest<T>,
  { signal, totalTimeout, timeoutError, onProgress }: CacheWait,
): Promise<CachedResult<T>> {
  return withinDeadline(requester.platform, totalTimeout, signal, timeoutError, async (deadline) =>
    lookUp(requester, request, { ...deadline, onProgress }),
  )
}

async function lookUp<T>(
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
      const response = await loadText(load, shared)
      cache.set(key, writeEntry(key, response), ttl + staleIfThrottled)
      return response
    })
    // Parse once per caller, so that callers cannot mutate each other's rows.
    const value = read(parseLosslessJson(fresh.text))
    return { value, requestId: fresh.requestId, age: undefined, stale: false }
  } catch (error) {
    const allowed = entry !== undefined && entry.age <= ttl + staleIfThrottled
    if (!(error instanceof RateLimitError) || !allowed) throw error
    return { ...entry, stale: true }
  }
}

/** Sends a request and returns its last response as text. */
async function loadText(
  load: CacheRequest<unknown>['load'],
  shared: SharedCall<CacheCaller>,
): Promise<RawResponse> {
  let text = ''
  const parse = (body: string): unknown => {
    text = body
    return parseLosslessJson(body)
  }
  const { requestId } = await load(shared, { parse, timeLeft: shared.timeLeft })
  return { text, requestId }
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
  read: (data: unknown) => T,
): { readonly value: T; readonly requestId: string | undefined; readonly age: number } | undefined {
  if (entry === undefined) return undefined
  try {
    const [entryKey, at, requestId, text]: unknown[] = JSON.parse(entry)
    if (entryKey !== key || typeof at !== 'number' || typeof text !== 'string') return undefined
    const age = Date.now() - at
    if (age < -clockSkew) return undefined
    return {
      value: read(parseLosslessJson(text)),
      requestId: typeof requestId === 'string' ? requestId : undefined,
      age: Math.max(0, age),
    }
  } catch {
    return undefined
  }
}

/** Headers in normalized case and order, for a cache key. */
export function headerList(headers: CallHeaders | undefined): [name: string, value: string | null][] {
  return Object.entries(readHeaders(headers, 'call')).sort(byName)
}

/** Compares the entries of an object by name. */
export function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}

/** Returns the SHA-256 hash of a string as hex. */
export async function fingerprint(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
