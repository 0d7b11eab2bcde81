import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Cache, hogql } from '../../../../src/index.ts'
import { memoryCache } from '../../../../src/runtime/cache/cache.ts'
import { fakeServer, projects } from '../../fake-server.ts'
import { type HeldServer, heldServer, rateLimited, rowOf, running, turns } from './responses.ts'

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

/** Waits until so many callers have looked into the cache; then they share a query, or have begun one. */
async function joined(callers: number): Promise<void> {
  while (lookups < callers) await turns(1)
  await turns()
}

async function pass(ms: number): Promise<void> {
  await turns()
  await vi.advanceTimersByTimeAsync(ms)
  await turns()
}

/** Waits until the server was asked so often. */
async function asked(server: HeldServer, times: number): Promise<void> {
  while (server.requests.length < times) await turns(1)
}

const name = (error: unknown): string => (error instanceof Error ? error.name : String(error))

describe('callers who share a query', () => {
  it('keep their own totalTimeout: one who joins leaves after his', async () => {
    const server = heldServer()
    const posthog = server.client(options)
    const first = posthog.hogql(one, { ttl: minute }).rows()
    await joined(1)
    const second = posthog.hogql(one, { ttl: minute, totalTimeout: 150 }).then(null, name)
    await joined(2)
    await pass(151)
    expect(await second).toBe('TotalTimeoutError')
    server.answer(rowOf(1))
    expect(await first).toEqual([{ n: 1 }])
    expect([server.requests.length, server.aborted()]).toEqual([1, 0])
  })

  it('do not fail with an impatient first', async () => {
    const server = heldServer()
    const posthog = server.client(options)
    const first = posthog.hogql(one, { ttl: minute, totalTimeout: 150 }).then(null, (error) => error)
    await joined(1)
    const second = posthog.hogql(one, { ttl: minute }).rows()
    await joined(2)
    await pass(10_000)
    expect(await first).toMatchObject({ name: 'TotalTimeoutError', ms: 150 })
    server.answer(rowOf(1))
    expect(await second).toEqual([{ n: 1 }])
    expect(server.requests).toHaveLength(1)
  })

  it('wait as long as the most patient one allows when PostHog asks for it', async () => {
    const server = heldServer()
    const posthog = server.client(options)
    const first = posthog.hogql(one, { ttl: minute, totalTimeout: 5_000 }).then(null, name)
    await joined(1)
    const second = posthog.hogql(one, { ttl: minute }).rows()
    await joined(2)
    server.answer(rateLimited(60))
    await pass(60_001)
    expect(await first).toBe('TotalTimeoutError')
    server.answer(rowOf(1))
    expect(await second).toEqual([{ n: 1 }])
  })

  it('fail at once when PostHog asks for more than any of them has', async () => {
    const server = heldServer()
    const posthog = server.client(options)
    const both = [4_000, 5_000].map((totalTimeout) =>
      posthog.hogql(one, { ttl: minute, totalTimeout }).then(null, name),
    )
    await joined(2)
    server.answer(rateLimited(60))
    expect(await Promise.all(both)).toEqual(['RateLimitError', 'RateLimitError'])
  })

  it('end the request when the last of them leaves', async () => {
    const server = heldServer()
    const posthog = server.client(options)
    const reason = new Error('enough')
    const controllers = [new AbortController(), new AbortController()]
    const both = controllers.map(({ signal }) =>
      posthog.hogql(one, { ttl: minute, signal }).then(null, (error) => error),
    )
    await joined(2)
    controllers[0]?.abort(reason)
    expect(await both[0]).toBe(reason)
    expect(server.aborted()).toBe(0)
    controllers[1]?.abort(reason)
    expect(await both[1]).toBe(reason)
    expect([server.requests.length, server.aborted()]).toEqual([1, 1])
    const next = posthog.hogql(one, { ttl: minute }).rows()
    await joined(3)
    server.answer(rowOf(9))
    server.answer(rowOf(1))
    expect(await next).toEqual([{ n: 1 }])
  })

  it('cancel the query in the background when the last of them leaves', async () => {
    const server = fakeServer(() => running())
    const posthog = server.client(options)
    const both = [700, 2_000].map((totalTimeout) =>
      posthog.hogql(one, { ttl: minute, async: true, totalTimeout }).then(null, name),
    )
    await joined(2)
    await pass(1_900)
    expect(server.lines().some((line) => line.startsWith('DELETE'))).toBe(false)
    await pass(200)
    expect(await Promise.all(both)).toEqual(['QueryTimeoutError', 'TotalTimeoutError'])
    const sent = server.lines()
    expect(sent.at(-1)).toMatch(/^DELETE \/query\//)
    await pass(20_000)
    expect(server.lines()).toEqual(sent)
  })

  it('each hear of its progress', async () => {
    let polls = 0
    const server = fakeServer(({ method }) => (method === 'GET' && ++polls > 2 ? rowOf(1) : running()))
    const posthog = server.client(options)
    const seen = [0, 0]
    const both = seen.map((_, at) => {
      const onProgress = (): void => {
        seen[at] = (seen[at] ?? 0) + 1
      }
      return posthog.hogql(one, { ttl: minute, async: true, onProgress }).rows()
    })
    await joined(2)
    await pass(5_000)
    expect(await Promise.all(both)).toEqual([[{ n: 1 }], [{ n: 1 }]])
    expect(seen[0]).toBeGreaterThan(1)
    expect(seen[1]).toBeGreaterThan(1)
  })

  it.each([
    ['one of them forces it', {}, { refresh: 'force_blocking' }],
    ['one of them takes an answer of up to a day', { async: true }, { refresh: 'lazy_async' }],
    ['one of them runs it in the background', {}, { async: true }],
    ['one of them goes first', {}, { priority: 'high' }],
    ['their headers differ', { headers: { 'x-as': 'a' } }, { headers: { 'x-as': 'b' } }],
    ['their lists of headers differ', { headers: [['x-as', 'a']] }, { headers: new Map([['x-as', 'b']]) }],
    ['their timeouts of an attempt differ', {}, { timeout: 1_000 }],
    ['their numbers of attempts differ', {}, { maxAttempts: 1 }],
  ] as const)('do not share when %s', async (_, some, others) => {
    const server = heldServer()
    const posthog = server.client(options)
    const both = [some, others].map((call) => posthog.hogql(one, { ttl: minute, ...call }).rows())
    await joined(2)
    expect(server.requests).toHaveLength(2)
    for (const _ of both) server.answer(rowOf(1))
    await Promise.all(both)
  })

  it.each([
    ['force it', { refresh: 'force_blocking' }, { refresh: 'force_blocking' }],
    [
      'write headers in another case',
      { headers: { 'X-As': 'a', b: 'c' } },
      { headers: { b: 'c', 'x-as': 'a' } },
    ],
    ['want other types', { int64: 'bigint' }, { dates: 'date' }],
  ] as const)('share when both %s', async (_, some, others) => {
    const server = heldServer()
    const posthog = server.client(options)
    const both = [some, others].map((call) => posthog.hogql(one, { ttl: minute, ...call }).rows())
    await joined(2)
    expect(server.requests).toHaveLength(1)
    for (const _ of both) server.answer(rowOf(1))
    await Promise.all(both)
  })

  it('read no cached answer of a client with other headers, and none that PostHog kept for a day', async () => {
    const server = fakeServer((_, call) => rowOf(call))
    const posthog = server.client(options)
    const ask = (client: typeof posthog, call = {}): PromiseLike<unknown> =>
      client.hogql(one, { ttl: minute, ...call }).one()
    expect(await ask(posthog, { refresh: 'lazy_async' })).toEqual({ n: 1 })
    expect(await ask(posthog)).toEqual({ n: 2 })
    expect(await ask(posthog.with({ headers: { 'x-as': 'other' } }))).toEqual({ n: 3 })
    expect(await ask(posthog)).toEqual({ n: 2 })
    expect(await ask(posthog, { refresh: 'lazy_async' })).toEqual({ n: 1 })
  })
})

describe('the variables of a project', () => {
  const query = hogql<{ n: number }>`select {variables.plan} as n`
  const variables = { plan: 'pro' }

  it.each([{}, { ttl: minute }, { async: true }])(
    'are listed within the totalTimeout of the query: %j',
    async (call) => {
      const server = heldServer()
      const late = server.client().hogql(query, { variables, totalTimeout: 200, ...call })
      const error = late.then(null, name)
      await asked(server, 1)
      await pass(201)
      expect(await error).toBe('TotalTimeoutError')
      expect([server.lines(), server.aborted()]).toEqual([['GET /insight_variables/'], 1])
    },
  )

  it.each([
    ['apart', {}],
    ['together', { ttl: minute }],
  ])(
    'are listed once for queries that run %s, and an impatient one does not fail the others',
    async (_, call) => {
      const server = heldServer()
      const posthog = server.client(options)
      const first = posthog.hogql(query, { variables, totalTimeout: 200, ...call }).then(null, name)
      if ('ttl' in call) await joined(1)
      const second = posthog.hogql(query, { variables, ...call }).rows()
      if ('ttl' in call) await joined(2)
      await asked(server, 1)
      await pass(201)
      expect(await first).toBe('TotalTimeoutError')
      server.answer(Response.json({ results: [{ id: 'v', code_name: 'plan' }], next: null }))
      await asked(server, 2)
      server.answer(rowOf(1))
      expect(await second).toEqual([{ n: 1 }])
      expect(server.lines()).toEqual(['GET /insight_variables/', 'POST /query/'])
    },
  )
})

describe('the project of a client', () => {
  it('is asked for once, and an impatient call does not fail the others', async () => {
    const server = heldServer()
    const posthog = server.client()
    const event = { event: 'signed up', distinctId: 'user-1' }
    const first = posthog.events.capture(event, { totalTimeout: 200 }).then(null, name)
    const second = posthog.events.capture(event).then(({ sent }) => sent, name)
    await asked(server, 1)
    await pass(201)
    expect(await first).toBe('TotalTimeoutError')
    server.answer(Response.json(projects))
    await asked(server, 2)
    server.answer(Response.json({ status: 'Ok' }))
    expect(await second).toBe(1)
    expect(server.lines()).toHaveLength(2)
  })
})
