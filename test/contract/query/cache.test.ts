import { createClient as createRedis } from 'redis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Cache, hogql, type TypehogClient } from '../../../src/index.ts'
import { redisCache } from '../../../src/redis.ts'
import { memoryCache } from '../../../src/runtime/cache/cache.ts'
import { faults, type LocalPostHog } from '../../../src/testing.ts'
import { hasRedis, type RedisServer, startRedis } from '../limits/redis-server.ts'
import { startLocalClient } from '../local-client.ts'

const minute = 60_000
// Without limits, because a throttle would delay the next test.
const noRetries = { retry: false, limits: false } as const

/** The tests that every cache passes. */
function describeCache(name: string, open: () => Cache | undefined): void {
  describe(name, () => {
    let local: LocalPostHog
    let posthog: TypehogClient
    beforeAll(async () => {
      const cache = open()
      ;({ local, posthog } = await startLocalClient(
        { events: 0 },
        { ...noRetries, ...(cache ? { cache } : {}) },
      ))
    })
    beforeEach(() => local.faults.clear())
    afterAll(() => local.close())
    /** Returns the number of requests that PostHog receives during `run`. */
    const countRequests = async (run: () => Promise<unknown>): Promise<number> => {
      const before = local.requests.length
      await run()
      return local.requests.length - before
    }
    const big = hogql<{
      n: bigint
      at: Date
    }>`select 18446744073709551615 as n, toDateTime('2026-01-01', 'UTC') as at`
    const options = { int64: 'bigint', dates: 'date', ttl: minute } as const

    it('returns the same rows without another request', async () => {
      const first = await posthog.hogql(big, options)
      expect(first.cache).toMatchObject({ age: undefined, stale: false })
      const again = await posthog.hogql(big, options)
      expect(again.rows).toEqual([{ n: 18446744073709551615n, at: new Date('2026-01-01T00:00:00Z') }])
      expect({ ...again, cache: first.cache }).toEqual(first)
      expect(again.cache.age).toBeGreaterThanOrEqual(0)
      expect(await countRequests(async () => posthog.hogql(big, options))).toBe(0)
    })

    it('misses without `ttl`, for another query, or with a forced refresh', async () => {
      const one = hogql`select ${1} as n`
      await posthog.hogql(one, { ttl: minute })
      expect(await countRequests(async () => posthog.hogql(one))).toBe(1)
      expect(await countRequests(async () => posthog.hogql(hogql`select ${2} as n`, { ttl: minute }))).toBe(1)
      expect(
        await countRequests(async () => posthog.hogql(one, { ttl: minute, refresh: 'force_blocking' })),
      ).toBe(1)
      expect(
        await countRequests(async () => posthog.hogql(one, { ttl: minute, refresh: 'force_async' })),
      ).toBe(2)
      expect(await countRequests(async () => posthog.hogql(one, { ttl: minute }))).toBe(0)
    })

    it('expires after `ttl`', async () => {
      const query = hogql`select ${'short'} as n`
      await posthog.hogql(query, { ttl: 20 })
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(await countRequests(async () => posthog.hogql(query, { ttl: 20 }))).toBe(1)
    })

    it('shares a request in flight, which survives the abort of one caller', async () => {
      const query = hogql`select ${'shared'} as n`
      const abort = new AbortController()
      const reason = new Error('enough')
      local.faults.add({ delayMs: 60 })
      const aborted = posthog.hogql(query, { ttl: minute, signal: abort.signal }).rows()
      const rejected = expect(aborted).rejects.toBe(reason)
      expect(
        await countRequests(async () => {
          const others = Promise.all([1, 2, 3].map(() => posthog.hogql(query, { ttl: minute }).one()))
          setTimeout(() => abort.abort(reason), 20)
          expect(await others).toEqual([{ n: 'shared' }, { n: 'shared' }, { n: 'shared' }])
        }),
      ).toBeLessThanOrEqual(1)
      await rejected
    })

    it('does not cache errors', async () => {
      const query = hogql`select ${'failed'} as n`
      local.faults.add(faults.serverError())
      await expect(posthog.hogql(query, { ttl: minute })).rejects.toMatchObject({ name: 'ServerError' })
      expect(await posthog.hogql(query, { ttl: minute }).one()).toEqual({ n: 'failed' })
    })

    it('returns a stale result with its age while PostHog throttles', async () => {
      const query = hogql`select ${'stale'} as n`
      const stale = { ttl: 5, staleIfThrottled: minute }
      await posthog.hogql(query, stale)
      await new Promise((resolve) => setTimeout(resolve, 20))
      local.faults.add(faults.throttled(60))
      const { rows, cache } = await posthog.hogql(query, stale)
      expect(rows).toEqual([{ n: 'stale' }])
      expect(cache.stale).toBe(true)
      expect(cache.age).toBeGreaterThan(5)
    })

    it('returns no stale result without `staleIfThrottled` or for another error', async () => {
      const query = hogql`select ${'strict'} as n`
      await posthog.hogql(query, { ttl: 5 })
      await new Promise((resolve) => setTimeout(resolve, 20))
      local.faults.add(faults.serverError())
      const stale = { ttl: 5, staleIfThrottled: minute }
      await expect(posthog.hogql(query, stale)).rejects.toMatchObject({ name: 'ServerError' })
      local.faults.add(faults.throttled(60))
      await expect(posthog.hogql(query, { ttl: 5 })).rejects.toMatchObject({ name: 'RateLimitError' })
    })

    it('caches results of background queries', async () => {
      const query = hogql`select ${'slow'} as n`
      const slow = { ttl: minute, async: true }
      expect(await posthog.hogql(query, slow).one()).toEqual({ n: 'slow' })
      expect(
        await countRequests(async () =>
          expect(await posthog.hogql(query, slow).one()).toEqual({ n: 'slow' }),
        ),
      ).toBe(0)
    })
  })
}

describeCache('the default cache', () => undefined)
describeCache('a memory cache', () => memoryCache())

if (!hasRedis && process.env['CI'] !== undefined) throw new Error('redis-server is not installed')

describe.skipIf(!hasRedis)('with a real Redis', () => {
  let server: RedisServer
  let redis: ReturnType<typeof createRedis>
  beforeAll(async () => {
    server = await startRedis()
    redis = createRedis({ url: server.url })
    await redis.connect()
  })
  afterAll(async () => {
    redis.destroy()
    await server.stop()
  })

  describeCache('a Redis cache', () => redisCache(redis))

  it('shows neither the API key nor the query in the names of its entries', async () => {
    const keys = await redis.keys('*')
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) expect(key).toMatch(/^typehog:cache:[0-9a-f]{64}$/)
  })
})

describe('a cache', () => {
  it('that fails does not fail the query, and logs a warning', async () => {
    const broken: Cache = {
      get: () => Promise.reject(new Error('away')),
      set: () => Promise.reject(new Error('away')),
      delete: () => Promise.reject(new Error('away')),
    }
    const warnings: string[] = []
    const { local, posthog } = await startLocalClient(
      { events: 0 },
      {
        cache: broken,
        logLevel: 'warn',
        logger: { ...console, warn: (text: string) => void warnings.push(text) },
      },
    )
    expect(await posthog.hogql(hogql`select 1 as n`, { ttl: minute }).one()).toEqual({ n: 1 })
    expect(warnings.join()).toContain('Could not read a cache entry: Error: away')
    await local.close()
  })

  it('with an invalid entry is a miss', async () => {
    for (const text of ['', '[', '{}', '[1]', 'null']) {
      const invalid: Cache = { get: async () => text, set: async () => {}, delete: async () => {} }
      const { local, posthog } = await startLocalClient({ events: 0 }, { cache: invalid })
      expect(await posthog.hogql(hogql`select 1 as n`, { ttl: minute }).one()).toEqual({ n: 1 })
      await local.close()
    }
  })

  it('is not shared between keys', async () => {
    const cache = memoryCache()
    const { local, posthog } = await startLocalClient({ events: 0 }, { cache })
    await posthog.hogql(hogql`select 1 as n`, { ttl: minute })
    const other = posthog.with({ apiKey: 'phx_another000000000000000000000000000000000000000' })
    await expect(other.hogql(hogql`select 1 as n`, { ttl: minute })).rejects.toMatchObject({
      name: 'AuthenticationError',
    })
    await local.close()
  })

  it('in memory evicts the least recently used entries', async () => {
    const cache = memoryCache(Date.now, 10)
    await cache.set('a', '12345', minute)
    await cache.set('b', '12345', minute)
    await cache.get('a')
    await cache.set('c', '123', minute)
    expect([await cache.get('a'), await cache.get('b'), await cache.get('c')]).toEqual([
      '12345',
      undefined,
      '123',
    ])
    await cache.set('d', '12345678901', minute)
    expect(await cache.get('d')).toBeUndefined()
    await cache.delete('a')
    expect(await cache.get('a')).toBeUndefined()
  })
})
