import { describeThrown, type Logger } from '../observe/logger.ts'
import { type Clock, startDeadline, untilAbort } from '../transport/deadline.ts'

/**
 * Where answers are kept: in this process, or in a store that a fleet shares. A command that throws, rejects or takes
 * longer than `cacheTimeout` never fails a query.
 */
export interface Cache {
  /** The text under a key; undefined when there is none, or its time is over. */
  get(key: string): Promise<string | undefined>
  /** Keeps a text for so many milliseconds. */
  set(key: string, text: string, ttl: number): Promise<void>
  /** Forgets it. */
  delete(key: string): Promise<void>
}

/** Characters of all texts together. */
export const mostCharacters = 50_000_000

/** Keeps answers in this process; what was used least recently goes first. */
export function memoryCache(
  now: () => number = () => Date.now(),
  maxCharacters: number = mostCharacters,
): Cache {
  /** The one that was used last stands last. */
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

/** A cache that never fails a call, and delays it no longer than its timeout. */
export interface BoundedCache {
  /** The text under a key; undefined for a miss, and when the cache fails, is late or is skipped. */
  get(key: string): Promise<string | undefined>
  /** Stores a text for so many milliseconds, behind the call. */
  set(key: string, text: string, ttl: number): void
}

/** Milliseconds for which calls skip a cache that did not answer in time. */
const skipFor = 10_000

/** When a cache that was late is tried again; negative infinity while it answers. */
interface Health {
  skipUntil: number
}

const healthy = Number.NEGATIVE_INFINITY
/** By cache: clients that share one skip it together. */
const health = new WeakMap<Cache, Health>()

/** Puts a timeout around each command of a cache. */
export function boundCache(
  cache: Cache,
  ms: number,
  log: Pick<Logger, 'warn'>,
  platform: Clock,
): BoundedCache {
  const state = health.get(cache) ?? { skipUntil: healthy }
  health.set(cache, state)

  const run = async <T>(done: string, command: () => Promise<T>): Promise<T | undefined> => {
    const now = platform.monotonic()
    if (now < state.skipUntil) return undefined
    // While the cache is silent, one command in ten seconds finds out whether it is back.
    if (state.skipUntil !== healthy) state.skipUntil = now + skipFor
    const scope = startDeadline(platform, undefined, ms, () => new Error(`no answer within ${ms} ms`))
    try {
      const answer = (async () => command())()
      // An answer that comes too late still says that the cache is back.
      const answered = answer.then((value) => {
        state.skipUntil = healthy
        return value
      })
      return await untilAbort(answered, scope)
    } catch (error) {
      if (scope.aborted) state.skipUntil = platform.monotonic() + skipFor
      const next = scope.aborted ? `. Calls skip it for ${skipFor / 1_000} s.` : ''
      log.warn(`The cache was not ${done}: ${describeThrown(error)}${next}`)
      return undefined
    } finally {
      scope.end()
    }
  }

  return {
    async get(key) {
      const text: unknown = await run('read', () => cache.get(key))
      return typeof text === 'string' ? text : undefined
    },
    set(key, text, ttl) {
      void run('written', () => cache.set(key, text, ttl))
    },
  }
}
