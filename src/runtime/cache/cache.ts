import { describeThrown, type Logger } from '../observe/logger.ts'
import { type Clock, startDeadline, untilAbort } from '../transport/deadline.ts'

/**
 * A cache for responses: in this process, or in a shared store. A command that throws, rejects or takes longer than
 * `cacheTimeout` never fails a query.
 */
export interface Cache {
  /** Returns the string stored under a key; undefined when it is missing or expired. */
  get(key: string): Promise<string | undefined>
  /** Stores a string for `ttl` milliseconds. */
  set(key: string, text: string, ttl: number): Promise<void>
  /** Deletes an entry. */
  delete(key: string): Promise<void>
}

/** Default maximum number of characters in a memory cache. */
export const maxMemoryCharacters = 50_000_000

/** Creates a cache in this process that evicts the least recently used entries. */
export function memoryCache(
  now: () => number = () => Date.now(),
  maxCharacters: number = maxMemoryCharacters,
): Cache {
  /** Least recently used first. */
  const entries = new Map<string, { readonly text: string; readonly until: number }>()
  let characters = 0
  const forget = (key: string): void => {
    characters -= entries.get(key)?.text.length ?? 0
    entries.delete(key)
  }
  return {
    async get(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      entries.delete(key)
      entries.set(key, entry)
      if (entry.until > now()) return entry.text
      forget(key)
      return undefined
    },
    async set(key, text, ttl) {
      forget(key)
      if (text.length > maxCharacters) return
      entries.set(key, { text, until: now() + ttl })
      characters += text.length
      for (const oldest of entries.keys()) {
        if (characters <= maxCharacters) break
        forget(oldest)
      }
    },
    async delete(key) {
      forget(key)
    },
  }
}

/** A cache that never fails a call, and never delays it beyond its timeout. */
export interface BoundedCache {
  /** Returns the string stored under a key; undefined for a miss, and when the cache fails, times out or is skipped. */
  get(key: string): Promise<string | undefined>
  /** Stores a string for `ttl` milliseconds, in the background. */
  set(key: string, text: string, ttl: number): void
}

/** Milliseconds for which calls skip a cache after a timeout. */
const skipFor = 10_000

/** Health of a cache. */
interface Health {
  /** Time of the next attempt, by the monotonic clock; negative infinity while the cache responds. */
  skipUntil: number
}

const healthy = Number.NEGATIVE_INFINITY
/** Health by cache: clients that share a cache skip it together. */
const health = new WeakMap<Cache, Health>()

/** Adds a timeout to each command of a cache. */
export function boundCache(
  cache: Cache,
  ms: number,
  log: Pick<Logger, 'warn'>,
  platform: Clock,
): BoundedCache {
  const state = health.get(cache) ?? { skipUntil: healthy }
  health.set(cache, state)

  const run = async <T>(verb: string, command: () => Promise<T>): Promise<T | undefined> => {
    const now = platform.monotonic()
    if (now < state.skipUntil) return undefined
    // While the cache does not respond, one command every ten seconds checks whether it has recovered.
    if (state.skipUntil !== healthy) state.skipUntil = now + skipFor
    const deadline = startDeadline(platform, undefined, ms, () => new Error(`no response within ${ms} ms`))
    try {
      const response = (async () => command())()
      // A late response also shows that the cache has recovered.
      const result = response.then((value) => {
        state.skipUntil = healthy
        return value
      })
      return await untilAbort(result, deadline)
    } catch (error) {
      if (deadline.aborted) state.skipUntil = platform.monotonic() + skipFor
      const next = deadline.aborted ? `. Calls skip it for ${skipFor / 1_000} s.` : ''
      log.warn(`Could not ${verb} a cache entry: ${describeThrown(error)}${next}`)
      return undefined
    } finally {
      deadline.end()
    }
  }

  return {
    async get(key) {
      const text: unknown = await run('read', () => cache.get(key))
      return typeof text === 'string' ? text : undefined
    },
    set(key, text, ttl) {
      void run('write', () => cache.set(key, text, ttl))
    },
  }
}
