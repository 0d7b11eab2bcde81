import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { defineEndpoint, type Endpoint, hogql, type TypehogClient } from '../../../src/index.ts'
import { memoryCache } from '../../../src/runtime/cache/cache.ts'
import { faults, type LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

const minute = 60_000
const ttl = { ttl: minute }
// Without limits, because a throttle would delay the next test.
const noRetries = { retry: false, limits: false } as const

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 0, projects: [2] }, noRetries))
  for (const client of [posthog, posthog.project(2)]) {
    for (const name of ['a', 'b']) await client.insightVariables.create({ name, type: 'String' })
    const { definition } = echo
    const query = { kind: 'HogQLQuery', query: definition.query.query ?? '' } as const
    await client.endpoints.create({ name: 'echo', query })
  }
  await posthog.endpoints.update('echo', {
    query: { kind: 'HogQLQuery', query: `${echo.definition.query.query} -- second` },
  })
})
afterEach(() => {
  local.faults.clear()
  vi.useRealTimers()
})
afterAll(() => local.close())

const echo = defineEndpoint({
  name: 'echo',
  query: hogql<{ a: string; b: string; at: Date | string }>`
    select {variables.a} as a, {variables.b} as b, toDateTime('2026-01-01', 'UTC') as at`,
  variables: { a: { type: 'string' }, b: { type: 'string' } },
})
const pinned: Endpoint<{ a: string; b: string }, { at: string }> = {
  name: 'echo',
  version: 2,
  kind: 'HogQLQuery',
  materialized: false,
  columns: [],
}

/** Each test has a client with a cache of its own. */
const fresh = (): TypehogClient => posthog.with({ cache: memoryCache() })

/** Number of requests that PostHog receives during `run`. */
async function countRequests(run: () => Promise<unknown>): Promise<number> {
  const before = local.requests.length
  await run()
  return local.requests.length - before
}

const variables = { a: 'x', b: 'y' }

describe('a run with `ttl`', () => {
  it('returns the same result without another request, with its age', async () => {
    const { endpoints } = fresh()
    const first = await endpoints.run(echo, variables, ttl)
    expect(first.cache).toMatchObject({ age: undefined, stale: false })
    expect(first.rows).toEqual([{ a: 'x', b: 'y', at: '2026-01-01T00:00:00Z' }])
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.advanceTimersByTime(5_000)
    const requests = await countRequests(async () => {
      const again = await endpoints.run(echo, variables, ttl)
      expect(again).toEqual({ ...first, cache: { ...first.cache, age: expect.any(Number) } })
      expect(again.cache.age).toBeGreaterThanOrEqual(5_000)
      // Callers cannot change each other's rows.
      expect(again.rows[0]).not.toBe(first.rows[0])
    })
    expect(requests).toBe(0)
  })

  it('expires', async () => {
    const { endpoints } = fresh()
    await endpoints.run(echo, variables, ttl)
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.advanceTimersByTime(minute + 1)
    expect(await countRequests(() => endpoints.run(echo, variables, ttl))).toBe(1)
  })

  it('shares results of equal variables in another order, and decodes cells for each caller', async () => {
    const { endpoints } = fresh()
    await endpoints.run(echo, variables, ttl)
    const requests = await countRequests(async () => {
      const { rows } = await endpoints.run(echo, { b: 'y', a: 'x' }, { ...ttl, dates: 'date' })
      expect(rows).toEqual([{ a: 'x', b: 'y', at: new Date('2026-01-01T00:00:00Z') }])
      await endpoints.run('echo', variables, ttl)
    })
    expect(requests).toBe(0)
  })

  it('misses for other variables, versions, limits, headers, projects, and without `ttl`', async () => {
    const client = fresh()
    const { endpoints } = client
    await endpoints.run(echo, variables, ttl)
    const others = [
      () => endpoints.run(echo, { a: 'x', b: 'z' }, ttl),
      () => endpoints.run(echo, { a: 'y', b: 'x' }, ttl),
      () => endpoints.run(echo, variables, { ...ttl, version: 1 }),
      () => endpoints.run(pinned, variables, ttl),
      () => endpoints.run(echo, variables, { ...ttl, limit: 1 }),
      () => endpoints.run(echo, variables, { ...ttl, debug: true }),
      () => endpoints.run(echo, variables, { ...ttl, headers: { 'x-test': '1' } }),
      () => client.project(2).endpoints.run(echo, variables, ttl),
      () => client.with({ host: 'http://other.test' }).endpoints.run(echo, variables, ttl),
      () => endpoints.run(echo, variables),
    ]
    for (const other of others) expect(await countRequests(other), String(other)).toBe(1)
    expect(await countRequests(() => endpoints.run(echo, variables, { ...ttl, limit: 1 }))).toBe(0)
    expect(await countRequests(() => endpoints.run(pinned, variables, { ...ttl, version: 2 }))).toBe(0)
    expect(
      (await client.with({ endpoints: { pinned } }).endpoints.run('echo', variables, ttl)).cache.age,
    ).toEqual(expect.any(Number))
  })

  it('bypasses the cache with `refresh: force`, and replaces the entry', async () => {
    const { endpoints } = fresh()
    await endpoints.run(echo, variables, ttl)
    const forced = { ...ttl, refresh: 'force' } as const
    const { executionId } = await endpoints.run(echo, variables, forced)
    const again = await endpoints.run(echo, variables, ttl)
    expect([again.executionId, typeof again.cache.age]).toEqual([executionId, 'number'])
    expect(await countRequests(() => endpoints.run(echo, variables, forced))).toBe(1)
  })

  it('shares a request in flight, which survives the abort of one caller', async () => {
    const { endpoints } = fresh()
    const abort = new AbortController()
    const reason = new Error('enough')
    local.faults.add({ delayMs: 50 })
    const requests = await countRequests(async () => {
      const aborted = endpoints.run(echo, variables, { ...ttl, signal: abort.signal })
      const rejected = expect(aborted).rejects.toBe(reason)
      const others = Promise.all([1, 2, 3].map(() => endpoints.run(echo, variables, ttl)))
      abort.abort(reason)
      await rejected
      expect((await others).map(({ rows }) => rows.length)).toEqual([1, 1, 1])
    })
    expect(requests).toBe(1)
  })

  it('keeps the totalTimeout of each caller', async () => {
    const { endpoints } = fresh()
    local.faults.add({ delayMs: 100 })
    const patient = endpoints.run(echo, variables, ttl)
    await expect(endpoints.run(echo, variables, { ...ttl, totalTimeout: 10 })).rejects.toMatchObject({
      name: 'TotalTimeoutError',
    })
    expect((await patient).rows).toHaveLength(1)
  })

  it('caches no errors, and adds the execution id to them', async () => {
    const { endpoints } = fresh()
    const wrong = endpoints.run('echo', { planet: 'Mars' }, ttl)
    await expect(wrong).rejects.toMatchObject({ name: 'BadRequestError', attr: 'variables' })
    local.faults.add(faults.serverError())
    await expect(endpoints.run(echo, variables, ttl)).rejects.toMatchObject({ name: 'ServerError' })
    expect((await endpoints.run(echo, variables, ttl)).cache.age).toBeUndefined()
  })

  it('checks the version of a cached result too', async () => {
    const { endpoints } = fresh()
    const options = { ...ttl, version: 1 }
    await endpoints.run(echo, variables, options)
    expect(await endpoints.run(echo, variables, options)).toMatchObject({ version: 1 })
  })
})

describe('`staleIfThrottled` of a run', () => {
  const stale = { ttl: minute, staleIfThrottled: minute }

  it('returns a stale result with its age while PostHog throttles', async () => {
    const { endpoints } = fresh()
    await endpoints.run(echo, variables, stale)
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.advanceTimersByTime(minute + 1_000)
    local.faults.add(faults.throttled(60))
    const { rows, cache } = await endpoints.run(echo, variables, stale)
    expect(rows).toHaveLength(1)
    expect(cache.stale).toBe(true)
    expect(cache.age).toBeGreaterThan(minute)
  })

  it('returns none beyond its time, for another error, or without the option', async () => {
    const { endpoints } = fresh()
    await endpoints.run(echo, variables, stale)
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.advanceTimersByTime(minute + 1_000)
    local.faults.add(faults.serverError())
    await expect(endpoints.run(echo, variables, stale)).rejects.toMatchObject({ name: 'ServerError' })
    local.faults.add(faults.throttled(60))
    await expect(endpoints.run(echo, variables, ttl)).rejects.toMatchObject({ name: 'RateLimitError' })
    vi.advanceTimersByTime(minute)
    local.faults.add(faults.throttled(60))
    await expect(endpoints.run(echo, variables, stale)).rejects.toMatchObject({ name: 'RateLimitError' })
  })
})
