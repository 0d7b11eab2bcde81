import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Cache, hogql } from '../../../../src/index.ts'
import { memoryCache } from '../../../../src/runtime/cache/cache.ts'
import { fakeServer, projects } from '../../fake-server.ts'
import { runPending } from '../../runtime/harness.ts'
import { type ManualServer, manualServer, rateLimited, rowOf, running } from './responses.ts'

const minute = 60_000
const one = hogql<{ n: number }>`select 1 as n`
let lookups = 0
let options: { readonly cache: Cache }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  lookups = 0
  const cache = memoryCache()
  options = {
    cache: {
      ...cache,
      get(key) {
        lookups += 1
        return cache.get(key)
      },
    },
  }
})
afterEach(() => {
  vi.useRealTimers()
})

/** Waits until this number of callers has read the cache, so that each has started or waitForCallers a query. */
async function waitForCallers(callers: number): Promise<void> {
  while (lookups < callers) await runPending(1)
  await runPending()
}

async function advance(ms: number): Promise<void> {
  await runPending()
  await vi.advanceTimersByTimeAsync(ms)
  await runPending()
}

/** Waits until the server has received this number of requests. */
async function waitForRequests(server: ManualServer, count: number): Promise<void> {
  while (server.requests.length < count) await runPending(1)
}

const name = (error: unknown): string => (error instanceof Error ? error.name : String(error))

describe('callers that share a query', () => {
  it('keep their own totalTimeout, also the second caller', async () => {
    const server = manualServer()
    const posthog = server.client(options)
    const first = posthog.hogql(one, { ttl: minute }).rows()
    await waitForCallers(1)
    const second = posthog.hogql(one, { ttl: minute, totalTimeout: 150 }).then(null, name)
    await waitForCallers(2)
    await advance(151)
    expect(await second).toBe('TotalTimeoutError')
    server.respond(rowOf(1))
    expect(await first).toEqual([{ n: 1 }])
    expect([server.requests.length, server.aborted()]).toEqual([1, 0])
  })

  it('do not fail when the first caller times out', async () => {
    const server = manualServer()
    const posthog = server.client(options)
    const first = posthog.hogql(one, { ttl: minute, totalTimeout: 150 }).then(null, (error) => error)
    await waitForCallers(1)
    const second = posthog.hogql(one, { ttl: minute }).rows()
    await waitForCallers(2)
    await advance(10_000)
    expect(await first).toMatchObject({ name: 'TotalTimeoutError', ms: 150 })
    server.respond(rowOf(1))
    expect(await second).toEqual([{ n: 1 }])
    expect(server.requests).toHaveLength(1)
  })

  it('wait for Retry-After within the longest totalTimeout', async () => {
    const server = manualServer()
    const posthog = server.client(options)
    const first = posthog.hogql(one, { ttl: minute, totalTimeout: 5_000 }).then(null, name)
    await waitForCallers(1)
    const second = posthog.hogql(one, { ttl: minute }).rows()
    await waitForCallers(2)
    server.respond(rateLimited(60))
    await advance(60_001)
    expect(await first).toBe('TotalTimeoutError')
    server.respond(rowOf(1))
    expect(await second).toEqual([{ n: 1 }])
  })

  it('fail at once if Retry-After exceeds every totalTimeout', async () => {
    const server = manualServer()
    const posthog = server.client(options)
    const both = [4_000, 5_000].map((totalTimeout) =>
      posthog.hogql(one, { ttl: minute, totalTimeout }).then(null, name),
    )
    await waitForCallers(2)
    server.respond(rateLimited(60))
    expect(await Promise.all(both)).toEqual(['RateLimitError', 'RateLimitError'])
  })

  it('abort the request when the last caller aborts', async () => {
    const server = manualServer()
    const posthog = server.client(options)
    const reason = new Error('enough')
    const controllers = [new AbortController(), new AbortController()]
    const both = controllers.map(({ signal }) =>
      posthog.hogql(one, { ttl: minute, signal }).then(null, (error) => error),
    )
    await waitForCallers(2)
    controllers[0]?.abort(reason)
    expect(await both[0]).toBe(reason)
    expect(server.aborted()).toBe(0)
    controllers[1]?.abort(reason)
    expect(await both[1]).toBe(reason)
    expect([server.requests.length, server.aborted()]).toEqual([1, 1])
    const next = posthog.hogql(one, { ttl: minute }).rows()
    await waitForCallers(3)
    server.respond(rowOf(9))
    server.respond(rowOf(1))
    expect(await next).toEqual([{ n: 1 }])
  })

  it('cancel the background query when the last caller times out', async () => {
    const server = fakeServer(() => running())
    const posthog = server.client(options)
    const both = [700, 2_000].map((totalTimeout) =>
      posthog.hogql(one, { ttl: minute, async: true, totalTimeout }).then(null, name),
    )
    await waitForCallers(2)
    await advance(1_900)
    expect(server.lines().some((line) => line.startsWith('DELETE'))).toBe(false)
    await advance(200)
    expect(await Promise.all(both)).toEqual(['QueryTimeoutError', 'TotalTimeoutError'])
    const sent = server.lines()
    expect(sent.at(-1)).toMatch(/^DELETE \/query\//)
    await advance(20_000)
    expect(server.lines()).toEqual(sent)
  })

  it('each receive its progress', async () => {
    let polls = 0
    const server = fakeServer(({ method }) => (method === 'GET' && ++polls > 2 ? rowOf(1) : running()))
    const posthog = server.client(options)
    const seen = [0, 0]
    const both = seen.map((_, index) => {
      const onProgress = (): void => {
        seen[index] = (seen[index] ?? 0) + 1
      }
      return posthog.hogql(one, { ttl: minute, async: true, onProgress }).rows()
    })
    await waitForCallers(2)
    await advance(5_000)
    expect(await Promise.all(both)).toEqual([[{ n: 1 }], [{ n: 1 }]])
    expect(seen[0]).toBeGreaterThan(1)
    expect(seen[1]).toBeGreaterThan(1)
  })

  it.each([
    ['one of them forces a refresh', {}, { refresh: 'force_blocking' }],
    ['one of them accepts a result that is a day old', { async: true }, { refresh: 'lazy_async' }],
    ['one of them runs it in the background', {}, { async: true }],
    ['one of them has a higher priority', {}, { priority: 'high' }],
    ['their headers differ', { headers: { 'x-as': 'a' } }, { headers: { 'x-as': 'b' } }],
    [
      'their headers of other types differ',
      { headers: [['x-as', 'a']] },
      { headers: new Map([['x-as', 'b']]) },
    ],
    ['their attempt timeouts differ', {}, { timeout: 1_000 }],
    ['their maximum attempts differ', {}, { maxAttempts: 1 }],
  ] as const)('do not share when %s', async (_, some, others) => {
    const server = manualServer()
    const posthog = server.client(options)
    const both = [some, others].map((call) => posthog.hogql(one, { ttl: minute, ...call }).rows())
    await waitForCallers(2)
    expect(server.requests).toHaveLength(2)
    for (const _ of both) server.respond(rowOf(1))
    await Promise.all(both)
  })

  it.each([
    ['force a refresh', { refresh: 'force_blocking' }, { refresh: 'force_blocking' }],
    [
      'have the same headers in another case',
      { headers: { 'X-As': 'a', b: 'c' } },
      { headers: { b: 'c', 'x-as': 'a' } },
    ],
    ['decode cells differently', { int64: 'bigint' }, { dates: 'date' }],
  ] as const)('share when both %s', async (_, some, others) => {
    const server = manualServer()
    const posthog = server.client(options)
    const both = [some, others].map((call) => posthog.hogql(one, { ttl: minute, ...call }).rows())
    await waitForCallers(2)
    expect(server.requests).toHaveLength(1)
    for (const _ of both) server.respond(rowOf(1))
    await Promise.all(both)
  })

  it('do not share cached results with other headers or with results that are a day old', async () => {
    const server = fakeServer((_, call) => rowOf(call))
    const posthog = server.client(options)
    const run = (client: typeof posthog, call = {}): PromiseLike<unknown> =>
      client.hogql(one, { ttl: minute, ...call }).one()
    expect(await run(posthog, { refresh: 'lazy_async' })).toEqual({ n: 1 })
    expect(await run(posthog)).toEqual({ n: 2 })
    expect(await run(posthog.with({ headers: { 'x-as': 'other' } }))).toEqual({ n: 3 })
    expect(await run(posthog)).toEqual({ n: 2 })
    expect(await run(posthog, { refresh: 'lazy_async' })).toEqual({ n: 1 })
  })
})

describe('the variables of a project', () => {
  const query = hogql<{ n: number }>`select {variables.plan} as n`
  const variables = { plan: 'pro' }

  it.each([{}, { ttl: minute }, { async: true }])(
    'are fetched within the totalTimeout of the query: %j',
    async (call) => {
      const server = manualServer()
      const late = server.client().hogql(query, { variables, totalTimeout: 200, ...call })
      const error = late.then(null, name)
      await waitForRequests(server, 1)
      await advance(201)
      expect(await error).toBe('TotalTimeoutError')
      expect([server.lines(), server.aborted()]).toEqual([['GET /insight_variables/'], 1])
    },
  )

  it.each([
    ['separately', {}],
    ['together', { ttl: minute }],
  ])('are fetched once for queries that run %s, even if one times out', async (_, call) => {
    const server = manualServer()
    const posthog = server.client(options)
    const first = posthog.hogql(query, { variables, totalTimeout: 200, ...call }).then(null, name)
    if ('ttl' in call) await waitForCallers(1)
    const second = posthog.hogql(query, { variables, ...call }).rows()
    if ('ttl' in call) await waitForCallers(2)
    await waitForRequests(server, 1)
    await advance(201)
    expect(await first).toBe('TotalTimeoutError')
    server.respond(Response.json({ results: [{ id: 'v', code_name: 'plan' }], next: null }))
    await waitForRequests(server, 2)
    server.respond(rowOf(1))
    expect(await second).toEqual([{ n: 1 }])
    expect(server.lines()).toEqual(['GET /insight_variables/', 'POST /query/'])
  })
})

describe('the project of a client', () => {
  it('is fetched once, even if one call times out', async () => {
    const server = manualServer()
    const posthog = server.client()
    const event = { event: 'signed up', distinctId: 'user-1' }
    const first = posthog.events.capture(event, { totalTimeout: 200 }).then(null, name)
    const second = posthog.events.capture(event).then(({ sent }) => sent, name)
    await waitForRequests(server, 1)
    await advance(201)
    expect(await first).toBe('TotalTimeoutError')
    server.respond(Response.json(projects))
    await waitForRequests(server, 2)
    server.respond(Response.json({ status: 'Ok' }))
    expect(await second).toBe(1)
    expect(server.lines()).toHaveLength(2)
  })
})
