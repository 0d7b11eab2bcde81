import { Redis } from 'ioredis'
import { createClient as createRedis } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisClient } from '../../../src/redis/redis-client.ts'
import { redisLimits } from '../../../src/redis.ts'
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts'
import { describeStore } from './store-suite.ts'

if (!hasRedis && process.env['CI'] !== undefined) throw new Error('redis-server is not installed')

describe.skipIf(!hasRedis)('with a real Redis', () => {
  let server: RedisServer
  let nodeRedis: ReturnType<typeof createRedis>
  let ioRedis: Redis
  beforeAll(async () => {
    server = await startRedis()
    nodeRedis = createRedis({ url: server.url })
    await nodeRedis.connect()
    ioRedis = new Redis(server.url)
  })
  afterAll(async () => {
    nodeRedis.destroy()
    ioRedis.disconnect()
    await server.stop()
  })

  let stores = 0
  const open = (client: () => RedisClient) => async () => ({
    store: redisLimits(client(), { prefix: `test${++stores}:` }),
    toleranceMs: 60,
    advance: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms + 5)),
  })
  describeStore(
    'Redis, with the package redis',
    open(() => nodeRedis),
  )
  describeStore(
    'Redis, with the package ioredis',
    open(() => ioRedis),
  )

  it('shares its counts between two clients', async () => {
    const stores = [redisLimits(nodeRedis, { prefix: 'both:' }), redisLimits(ioRedis, { prefix: 'both:' })]
    const request = { windows: [{ key: 'w', requests: 10, ms: 60_000 }], gates: [], blocks: [] }
    const grants = await Promise.all(Array.from({ length: 30 }, (_, n) => stores[n % 2]?.take(request)))
    expect(grants.filter((grant) => grant?.granted)).toHaveLength(10)
  })

  it('recovers after Redis forgets its scripts, and creates only keys that expire', async () => {
    const store = redisLimits(nodeRedis, { prefix: 'forget:' })
    const request = {
      windows: [{ key: 'w', requests: 10, ms: 60_000 }],
      gates: [{ key: 'g', places: 3, leaseMs: 60_000 }],
      blocks: ['b'],
    }
    await store.take(request)
    await nodeRedis.sendCommand(['SCRIPT', 'FLUSH'])
    expect(await store.take(request)).toMatchObject({ granted: true })
    await store.block('b', 60_000)
    const keys = await nodeRedis.keys('{forget:limits}*')
    expect(keys).toHaveLength(3)
    for (const key of keys) expect(await nodeRedis.pTTL(key)).toBeGreaterThan(0)
  })

  it('rejects when Redis is unreachable', async () => {
    const unreachable = new Redis('redis://127.0.0.1:1', {
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    })
    unreachable.on('error', () => {})
    await expect(redisLimits(unreachable).take({ windows: [], gates: [], blocks: ['b'] })).rejects.toThrow()
    unreachable.disconnect()
  })
})
