import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { resolveConfig } from '../../../../src/runtime/config/resolve.ts'
import { limiterFor } from '../../../../src/runtime/limits/limiter.ts'
import { memoryStore } from '../../../../src/runtime/limits/store.ts'
import type { RateLimitEvent } from '../../../../src/runtime/observe/hooks.ts'
import { host, json, key } from '../../fake-server.ts'
import { envelope, failure, outcomes } from '../harness.ts'
import { virtualPlatform } from '../virtual-platform.ts'
import { serverLimits } from './server-limits.ts'

const count = { limits: { mode: 'count' } } as const
const query = { throttle: 'query', runsQuery: true, project: '7', totalTimeout: 7_200_000 } as const
const minute = { limits: { mode: 'count', rates: { query: [{ requests: 240, seconds: 60 }] } } } as const

describe('the limiter of a client', () => {
  it('uses nearly the full allowance and is never throttled', async () => {
    const platform = virtualPlatform((request) => server.respond(request))
    const server = serverLimits({
      now: platform.now,
      windows: [
        { requests: 240, seconds: 60 },
        { requests: 2_400, seconds: 3_600 },
      ],
      work: () => platform.sleep(50),
    })
    const send = outcomes(platform, count)
    const calls = 2_400
    const started = platform.now()
    const worker = async (share: number): Promise<void> => {
      for (let n = 0; n < share; n++) await send({ ...query, runsQuery: false })
    }
    await Promise.all(Array.from({ length: 8 }, () => worker(calls / 8)))
    const minutes = (platform.now() - started) / 60_000
    expect(server.seen).toMatchObject({ accepted: calls, throttled: 0 })
    // 240 requests are allowed immediately, then 240 for each minute that passed.
    expect(calls / (240 * (Math.floor(minutes) + 1))).toBeGreaterThan(0.95)
  })

  it('runs three concurrent queries per project', async () => {
    const platform = virtualPlatform((request) => server.respond(request))
    const server = serverLimits({ now: platform.now, places: 3, work: () => platform.sleep(1_000) })
    const send = outcomes(platform)
    await Promise.all(Array.from({ length: 20 }, () => send(query)))
    expect(server.seen).toMatchObject({ accepted: 20, throttled: 0, maxRunning: 3 })

    const other = virtualPlatform((request) => two.respond(request))
    const two = serverLimits({ now: other.now, work: () => other.sleep(1_000) })
    const sendTwo = outcomes(other)
    await Promise.all(Array.from({ length: 12 }, (_, n) => sendTwo({ ...query, project: String(n % 2) })))
    expect(two.seen.maxRunning).toBe(6)
  })

  it('runs ten concurrent materialized endpoints', async () => {
    const platform = virtualPlatform((request) => server.respond(request))
    const server = serverLimits({ now: platform.now, work: () => platform.sleep(1_000) })
    const send = outcomes(platform)
    await Promise.all(Array.from({ length: 30 }, () => send({ ...query, throttle: 'materialized' })))
    expect(server.seen.maxRunning).toBe(10)
  })

  it('rejects immediately with `retryAt` if the wait exceeds the deadline', async () => {
    const platform = virtualPlatform(() => json({}))
    const send = outcomes(platform, minute)
    for (let n = 0; n < 240; n++) await send({ ...query, totalTimeout: 30_000 })
    const started = platform.now()
    const error = await failure(send({ ...query, totalTimeout: 30_000 }))
    expect(error).toMatchObject({ name: 'RateLimitError', source: 'client', bucket: 'query' })
    expect(error['retryAt']).toEqual(new Date(started + 60_500))
    expect(platform.now()).toBe(started)
    expect(error['stopReason']).toBe('the rate limit stays full for too long')
  })

  it('admits calls by priority, and in order of arrival within one priority', async () => {
    const order: string[] = []
    const platform = virtualPlatform(async (request) => {
      order.push(request.headers.get('x-name') ?? '')
      await platform.sleep(100)
      return json({})
    })
    const send = outcomes(platform, { limits: { maxConcurrentQueries: 1 } })
    const start = (name: string, priority?: 'high' | 'low'): Promise<unknown> =>
      send({ ...query, ...(priority && { priority }), headers: { 'x-name': name } })
    await Promise.all([
      start('first'),
      start('low', 'low'),
      start('a'),
      start('b'),
      start('high', 'high'),
      start('c'),
    ])
    expect(order).toEqual(['first', 'high', 'a', 'b', 'c', 'low'])
  })

  it('never starves a call: low priority precedes calls that arrived much later', async () => {
    const order: string[] = []
    const platform = virtualPlatform(async (request) => {
      order.push(request.headers.get('x-name') ?? '')
      await platform.sleep(20_000)
      return json({})
    })
    const send = outcomes(platform, { limits: { maxConcurrentQueries: 1 } })
    const calls = [send({ ...query, headers: { 'x-name': '0' } })]
    await platform.sleep(1)
    calls.push(send({ ...query, priority: 'low', headers: { 'x-name': 'low' } }))
    for (let n = 1; n < 6; n++) {
      calls.push(send({ ...query, headers: { 'x-name': String(n) } }))
      await platform.sleep(19_000)
    }
    await Promise.all(calls)
    expect(order.indexOf('low')).toBeLessThan(4)
  })

  it('calls `onRateLimit` when PostHog throttles', async () => {
    const events: RateLimitEvent[] = []
    const platform = virtualPlatform((_, call) =>
      call === 1 ? envelope(429, 'throttled', 'x', { 'retry-after': '7' }) : json({}),
    )
    const send = outcomes(platform, { ...count, onRateLimit: (event) => events.push(event) })
    await send({ throttle: 'query' })
    expect(events).toEqual([
      { operation: 'GET /api/things/', bucket: 'query', source: 'server', waitMs: 7_000 },
    ])
  })

  it('pauses all calls of the bucket for `Retry-After`', async () => {
    const at: number[] = []
    const platform = virtualPlatform((_, call) => {
      at.push(platform.monotonic())
      return call === 1 ? envelope(429, 'throttled', 'x', { 'retry-after': '40' }) : json({})
    })
    const send = outcomes(platform, count)
    const first = send({ throttle: 'query' })
    await platform.sleep(1_000)
    await Promise.all([first, send({ throttle: 'query' }), send({ throttle: 'default' })])
    // The other bucket is not paused.
    expect(at.sort((a, b) => a - b)).toEqual([0, 1_000, 40_000, 40_000])
  })

  it('adapts to a lower allowance after throttles, and is rarely throttled again', async () => {
    const platform = virtualPlatform((request) => server.respond(request))
    const server = serverLimits({ now: platform.now, windows: [{ requests: 120, seconds: 3_600 }] })
    const send = outcomes(platform, count)
    for (let n = 0; n < 480; n++) await send({ ...query, totalTimeout: 20_000_000, maxAttempts: 5 })
    expect(server.seen.accepted).toBe(480)
    expect(server.seen.throttled).toBeLessThan(40)
  })

  it('adapts to throttles of concurrent queries, which name no wait', async () => {
    const platform = virtualPlatform((request) => server.respond(request), { random: 0.5 })
    const server = serverLimits({ now: platform.now, places: 1, work: () => platform.sleep(500) })
    const send = outcomes(platform)
    await Promise.all(Array.from({ length: 30 }, () => send({ ...query, maxAttempts: 8 })))
    expect(server.seen.accepted).toBe(30)
    expect(server.seen.throttled).toBeLessThan(12)
  })

  it('counts nothing for self-hosted PostHog until the first throttle', async () => {
    const free = virtualPlatform(() => json({}))
    const send = outcomes(free)
    for (let n = 0; n < 1_000; n++) await send({ ...query, runsQuery: false })
    expect(free.slept).toEqual([])

    const platform = virtualPlatform((request) => server.respond(request))
    const server = serverLimits({ now: platform.now, windows: [{ requests: 240, seconds: 60 }] })
    const limited = outcomes(platform)
    for (let n = 0; n < 1_000; n++) await limited({ ...query, runsQuery: false })
    expect(server.seen.accepted).toBe(1_000)
    expect(server.seen.throttled).toBeLessThan(5)
  })

  it('pauses after a throttled stream whose body nobody reads', async () => {
    const at: number[] = []
    const platform = virtualPlatform((_, call) => {
      at.push(platform.monotonic())
      return call === 1 ? envelope(429, 'throttled', 'x', { 'retry-after': '30' }) : json({})
    })
    const send = outcomes(platform, count)
    const first = send({ throttle: 'query', body: 'stream' })
    await platform.sleep(10)
    await Promise.all([first, send({ throttle: 'query' })])
    expect(at).toEqual([0, 30_000, 30_000])
  })

  it('lowers the gate of queries for a minute, then runs three concurrently again', async () => {
    let [running, maxRunning, throttled] = [0, 0, 0]
    const platform = virtualPlatform(
      async (_, call) => {
        if (call === 1) {
          throttled += 1
          return envelope(429, 'throttled', 'Too many queries are running right now')
        }
        running += 1
        maxRunning = Math.max(maxRunning, running)
        await platform.sleep(1_000)
        running -= 1
        return json({})
      },
      { random: 0.5 },
    )
    const send = outcomes(platform)
    const burst = (): Promise<unknown> => Promise.all(Array.from({ length: 6 }, () => send(query)))
    await send(query)
    await burst()
    expect({ throttled, maxRunning }).toEqual({ throttled: 1, maxRunning: 1 })
    await platform.sleep(60_000)
    await burst()
    expect(maxRunning).toBe(3)
  })

  it('drops idle buckets', async () => {
    const platform = virtualPlatform(() => json({}))
    const config = resolveConfig({ apiKey: key, host }, {}, { version: '1.2.3' })
    const limiter = limiterFor(config, platform)
    for (let n = 0; n < 5_000; n++) {
      const bucket = limiter.bucketOf({
        origin: host,
        credential: 'k',
        keyKind: 'personal',
        throttle: 'query',
        project: String(n),
        runsQuery: true,
      })
      const deadline = { reason: undefined, onAbort: () => () => {} }
      const run = { operation: 'GET /', call: {}, attempt: 1, deadline, endsAt: 1e9 }
      await bucket.leave(await bucket.enter(run, () => {}), 'accepted')
    }
    expect((await limiter.state()).length).toBeLessThan(300)
  })

  it('does not count requests of OAuth tokens, as PostHog does not', async () => {
    const platform = virtualPlatform(() => json({}))
    const send = outcomes(platform, { ...count, apiKey: 'pha_token' })
    for (let n = 0; n < 1_000; n++) await send({ ...query, runsQuery: false })
    expect(platform.slept).toEqual([])
  })

  it('does nothing with `limits: false`', async () => {
    const platform = virtualPlatform((request) => server.respond(request))
    const server = serverLimits({ now: platform.now, work: () => platform.sleep(10) })
    const send = outcomes(platform, { limits: false })
    await Promise.all(Array.from({ length: 50 }, () => send(query)))
    expect(server.seen.maxRunning).toBe(50)
  })

  it('shares a store between clients of one key', async () => {
    const platform = virtualPlatform((request) => server.respond(request))
    const server = serverLimits({ now: platform.now, places: 3, work: () => platform.sleep(100) })
    const store = memoryStore(platform.monotonic)
    const clients = [outcomes(platform, { limits: { store } }), outcomes(platform, { limits: { store } })]
    await Promise.all(Array.from({ length: 20 }, (_, n) => clients[n % 2]?.(query)))
    expect(server.seen).toMatchObject({ accepted: 20, throttled: 0 })
  })
})

describe('a queued call', () => {
  it('rejects with its abort reason and removes its listener', async () => {
    const platform = virtualPlatform(async () => {
      await platform.sleep(10_000)
      return json({})
    })
    const send = outcomes(platform, { limits: { maxConcurrentQueries: 1 } })
    const controller = new AbortController()
    const first = send(query)
    const second = send({ ...query, signal: controller.signal })
    const third = send(query)
    await platform.sleep(1_000)
    controller.abort('enough')
    await expect(second).rejects.toBe('enough')
    await Promise.all([first, third])
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    expect(platform.asleep()).toBe(0)
  })

  it('fails immediately if the queue sleeps beyond its deadline', async () => {
    const platform = virtualPlatform((_, call) =>
      call === 1 ? envelope(429, 'throttled', 'x', { 'retry-after': '40' }) : json({}),
    )
    const send = outcomes(platform, count)
    const patient = send({ throttle: 'query' })
    await platform.sleep(1_000)
    const second = send({ throttle: 'query' })
    await platform.sleep(1_000)
    const error = await failure(send({ throttle: 'query', totalTimeout: 20_000 }))
    expect(error).toMatchObject({ name: 'RateLimitError', source: 'client' })
    expect(error['retryAt']).toEqual(new Date(platform.now() + 38_000))
    expect(platform.monotonic()).toBe(2_000)
    await Promise.all([patient, second])
  })

  it('fails immediately when a pause begins that exceeds its deadline', async () => {
    const platform = virtualPlatform(async (_, call) => {
      if (call > 1) return json({})
      await platform.sleep(1_000)
      return envelope(429, 'throttled', 'x', { 'retry-after': '60' })
    })
    const send = outcomes(platform, {
      limits: { mode: 'count', rates: { query: [{ requests: 1, seconds: 10 }] } },
    })
    const first = failure(send({ throttle: 'query', totalTimeout: 5_000 }))
    await platform.sleep(100)
    const error = await failure(send({ throttle: 'query', totalTimeout: 30_000 }))
    expect(error).toMatchObject({ name: 'RateLimitError', source: 'client' })
    expect(error['retryAt']).toEqual(new Date(platform.now() + 60_000))
    expect(platform.monotonic()).toBe(1_000)
    await first
  })

  it('fails after its total timeout', async () => {
    const platform = virtualPlatform(async () => {
      await platform.sleep(10_000)
      return json({})
    })
    const send = outcomes(platform, { limits: { maxConcurrentQueries: 1 } })
    const first = send(query)
    const error = await failure(send({ ...query, totalTimeout: 2_000 }))
    expect(error).toMatchObject({ kind: 'timeout', phase: 'total' })
    await first
  })
})
