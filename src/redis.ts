export type { IoRedisClient, NodeRedisClient, RedisClient } from './redis/redis-client.ts'
export { type RedisLimitsOptions, redisLimits } from './redis/redis-limits.ts'
export type { Claim, GateClaim, Grant, LimitStore, Usage, WindowClaim } from './runtime/limits/store.ts'
