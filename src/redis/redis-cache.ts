import type { Cache } from '../runtime/cache/cache.ts'
import { type RedisClient, sendCommand } from './redis-client.ts'

/** Where in Redis answers are kept. */
export interface RedisCacheOptions {
  /** Begins every key. Default: `typehog:`. */
  readonly prefix?: string | undefined
}

/**
 * Keeps answers in Redis, for all processes of a fleet. They go away by themselves.
 *
 * @param client a connected client of the package `redis` (4 or newer) or `ioredis` (5 or newer)
 * @example
 * const posthog = createClient({ cache: redisCache(await createRedis({ url }).connect()) })
 */
export function redisCache(client: RedisClient, { prefix = 'typehog:' }: RedisCacheOptions = {}): Cache {
  const named = (key: string): string => `${prefix}cache:${key}`
  return {
    async get(key) {
      const text = await sendCommand(client, ['GET', named(key)])
      return text === null || text === undefined ? undefined : String(text)
    },
    async set(key, text, ttl) {
      await sendCommand(client, ['SET', named(key), text, 'PX', String(Math.max(1, Math.round(ttl)))])
    },
    async delete(key) {
      await sendCommand(client, ['DEL', named(key)])
    },
  }
}
