import { describeThrown } from '../observe/guard.ts'
import type { Logger } from '../observe/logger.ts'
import { createPlatform } from '../platform.ts'
import { openScope, untilAbort } from '../transport/abort.ts'
import type { Cache } from './cache.ts'

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
export function boundCache(cache: Cache, ms: number, log: Pick<Logger, 'warn'>): BoundedCache {
  const platform = createPlatform()
  const state = health.get(cache) ?? { skipUntil: healthy }
  health.set(cache, state)

  const run = async <T>(done: string, command: () => Promise<T>): Promise<T | undefined> => {
    const now = platform.monotonic()
    if (now < state.skipUntil) return undefined
    // While the cache is silent, one command in ten seconds finds out whether it is back.
    if (state.skipUntil !== healthy) state.skipUntil = now + skipFor
    const scope = openScope(platform, undefined, ms, () => new Error(`no answer within ${ms} ms`))
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
