import { describe, expect, it } from 'vitest'
import {
  type Cache,
  type ClientOptions,
  createClient,
  hogql,
  type TypehogClient,
} from '../../../src/index.ts'
import { redisCache } from '../../../src/redis.ts'
import { freePort, openSilentPort, redisClients } from '../limits/redis-server.ts'

const minute = 60_000
const one = hogql<{ n: number }>`select 1 as n`
const never = (): Promise<never> => new Promise(() => {})

interface CachedClient {
  readonly posthog: TypehogClient
  /** Number of requests so far. */
  readonly sent: () => number
  readonly warnings: string[]
}

/** Creates a client whose requests succeed at once. */
function setUp(options: ClientOptions): CachedClient {
  let sent = 0
  const warnings: string[] = []
  const logger = { debug() {}, info() {}, error() {}, warn: (text: string) => void warnings.push(text) }
  const posthog = createClient({
    apiKey: 'phx_cache_outage',
    projectId: 1,
    host: 'http://posthog.test',
    limits: false,
    logger,
    fetch: async () => {
      sent += 1
      return Response.json({ columns: ['n'], types: [['n', 'UInt8']], results: [[1]], limit: 100 })
    },
    ...options,
  })
  return { posthog, sent: () => sent, warnings }
}

describe.each(Object.entries(redisClients))('an unreachable Redis, with the package %s', (_, connect) => {
  it.each([
    ['does not respond', openSilentPort],
    ['refuses connections', freePort],
  ])('delays only the first call when it %s', async (_, openPort) => {
    const cache = redisCache(connect(await openPort()))
    const { posthog, sent, warnings } = setUp({ cache, cacheTimeout: 100 })
    expect(await posthog.hogql(one, { ttl: minute }).one()).toEqual({ n: 1 })
    expect(await posthog.hogql(one, { ttl: minute }).one()).toEqual({ n: 1 })
    expect(sent()).toBe(2)
    expect(warnings).toEqual([
      'Could not read a cache entry: Error: no response within 100 ms. Calls skip it for 10 s.',
    ])
  })

  it('does not delay a timeout or an abort', async () => {
    const cache = redisCache(connect(await openSilentPort()))
    const { posthog, sent } = setUp({ cache, cacheTimeout: minute })
    const late = posthog.hogql(one, { ttl: minute, totalTimeout: 50 }).rows()
    await expect(late).rejects.toMatchObject({ name: 'TotalTimeoutError', ms: 50 })
    const reason = new Error('enough')
    const controller = new AbortController()
    const aborted = posthog.hogql(one, { ttl: minute, signal: controller.signal }).rows()
    controller.abort(reason)
    await expect(aborted).rejects.toBe(reason)
    expect(sent()).toBe(0)
  })
})

/** Creates a cache with some commands replaced. */
function cacheWith(commands: Partial<Cache>): Cache & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>()
  return {
    texts,
    get: async (key) => texts.get(key),
    set: async (key, text) => void texts.set(key, text),
    delete: async (key) => void texts.delete(key),
    ...commands,
  }
}

describe('a cache', () => {
  it('that never finishes storing does not delay the response', async () => {
    const { posthog } = setUp({ cache: cacheWith({ set: never }), cacheTimeout: minute })
    expect(await posthog.hogql(one, { ttl: minute }).one()).toEqual({ n: 1 })
  })

  it.each<[string, Partial<Cache>]>([
    [
      'throws instead of rejecting',
      {
        get() {
          throw new TypeError('broken')
        },
        set() {
          throw new TypeError('broken')
        },
      },
    ],
    [
      'rejects with a value that cannot be converted to a string',
      { get: () => Promise.reject(Object.create(null)) },
    ],
    ['returns null', { get: async () => null as never }],
    ['returns bytes', { get: async () => Buffer.from('[]') as never }],
    ['returns an object', { get: async () => ({}) as never }],
    ['returns invalid JSON', { get: async () => '{"a":' }],
    ['returns a number', { get: async () => '17' }],
  ])('that %s is a miss', async (_, commands) => {
    const { posthog, sent } = setUp({ cache: cacheWith(commands) })
    expect(await posthog.hogql(one, { ttl: minute }).one()).toEqual({ n: 1 })
    expect(await posthog.hogql(one, { ttl: minute }).one()).toEqual({ n: 1 })
    expect(sent()).toBe(2)
  })

  it('that confuses its keys never returns the rows of another query', async () => {
    let text: string | undefined
    const cache = cacheWith({
      get: async () => text,
      async set(_, stored) {
        text = stored
      },
    })
    const { posthog, sent } = setUp({ cache })
    await posthog.hogql(one, { ttl: minute })
    await posthog.hogql(hogql`select 2 as n`, { ttl: minute })
    expect(sent()).toBe(2)
  })

  it.each([
    ['is truncated', (text: string) => text.slice(0, -9)],
    ['is not a query response', () => '{"detail":"Not found."}'],
    ['is not JSON', () => '<html>'],
    ['is nested too deeply', () => '['.repeat(100_000)],
  ])('whose entry %s is a miss', async (_, change) => {
    const cache = cacheWith({})
    const { posthog, sent } = setUp({ cache })
    await posthog.hogql(one, { ttl: minute })
    for (const [key, text] of cache.texts) {
      const entry: unknown[] = JSON.parse(text)
      cache.texts.set(key, JSON.stringify([...entry.slice(0, -1), change(String(entry.at(-1)))]))
    }
    expect(await posthog.hogql(one, { ttl: minute }).one()).toEqual({ n: 1 })
    expect(sent()).toBe(2)
  })

  it('with an entry from the future is a miss', async () => {
    const cache = cacheWith({})
    const { posthog, sent } = setUp({ cache })
    await posthog.hogql(one, { ttl: minute })
    for (const [key, text] of cache.texts) {
      const [name, at, ...rest] = JSON.parse(text)
      cache.texts.set(key, JSON.stringify([name, at + 10 * minute, ...rest]))
    }
    await posthog.hogql(one, { ttl: minute })
    expect(sent()).toBe(2)
  })

  it('is used again once it responds', async () => {
    let respond = (_: undefined): void => {}
    let lookups = 0
    const cache = cacheWith({
      get() {
        lookups += 1
        return new Promise((resolve) => {
          respond = resolve
        })
      },
    })
    const { posthog } = setUp({ cache, cacheTimeout: 20 })
    await posthog.hogql(one, { ttl: minute })
    await posthog.hogql(one, { ttl: minute })
    expect(lookups).toBe(1)
    respond(undefined)
    await posthog.hogql(one, { ttl: minute })
    expect(lookups).toBe(2)
  })

  it('that does not respond is skipped by all clients that share it', async () => {
    let lookups = 0
    const cache = cacheWith({
      get() {
        lookups += 1
        return never()
      },
    })
    const { posthog } = setUp({ cache, cacheTimeout: 20 })
    await posthog.hogql(one, { ttl: minute })
    await posthog.with({ timeout: 1_000 }).hogql(one, { ttl: minute })
    expect(lookups).toBe(1)
  })

  it.each([0, -1, Number.NaN, '5'])('rejects the timeout %s', (cacheTimeout) => {
    expect(() => setUp({ cacheTimeout: cacheTimeout as number })).toThrow('`cacheTimeout`')
  })
})

describe('a key that never resolves', () => {
  const providers: [string, ClientOptions['apiKey']][] = [
    ['a function', never],
    ['a provider', { token: never, rejected() {} }],
  ]
  const calls: [string, object][] = [
    ['without ttl', {}],
    ['with ttl', { ttl: minute }],
    ['in the background', { async: true }],
    ['in the background with ttl', { async: true, ttl: minute }],
  ]
  const cases = providers.flatMap(([source, apiKey]) =>
    calls.map(([mode, call]) => [source, mode, apiKey, call] as const),
  )
  it.each(cases)('from %s ends a query %s at its timeout or signal', async (_, __, apiKey, call) => {
    const { posthog, sent } = setUp({ apiKey: apiKey as () => Promise<string> })
    const late = posthog.hogql(one, { ...call, totalTimeout: 30 }).rows()
    await expect(late).rejects.toMatchObject({
      name: expect.stringMatching(/TotalTimeoutError|QueryTimeoutError/),
    })
    const reason = new Error('enough')
    const controller = new AbortController()
    const aborted = posthog.hogql(one, { ...call, signal: controller.signal }).rows()
    queueMicrotask(() => controller.abort(reason))
    await expect(aborted).rejects.toBe(reason)
    // No request was sent, so there is nothing to cancel.
    expect(sent()).toBe(0)
  })
})
