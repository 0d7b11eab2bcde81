import type { Cache } from '../../runtime/cache/cache.ts'
import { memoryCache } from '../../runtime/cache/memory-cache.ts'
import { currentKey } from '../../runtime/config/current-key.ts'
import { RateLimitError } from '../../runtime/errors/rate-limit-error.ts'
import { untilAbort, watchSignal } from '../../runtime/transport/abort.ts'
import type { Requester } from '../requester.ts'
import { fingerprint } from './fingerprint.ts'
import type { CacheOptions, QueryOptions } from './query-options.ts'

/** An answer as PostHog wrote it. */
export interface WrittenAnswer {
  readonly text: string
  readonly requestId: string | undefined
}

/** The same, and where it comes from. */
export interface CachedAnswer extends WrittenAnswer {
  /** Milliseconds since it was kept; undefined for one that PostHog gave just now. */
  readonly age: number | undefined
  /** Whether it is older than wanted, and given since PostHog refused to give another. */
  readonly stale: boolean
}

/** Answers that are on their way, and the cache of a client that was given none. */
interface Kept {
  readonly cache: Cache
  readonly inFlight: Map<string, Promise<WrittenAnswer>>
}

const kept = new WeakMap<Requester, Kept>()
/** The memory of this process, for all clients that were given no cache: so many characters and no more. */
let memory: Cache | undefined

/**
 * An answer that is no older than `ttl`: from the cache, or from PostHog, which is asked once however many ask at the
 * same time. Whoever gives up leaves the others waiting. A cache that fails is gone without.
 *
 * @param question what is asked, as a text
 */
export async function cachedAnswer(
  requester: Requester,
  question: string,
  {
    ttl,
    staleIfThrottled = 0,
    refresh,
    signal,
  }: Required<Pick<CacheOptions, 'ttl'>> & CacheOptions & QueryOptions,
  load: () => Promise<WrittenAnswer>,
): Promise<CachedAnswer> {
  const { cache, inFlight } = keptBy(requester)
  const { origin, projectId } = requester.config
  // Whoever has another key may be allowed to see less.
  const secret = await currentKey(requester.config, signal === undefined ? {} : { signal })
  const key = await fingerprint(JSON.stringify([origin, projectId, secret, question]))
  const entry = await attempt(requester, 'read', async () => read(await cache.get(key)))
  const age = entry === undefined ? Number.POSITIVE_INFINITY : Date.now() - entry.at
  if (entry !== undefined && age <= ttl && refresh?.startsWith('force') !== true)
    return { ...entry, age, stale: false }
  let loading = inFlight.get(key)
  if (loading === undefined) {
    loading = load().finally(() => inFlight.delete(key))
    inFlight.set(key, loading)
    loading
      .then(({ text, requestId }) => {
        const written = JSON.stringify([Date.now(), requestId, text])
        return attempt(requester, 'written', () => cache.set(key, written, ttl + staleIfThrottled))
      })
      .catch(() => {})
  }
  try {
    const fresh = await (signal === undefined ? loading : untilAbort(loading, watchSignal(signal)))
    return { ...fresh, age: undefined, stale: false }
  } catch (error) {
    if (!(error instanceof RateLimitError) || entry === undefined || age > ttl + staleIfThrottled) throw error
    return { ...entry, age, stale: true }
  }
}

function keptBy(requester: Requester): Kept {
  const before = kept.get(requester)
  if (before !== undefined) return before
  memory ??= memoryCache()
  const made: Kept = { cache: requester.config.cache ?? memory, inFlight: new Map() }
  kept.set(requester, made)
  return made
}

async function attempt<Value>(
  { log }: Requester,
  what: string,
  run: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await run()
  } catch (error) {
    log.warn(`The cache was not ${what}: ${String(error)}`)
    return undefined
  }
}

function read(text: string | undefined): (WrittenAnswer & { readonly at: number }) | undefined {
  if (text === undefined) return undefined
  const [at, requestId, answer]: unknown[] = JSON.parse(text)
  if (typeof at !== 'number' || typeof answer !== 'string') return undefined
  return { at, text: answer, requestId: typeof requestId === 'string' ? requestId : undefined }
}
