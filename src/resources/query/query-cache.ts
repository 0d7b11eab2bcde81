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

/** An answer as PostHog wrote it. */
export interface RawResponse {
  readonly text: string
  readonly requestId: string | undefined
}

/** What an answer was read as, and where it comes from. */
export interface CachedResult<T> {
  readonly value: T
  readonly requestId: string | undefined
  /** Milliseconds since it was cached; undefined for one that PostHog gave just now. */
  readonly age: number | undefined
  /** Whether it is older than wanted, and given because PostHog refused to give another. */
  readonly stale: boolean
}

/** One who waits for an answer. */
export interface CacheCaller extends SharedDeadline {
  readonly onProgress?: ((progress: QueryProgress) => void) | undefined
}

/** What is asked, and how. */
export interface CacheRequest<T> {
  readonly ttl: number
  readonly staleIfThrottled: number | undefined
  /** Everything that the answer depends on, apart from the client. */
  readonly text: string
  /** Options that callers must have in common to share a request. */
  readonly sharing: string
  /** Whether a cached answer will not do. */
  readonly forced: boolean
  /** Reads an answer. Throws for text that is not one. */
  readonly read: (text: string) => T
  /** Asks PostHog. */
  readonly load: (shared: SharedCall<CacheCaller>) => Promise<RawResponse>
}

/** The cache of a client, and its requests under way. */
interface Kept {
  readonly cache: BoundedCache
  readonly inFlight: InFlight<RawResponse, CacheCaller>
}

const kept = new WeakMap<Requester, Kept>()
/** One for all clients without a cache of their own, so that they share one limit of characters. */
let memory: Cache | undefined
/** Milliseconds by which the clocks of a fleet may differ. */
const clockSkew = 60_000

/**
 * An answer that is no older than `ttl`: from the cache, or from PostHog. Concurrent equal questions share one request.
 * A cache that fails or is silent is skipped, and a text in it that is not an answer to this question is a miss.
 */
export async function getOrFetch<T>(
  requester: Requester,
  { text, sharing, ttl, staleIfThrottled = 0, forced, read, load }: CacheRequest<T>,
  caller: CacheCaller,
): Promise<CachedResult<T>> {
  const { cache, inFlight } = keptBy(requester)
  const { origin, projectId, headers } = requester.config
  // Another key may be allowed to see less.
  const secret = await currentKey(requester.config, { signal: caller.signal })
  const key = await fingerprint(JSON.stringify([origin, projectId, secret, headers, text]))
  const entry = readEntry(await cache.get(key), key, read)
  if (entry !== undefined && entry.age <= ttl && !forced) return { ...entry, stale: false }
  try {
    const fresh = await inFlight.join(`${key} ${sharing}`, caller, async (shared) => {
      const answer = await load(shared)
      cache.set(key, writeEntry(key, answer), ttl + staleIfThrottled)
      return answer
    })
    // Read for each caller, so that nobody changes the rows of another.
    return { value: read(fresh.text), requestId: fresh.requestId, age: undefined, stale: false }
  } catch (error) {
    const allowed = entry !== undefined && entry.age <= ttl + staleIfThrottled
    if (!(error instanceof RateLimitError) || !allowed) throw error
    return { ...entry, stale: true }
  }
}

function keptBy(requester: Requester): Kept {
  const before = kept.get(requester)
  if (before !== undefined) return before
  memory ??= memoryCache()
  const { cache, cacheTimeout } = requester.config
  const made: Kept = {
    cache: boundCache(cache ?? memory, cacheTimeout, requester.log, requester.platform),
    inFlight: new InFlight(),
  }
  kept.set(requester, made)
  return made
}

/** An entry names its key: some stores shorten keys, and then give the entry of another one. */
function writeEntry(key: string, { text, requestId }: RawResponse): string {
  return JSON.stringify([key, Date.now(), requestId ?? null, text])
}

/** Undefined for anything that is not a readable entry of this key. */
function readEntry<T>(
  entry: string | undefined,
  key: string,
  read: (text: string) => T,
): { readonly value: T; readonly requestId: string | undefined; readonly age: number } | undefined {
  if (entry === undefined) return undefined
  try {
    const [named, at, requestId, text]: unknown[] = JSON.parse(entry)
    if (named !== key || typeof at !== 'number' || typeof text !== 'string') return undefined
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

/** The part of a question that follows from the query and its options. */
export type CacheRequestFacts = Pick<CacheRequest<unknown>, 'text' | 'sharing' | 'forced'>

/**
 * What a cached answer depends on, and which callers may share a request. Options that are not named here are part of
 * the question, so that a new one cannot give the answer of another. Undefined for values that JSON cannot hold: sending
 * them says what is wrong.
 */
export function cacheRequestOf(
  { query, values }: HogQL<unknown>,
  options: HogQLOptions,
): CacheRequestFacts | undefined {
  const {
    // Applied to the answer, for each caller.
    dates: _dates,
    int64: _int64,
    ttl: _ttl,
    staleIfThrottled: _staleIfThrottled,
    // Kept by each caller for itself.
    signal: _signal,
    totalTimeout: _totalTimeout,
    onProgress: _onProgress,
    // Names in PostHog's log.
    name: _name,
    clientQueryId: _clientQueryId,
    // How the request is made.
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
      // A forced answer is as good as any; one that PostHog kept for a day is only good for those who allow that.
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

/** Headers of a call in an order and a case that do not depend on how they were written. */
function headerList(headers: HogQLOptions['headers']): [name: string, value: string][] {
  return Object.entries(readHeaders(headers)).sort(([one], [other]) => (one < other ? -1 : 1))
}

/** A short text that stands for a long one, which it does not show. */
export async function fingerprint(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
