import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { errorResponse, type FakeServer, fakeServer } from '../../fake-server.ts'

const minute = 60_000
const now = Date.UTC(2026, 0, 1)
const at = (ms: number): string => new Date(now + ms).toISOString()

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Settles a promise while time jumps on. */
async function inTime<T>(promise: Promise<T>, ms = 60 * minute): Promise<{ value: T; took: number }> {
  const started = performance.now()
  let over = false
  const done = promise.finally(() => {
    over = true
  })
  done.catch(() => {})
  for (let spent = 0; !over && spent < ms; spent += 100) {
    await vi.advanceTimersByTimeAsync(100)
    // Modules are loaded in real time.
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (!over) throw new Error('It goes on for ever')
  return { value: await done, took: performance.now() - started }
}

const running = { id: 'q', complete: false }
const fresh = { id: 7, result: [1], last_refresh: at(0), cache_target_age: at(10 * minute) }
const stale = { id: 7, result: [0], last_refresh: at(-minute), query_status: running }
const pending = { id: 7, result: null, query_status: running }

/** Answers in turn, the last one again and again. */
const insightServer = (...responses: readonly object[]): FakeServer =>
  fakeServer((_, call) => Response.json(responses[call - 1] ?? responses.at(-1)))

describe('insights.run', () => {
  it('polls with growing pauses while PostHog has no result', async () => {
    const server = insightServer(pending, pending, pending, fresh)
    const { value, took } = await inTime(server.client().insights.run(7))
    expect(value).toMatchObject({ state: 'fresh', result: [1], lastRefresh: new Date(at(0)) })
    expect(new Set(server.lines())).toEqual(new Set(['GET /insights/7/?refresh=async']))
    expect(server.requests).toHaveLength(4)
    expect(took).toBeGreaterThan(300 + 450 + 675 - 1)
  })

  it('polls for the new result while the old one is stale', async () => {
    const server = insightServer(stale, fresh)
    expect((await inTime(server.client().insights.run(7))).value).toMatchObject({
      state: 'fresh',
      result: [1],
    })
  })

  it('sends one request for a fresh result', async () => {
    const server = insightServer(fresh)
    await inTime(server.client().insights.run('aBcD'))
    expect(server.lines()).toEqual(['GET /insights/aBcD/?refresh=async'])
  })

  it('does not use its own clock: a result that PostHog does not recompute is fresh', async () => {
    const server = insightServer({ ...fresh, cache_target_age: at(-60 * minute) })
    expect((await inTime(server.client().insights.run(7))).value).toMatchObject({
      state: 'fresh',
      result: [1],
    })
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['pending', pending, undefined],
    ['stale', stale, [0]],
  ])('is %s after totalTimeout', async (state, response, result) => {
    const server = insightServer(response)
    const { value, took } = await inTime(server.client().insights.run(7, { totalTimeout: 10_000 }))
    expect(value).toMatchObject({ state, result })
    expect(took).toBeGreaterThanOrEqual(8_900)
    expect(took).toBeLessThan(10_300)
  })

  it('ends after totalTimeout even if PostHog never responds', async () => {
    const silent = fakeServer((_, call) =>
      call === 1 ? Response.json(stale) : new Promise<Response>(() => {}),
    )
    const { value, took } = await inTime(silent.client().insights.run(7, { totalTimeout: 10_000 }))
    expect(value).toMatchObject({ state: 'stale', result: [0] })
    expect(took).toBeLessThan(10_300)
    const never = fakeServer(() => new Promise<Response>(() => {}))
    const call = never.client().insights.run(7, { totalTimeout: 5_000 })
    await expect(inTime(call)).rejects.toMatchObject({ name: 'TotalTimeoutError', ms: 5_000 })
  })

  it('throws the error of the query instead of polling on', async () => {
    const failed = { id: 'q', complete: true, error: true, error_message: 'Too many breakdowns' }
    const server = insightServer(pending, { id: 7, result: null, query_status: failed })
    const call = server.client().insights.run(7)
    await expect(inTime(call)).rejects.toMatchObject({
      name: 'QueryError',
      message: expect.stringContaining('Too many breakdowns'),
    })
    expect(server.requests).toHaveLength(2)
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'rejects a totalTimeout of %s',
    async (totalTimeout) => {
      const server = insightServer(pending)
      const call = server.client().insights.run(7, { totalTimeout })
      await expect(inTime(call, minute)).rejects.toMatchObject({ name: 'ConfigurationError' })
      expect(server.requests).toEqual([])
    },
  )

  it('throws the reason of a signal while it waits', async () => {
    const controller = new AbortController()
    const reason = { enough: true }
    setTimeout(() => controller.abort(reason), 2_000)
    const server = insightServer(pending)
    const call = server.client().insights.run(7, { signal: controller.signal })
    expect(await inTime(call).catch((error: unknown) => error)).toBe(reason)
    const { length } = server.requests
    await vi.advanceTimersByTimeAsync(minute)
    expect(server.requests).toHaveLength(length)
    expect(vi.getTimerCount()).toBe(0)
  })

  it("throws PostHog's error", async () => {
    const server = fakeServer(() => errorResponse(404, { detail: 'Not found.' }))
    await expect(inTime(server.client().insights.run(7))).rejects.toMatchObject({ name: 'NotFoundError' })
  })
})

describe('insights.result', () => {
  it.each([
    ['fresh', fresh],
    ['stale', stale],
    ['pending', pending],
    ['stale', { ...fresh, cache_target_age: at(-minute) }],
    ['fresh', { id: 7, result: [] }],
    ['fresh', { ...fresh, cache_target_age: 'soon', last_refresh: 'never' }],
    ['pending', { id: 7 }],
  ])('is %s for %j', async (state, response) => {
    const server = insightServer(response)
    expect((await inTime(server.client().insights.result(7))).value.state).toBe(state)
    expect(server.lines()).toEqual(['GET /insights/7/?refresh=force_cache'])
  })
})

describe('endpoints.waitUntilMaterialized', () => {
  const waiting = { enabled: true, ready: false, can_materialize: true }

  it('polls until the endpoint is materialized', async () => {
    const server = insightServer(waiting, waiting, { ...waiting, ready: true })
    const wait = server.client().endpoints.waitUntilMaterialized('signups', { version: 2 })
    const { value, took } = await inTime(wait)
    expect(value).toMatchObject({ ready: true })
    expect(took).toBeGreaterThanOrEqual(4_000)
    expect(server.lines()).toEqual(Array(3).fill('GET /endpoints/signups/materialization_status/?version=2'))
  })

  it.each([
    ['is disabled', { ...waiting, enabled: false }, 'materialization is disabled'],
    [
      'cannot be materialized',
      { ...waiting, can_materialize: false, reason: 'It has joins' },
      'It has joins',
    ],
    ['failed', { ...waiting, error: 'Memory' }, 'Memory'],
  ])('throws for an endpoint that %s', async (_, response, message) => {
    const server = insightServer(waiting, response)
    await expect(inTime(server.client().endpoints.waitUntilMaterialized('signups'))).rejects.toMatchObject({
      name: 'MaterializationError',
      message: expect.stringContaining(message),
    })
  })

  it.each([10_000, 1_000])('uses a totalTimeout of %i, and no more', async (totalTimeout) => {
    const server = insightServer(waiting)
    const started = performance.now()
    const wait = server.client().endpoints.waitUntilMaterialized('signups', { totalTimeout })
    await expect(inTime(wait)).rejects.toMatchObject({ name: 'TotalTimeoutError', ms: totalTimeout })
    // Reserves time for the last request.
    expect(performance.now() - started).toBeGreaterThanOrEqual(
      totalTimeout - Math.min(1_000, totalTimeout / 2),
    )
    expect(performance.now() - started).toBeLessThan(totalTimeout + 400)
  })

  it('ends after totalTimeout even if PostHog never responds', async () => {
    const never = fakeServer(() => new Promise<Response>(() => {}))
    const wait = never.client().endpoints.waitUntilMaterialized('signups', { totalTimeout: 5_000 })
    const started = performance.now()
    await expect(inTime(wait)).rejects.toMatchObject({ name: 'TotalTimeoutError', ms: 5_000 })
    expect(performance.now() - started).toBeLessThan(5_400)
  })

  it.each([{ interval: 0 }, { interval: Number.NaN }, { interval: -1 }, { totalTimeout: Number.NaN }])(
    'rejects %j, which would poll without a pause or an end',
    async (options) => {
      const server = fakeServer((_, call) => {
        if (call > 100) throw new Error('It goes on for ever')
        return Response.json(waiting)
      })
      const wait = server.client().endpoints.waitUntilMaterialized('signups', options)
      await expect(inTime(wait, minute)).rejects.toMatchObject({ name: 'ConfigurationError' })
      expect(server.requests).toEqual([])
    },
  )

  it('throws the reason of a signal', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort('enough'), 3_000)
    const wait = insightServer(waiting)
      .client()
      .endpoints.waitUntilMaterialized('signups', { signal: controller.signal })
    expect(await inTime(wait).catch((error: unknown) => error)).toBe('enough')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the option `kind`', () => {
  const viz = (kind: string): object => ({ kind: 'InsightVizNode', source: { kind } })

  it('accepts an insight of that kind, through the nodes of its visualization', async () => {
    const { insights } = insightServer({ ...fresh, query: viz('TrendsQuery') }).client()
    expect((await insights.run(7, { kind: 'TrendsQuery' })).state).toBe('fresh')
    expect((await insights.result(7, 'force_cache', { kind: 'TrendsQuery' })).result).toEqual([1])
  })

  it('accepts an older insight without a query', async () => {
    const { insights } = insightServer({ ...fresh, query: null }).client()
    expect((await insights.run(7, { kind: 'TrendsQuery' })).state).toBe('fresh')
  })

  it('rejects an insight of another kind, with both kinds', async () => {
    const { insights } = insightServer({ ...fresh, query: viz('FunnelsQuery') }).client()
    await expect(insights.run(7, { kind: 'TrendsQuery' })).rejects.toMatchObject({
      name: 'DecodeError',
      message: 'The insight has the kind FunnelsQuery, expected TrendsQuery.',
    })
  })

  it('rejects a kind that insights do not have, before sending', async () => {
    const server = insightServer(fresh)
    const kind = 'TrendQuery' as 'TrendsQuery'
    await expect(server.client().insights.run(7, { kind })).rejects.toMatchObject({
      name: 'ConfigurationError',
    })
    expect(server.requests).toEqual([])
  })
})
