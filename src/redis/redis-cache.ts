import type { Cache } from '../runtime/cache/cache.ts'
import { type RedisClient, sendCommand } from './redis-client.ts'

/** Options of `redisCache`. */
export interface RedisCacheOptions {
  /** Prefix of every key. Default: `typehog:`. */
  readonly prefix?: string | undefined
}

/**
 * A cache in Redis, shared by all processes that use it. Entries expire automatically.
 *
 * @param client a connected client of the `redis` package (4 or newer) or the `ioredis` package (5 or newer)
 * @example
 * const posthog = createClient({ cache: redisCache(await createRedis({ url }).connect()) })
 */
export function redisCache(client: RedisClient, { prefix = 'typehog:' }: RedisCacheOptions = {}): Cache {
  const cacheKey = (key: string): string => `${prefix}cache:${key}`
  return {
    async get(key) {
      const text = await sendCommand(client, ['GET', cacheKey(key)])
      return text === null || text === undefined ? undefined : String(text)
    },
    async set(key, text, ttl) {
      await sendCommand(client, ['SET', cacheKey(key), text, 'PX', String(Math.max(1, Math.round(ttl)))])
    },
    async delete(key) {
      await sendCommand(client, ['DEL', cacheKey(key)])
    },
  }
}
