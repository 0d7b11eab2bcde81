import type { LimitRequest, LimitStore } from '../runtime/limits/store.ts'
import { createScript, type RedisClient } from './redis-client.ts'

/** Options of `redisLimits`. */
export interface RedisLimitsOptions {
  /** Prefix of every key. Default: `typehog:`. */
  readonly prefix?: string | undefined
}

/** Milliseconds by the clock of Redis, because the clocks of the processes may differ. */
const clock = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/** Arguments: the lease, the number of windows, the number of gates, then two numbers for each window and gate. */
const takeSource = `${clock}
local lease, windows, gates = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local wait, exhausted, full = 0, 0, 0
for i = 1, #KEYS do
  local limit, span = tonumber(ARGV[2 + 2 * i]), tonumber(ARGV[3 + 2 * i])
  local left = 0
  if i <= windows then
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now - span)
    local used = redis.call('ZCARD', KEYS[i])
    if used >= limit then
      local at = math.max(0, used - limit)
      local oldest = redis.call('ZRANGE', KEYS[i], at, at, 'WITHSCORES')
      left = oldest[2] and oldest[2] + span - now or span
    end
  elseif i <= windows + gates then
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
    if full == 0 and redis.call('ZCARD', KEYS[i]) >= limit then full = i end
  else
    left = redis.call('PTTL', KEYS[i])
  end
  if left > wait then wait, exhausted = left, i end
end
if exhausted > 0 then return { exhausted, wait } end
if full > 0 then return { full, -1 } end
for i = 1, windows + gates do
  local span = tonumber(ARGV[3 + 2 * i])
  redis.call('ZADD', KEYS[i], i <= windows and now or now + span, lease)
  redis.call('PEXPIRE', KEYS[i], span)
end
return { 0, 0 }`

const removeSource = `for i = 1, #KEYS do redis.call('ZREM', KEYS[i], ARGV[1]) end return 0`

const blockSource = `
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], 1, 'PX', ARGV[1]) end
return 0`

const usageSource = `${clock}
local windows, gates, counts = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
for i = 1, #KEYS do
  if i <= windows then counts[i] = redis.call('ZCOUNT', KEYS[i], '(' .. (now - ARGV[2 + i]), '+inf')
  elseif i <= windows + gates then counts[i] = redis.call('ZCOUNT', KEYS[i], '(' .. now, '+inf')
  else counts[i] = redis.call('PTTL', KEYS[i]) end
end
return counts`

/**
 * A limit store in Redis, for processes that share an API key. Each operation is one atomic script, keys expire
 * automatically, and in a cluster all keys are in one slot. While Redis does not respond, each process counts
 * separately (see `limits.storeTimeout`).
 *
 * @param client a connected client of the `redis` package (4 or newer) or the `ioredis` package (5 or newer)
 * @example
 * const posthog = createClient({ limits: { store: redisLimits(await createRedis({ url }).connect()) } })
 */
export function redisLimits(
  client: RedisClient,
  { prefix = 'typehog:' }: RedisLimitsOptions = {},
): LimitStore {
  const take = createScript(client, takeSource)
  const remove = createScript(client, removeSource)
  const block = createScript(client, blockSource)
  const usage = createScript(client, usageSource)
  const prefixed = (kind: string, keys: readonly string[]): string[] =>
    keys.map((key) => `{${prefix}limits}:${kind}:${key}`)
  const windowKeys = ({ windows }: LimitRequest): string[] => prefixed('window', keysIn(windows))
  const gateKeys = ({ gates }: LimitRequest): string[] => prefixed('gate', keysIn(gates))
  const allKeys = (request: LimitRequest): string[] => [
    ...windowKeys(request),
    ...gateKeys(request),
    ...prefixed('block', request.blocks),
  ]

  return {
    async take(request) {
      const { windows, gates, blocks } = request
      const lease = crypto.randomUUID()
      const numbers = [
        ...windows.flatMap(({ requests, ms }) => [requests, ms]),
        ...gates.flatMap(({ places, leaseMs }) => [places, leaseMs]),
      ]
      const reply = await take.run(allKeys(request), [lease, windows.length, gates.length, ...numbers])
      const [exhausted, wait] = toNumbers(reply)
      if (exhausted === undefined || wait === undefined) {
        throw new TypeError(`Expected two numbers from Redis, got ${typeof reply}.`)
      }
      if (exhausted === 0) return { granted: true, lease }
      const key = [...keysIn(windows), ...keysIn(gates), ...blocks][exhausted - 1] ?? ''
      return { granted: false, key, waitMs: wait < 0 ? undefined : wait }
    },
    async release(request, lease) {
      if (request.gates.length > 0) await remove.run(gateKeys(request), [lease])
    },
    async undo(request, lease) {
      if (request.windows.length > 0) await remove.run(windowKeys(request), [lease])
    },
    async block(key, ms) {
      await block.run(prefixed('block', [key]), [Math.max(1, Math.ceil(ms))])
    },
    async usage(request) {
      const { windows, gates, blocks } = request
      const spans = windows.map(({ ms }) => ms)
      const counts = toNumbers(await usage.run(allKeys(request), [windows.length, gates.length, ...spans]))
      const pairs = (keys: readonly string[], from: number): [string, number][] =>
        keys.map((key, index) => [key, counts[from + index] ?? 0])
      const blockCounts = pairs(blocks, windows.length + gates.length)
      return {
        windows: Object.fromEntries(pairs(keysIn(windows), 0)),
        gates: Object.fromEntries(pairs(keysIn(gates), windows.length)),
        blocks: Object.fromEntries(blockCounts.filter(([, ms]) => ms > 0)),
      }
    },
  }
}

function keysIn(limits: readonly { readonly key: string }[]): string[] {
  return limits.map(({ key }) => key)
}

function toNumbers(reply: unknown): number[] {
  return Array.isArray(reply) ? reply.map(Number) : []
}
