/**
 * Rate limits and a cache that several processes share through Redis.
 *
 * @module typehog/redis
 */

export { type RedisCacheOptions, redisCache } from './redis/redis-cache.ts'
export type { IoRedisClient, NodeRedisClient, RedisClient } from './redis/redis-client.ts'
export { type RedisLimitsOptions, redisLimits } from './redis/redis-limits.ts'
export type { Cache } from './runtime/cache/cache.ts'
export type {
  GateRequest,
  LimitDecision,
  LimitRequest,
  LimitStore,
  LimitUsage,
  WindowRequest,
} from './runtime/limits/store.ts'
