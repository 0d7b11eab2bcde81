import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { resolveConfig } from '../../../../src/runtime/config/resolve.ts'
import { limiterFor } from '../../../../src/runtime/limits/limiter.ts'
import { memoryStore } from '../../../../src/runtime/limits/store.ts'
import type { RateLimitEvent } from '../../../../src/runtime/observe/hooks.ts'
import { envelope, failure, host, json, key, outcomes } from '../harness.ts'
import { virtualPlatform } from '../virtual-platform.ts'
import { serverLimits } from './server-limits.ts'

const count = { limits: { mode: 'count' } } as const
const query = { throttle: 'query', runsQuery: true, project: '7', totalTimeout: 7_200_000 } as const
const minute = { limits: { mode: 'count', rates: { query: [{ requests: 240, seconds: 60 }] } } } as const

describe('the rate limits of a client', () => {
  it('use nearly the whole allowance and are never refused', async () => {
    const platform = virtualPlatform((request) => server.answer(request))
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
    expect(server.seen).toMatchObject({ taken: calls, refused: 0 })
    // Ten full minutes are allowed within the tenth one: 240 at once, then 240 for each minute that passed.
    expect(calls / (240 * (Math.floor(minutes) + 1))).toBeGreaterThan(0.95)
  })

  it('let three queries of a project run at once, and each project has its own', async () => {
    const platform = virtualPlatform((request) => server.answer(request))
    const server = serverLimits({ now: platform.now, places: 3, work: () => platform.sleep(1_000) })
    const send = outcomes(platform)
    await Promise.all(Array.from({ length: 20 }, () => send(query)))
    expect(server.seen).toMatchObject({ taken: 20, refused: 0, atOnce: 3 })

    const other = virtualPlatform((request) => two.answer(request))
    const two = serverLimits({ now: other.now, work: () => other.sleep(1_000) })
    const sendTwo = outcomes(other)
    await Promise.all(Array.from({ length: 12 }, (_, n) => sendTwo({ ...query, project: String(n % 2) })))
    expect(two.seen.atOnce).toBe(6)
  })

  it('hold ten reads of materialised tables back and not three', async () => {
    const platform = virtualPlatform((request) => server.answer(request))
    const server = serverLimits({ now: platform.now, work: () => platform.sleep(1_000) })
    const send = outcomes(platform)
    await Promise.all(Array.from({ length: 30 }, () => send({ ...query, throttle: 'materialized' })))
    expect(server.seen.atOnce).toBe(10)
  })

  it('fail at once when the turn would come after the deadline, and say when to come back', async () => {
    const platform = virtualPlatform(() => json(200, {}))
    const send = outcomes(platform, minute)
    for (let n = 0; n < 240; n++) await send({ ...query, totalTimeout: 30_000 })
    const started = platform.now()
    const error = await failure(send({ ...query, totalTimeout: 30_000 }))
    expect(error).toMatchObject({ name: 'RateLimitError', source: 'client', bucket: 'query' })
    expect(error['retryAt']).toEqual(new Date(started + 60_500))
    expect(platform.now()).toBe(started)
    expect(error['stopReason']).toBe('the rate limit stays full for too long')
  })

  it('serve by priority, and in order within one', async () => {
    const order: string[] = []
    const platform = virtualPlatform(async (request) => {
      order.push(request.headers.get('x-name') ?? '')
      await platform.sleep(100)
      return json(200, {})
    })
    const send = outcomes(platform, { limits: { queriesAtOnce: 1 } })
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

  it('leave nobody waiting for ever: low priority comes before what arrived much later', async () => {
    const order: string[] = []
    const platform = virtualPlatform(async (request) => {
      order.push(request.headers.get('x-name') ?? '')
      await platform.sleep(20_000)
      return json(200, {})
    })
    const send = outcomes(platform, { limits: { queriesAtOnce: 1 } })
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

  it('tell the hook when a call has to wait, and when PostHog refused one', async () => {
    const events: RateLimitEvent[] = []
    const platform = virtualPlatform((_, call) =>
      call === 1 ? envelope(429, 'throttled', 'x', { 'retry-after': '7' }) : json(200, {}),
    )
    const send = outcomes(platform, { ...count, onRateLimit: (event) => events.push(event) })
    await send({ throttle: 'query' })
    expect(events).toEqual([
      { operation: 'GET /api/things/', bucket: 'query', source: 'server', waitMs: 7_000 },
    ])
  })

  it('keep every call of the bucket back for as long as PostHog asked', async () => {
    const at: number[] = []
    const platform = virtualPlatform((_, call) => {
      at.push(platform.monotonic())
      return call === 1 ? envelope(429, 'throttled', 'x', { 'retry-after': '40' }) : json(200, {})
    })
    const send = outcomes(platform, count)
    const first = send({ throttle: 'query' })
    await platform.sleep(1_000)
    await Promise.all([first, send({ throttle: 'query' }), send({ throttle: 'default' })])
    // The other bucket goes ahead.
    expect(at.sort((a, b) => a - b)).toEqual([0, 1_000, 40_000, 40_000])
  })

  it('learn a lower allowance from refusals, and are hardly refused again', async () => {
    const platform = virtualPlatform((request) => server.answer(request))
    const server = serverLimits({ now: platform.now, windows: [{ requests: 120, seconds: 3_600 }] })
    const send = outcomes(platform, count)
    for (let n = 0; n < 480; n++) await send({ ...query, totalTimeout: 20_000_000, maxAttempts: 5 })
    expect(server.seen.taken).toBe(480)
    expect(server.seen.refused).toBeLessThan(40)
  })

  it('learn from refusals of queries at once, which name no wait', async () => {
    const platform = virtualPlatform((request) => server.answer(request), { random: 0.5 })
    const server = serverLimits({ now: platform.now, places: 1, work: () => platform.sleep(500) })
    const send = outcomes(platform)
    await Promise.all(Array.from({ length: 30 }, () => send({ ...query, maxAttempts: 8 })))
    expect(server.seen.taken).toBe(30)
    expect(server.seen.refused).toBeLessThan(12)
  })

  it('count nothing for a self-hosted PostHog until it refuses something', async () => {
    const free = virtualPlatform(() => json(200, {}))
    const send = outcomes(free)
    for (let n = 0; n < 1_000; n++) await send({ ...query, runsQuery: false })
    expect(free.slept).toEqual([])

    const platform = virtualPlatform((request) => server.answer(request))
    const server = serverLimits({ now: platform.now, windows: [{ requests: 240, seconds: 60 }] })
    const limited = outcomes(platform)
    for (let n = 0; n < 1_000; n++) await limited({ ...query, runsQuery: false })
    expect(server.seen.taken).toBe(1_000)
    expect(server.seen.refused).toBeLessThan(5)
  })

  it('pause after the refusal of a stream, whose body nobody read', async () => {
    const at: number[] = []
    const platform = virtualPlatform((_, call) => {
      at.push(platform.monotonic())
      return call === 1 ? envelope(429, 'throttled', 'x', { 'retry-after': '30' }) : json(200, {})
    })
    const send = outcomes(platform, count)
    const first = send({ throttle: 'query', body: 'stream' })
    await platform.sleep(10)
    await Promise.all([first, send({ throttle: 'query' })])
    expect(at).toEqual([0, 30_000, 30_000])
  })

  it('lower the gate of queries for a minute, and then let three run at once again', async () => {
    let [running, atOnce, refused] = [0, 0, 0]
    const platform = virtualPlatform(
      async (_, call) => {
        if (call === 1) {
          refused += 1
          return envelope(429, 'throttled', 'Too many queries are running right now')
        }
        running += 1
        atOnce = Math.max(atOnce, running)
        await platform.sleep(1_000)
        running -= 1
        return json(200, {})
      },
      { random: 0.5 },
    )
    const send = outcomes(platform)
    const burst = (): Promise<unknown> => Promise.all(Array.from({ length: 6 }, () => send(query)))
    await send(query)
    await burst()
    expect({ refused, atOnce }).toEqual({ refused: 1, atOnce: 1 })
    await platform.sleep(60_000)
    await burst()
    expect(atOnce).toBe(3)
  })

  it('forget projects that were used once', async () => {
    const platform = virtualPlatform(() => json(200, {}))
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
      await bucket.leave(await bucket.enter(run, () => {}), 'answered')
    }
    expect((await limiter.state()).length).toBeLessThan(300)
  })

  it('do not count OAuth tokens, which PostHog does not count either', async () => {
    const platform = virtualPlatform(() => json(200, {}))
    const send = outcomes(platform, { ...count, apiKey: 'pha_token' })
    for (let n = 0; n < 1_000; n++) await send({ ...query, runsQuery: false })
    expect(platform.slept).toEqual([])
  })

  it('may be switched off', async () => {
    const platform = virtualPlatform((request) => server.answer(request))
    const server = serverLimits({ now: platform.now, work: () => platform.sleep(10) })
    const send = outcomes(platform, { limits: false })
    await Promise.all(Array.from({ length: 50 }, () => send(query)))
    expect(server.seen.atOnce).toBe(50)
  })

  it('share a store between clients of one key', async () => {
    const platform = virtualPlatform((request) => server.answer(request))
    const server = serverLimits({ now: platform.now, places: 3, work: () => platform.sleep(100) })
    const store = memoryStore(platform.monotonic)
    const clients = [outcomes(platform, { limits: { store } }), outcomes(platform, { limits: { store } })]
    await Promise.all(Array.from({ length: 20 }, (_, n) => clients[n % 2]?.(query)))
    expect(server.seen).toMatchObject({ taken: 20, refused: 0 })
  })
})

describe('a call that waits for its turn', () => {
  it('leaves the queue with the reason of its abort, and no listener behind', async () => {
    const platform = virtualPlatform(async () => {
      await platform.sleep(10_000)
      return json(200, {})
    })
    const send = outcomes(platform, { limits: { queriesAtOnce: 1 } })
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

  it('fails at once when it comes while the queue sleeps beyond its deadline', async () => {
    const platform = virtualPlatform((_, call) =>
      call === 1 ? envelope(429, 'throttled', 'x', { 'retry-after': '40' }) : json(200, {}),
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

  it('fails at once when a pause begins that lasts beyond its deadline', async () => {
    const platform = virtualPlatform(async (_, call) => {
      if (call > 1) return json(200, {})
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

  it('ends with the total timeout', async () => {
    const platform = virtualPlatform(async () => {
      await platform.sleep(10_000)
      return json(200, {})
    })
    const send = outcomes(platform, { limits: { queriesAtOnce: 1 } })
    const first = send(query)
    const error = await failure(send({ ...query, totalTimeout: 2_000 }))
    expect(error).toMatchObject({ kind: 'timeout', phase: 'total' })
    await first
  })
})
