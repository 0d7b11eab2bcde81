import { createServer, type Server, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { createClient as createRedis } from 'redis'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type Cache,
  type ClientOptions,
  createClient,
  hogql,
  type TypehogClient,
} from '../../../src/index.ts'
import { type RedisClient, redisCache } from '../../../src/redis.ts'

const minute = 60_000
const one = hogql<{ n: number }>`select 1 as n`
const never = (): Promise<never> => new Promise(() => {})

interface Setting {
  readonly posthog: TypehogClient
  /** Requests so far. */
  readonly sent: () => number
  readonly warnings: string[]
}

/** A client whose PostHog answers at once. */
function setUp(options: ClientOptions): Setting {
  let sent = 0
  const warnings: string[] = []
  const quiet = { debug() {}, info() {}, error() {}, warn: (text: string) => void warnings.push(text) }
  const posthog = createClient({
    apiKey: 'phx_cache_outage',
    projectId: 1,
    host: 'http://posthog.test',
    limits: false,
    logger: quiet,
    fetch: async () => {
      sent += 1
      return Response.json({ columns: ['n'], types: [['n', 'UInt8']], results: [[1]], limit: 100 })
    },
    ...options,
  })
  return { posthog, sent: () => sent, warnings }
}

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A port that accepts connections and stays silent, or refuses them. */
async function openPort(kind: 'silent' | 'refusing'): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => void sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  if (kind === 'silent') closing.push(close)
  else await close()
  return port
}

const clients: Readonly<Record<string, (port: number) => RedisClient>> = {
  redis(port) {
    const client = createRedis({ url: `redis://127.0.0.1:${port}` })
    client.on('error', () => {})
    client.connect().catch(() => {})
    closing.push(() => client.destroy())
    return client
  },
  ioredis(port) {
    const client = new Redis(port, '127.0.0.1')
    client.on('error', () => {})
    closing.push(() => client.disconnect())
    return client
  },
}

describe.each(Object.entries(clients))('a Redis that is away, with the client of %s', (_, connect) => {
  it.each(['silent', 'refusing'] as const)('costs a call its timeout once: %s', async (kind) => {
    const cache = redisCache(connect(await openPort(kind)))
    const { posthog, sent, warnings } = setUp({ cache, cacheTimeout: 100 })
    expect(await posthog.hogql(one, { ttl: minute }).one()).toEqual({ n: 1 })
    expect(await posthog.hogql(one, { ttl: minute }).one()).toEqual({ n: 1 })
    expect(sent()).toBe(2)
    expect(warnings).toEqual([
      'Could not read a cache entry: Error: no response within 100 ms. Calls skip it for 10 s.',
    ])
  })

  it('does not outlast the call', async () => {
    const cache = redisCache(connect(await openPort('silent')))
    const { posthog, sent } = setUp({ cache, cacheTimeout: minute })
    const late = posthog.hogql(one, { ttl: minute, totalTimeout: 50 }).rows()
    await expect(late).rejects.toMatchObject({ name: 'TotalTimeoutError', ms: 50 })
    const reason = new Error('enough')
    const controller = new AbortController()
    const left = posthog.hogql(one, { ttl: minute, signal: controller.signal }).rows()
    controller.abort(reason)
    await expect(left).rejects.toBe(reason)
    expect(sent()).toBe(0)
  })
})

/** A cache in which some commands are replaced. */
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
  it('that never stores does not delay the answer', async () => {
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
    ['rejects with a value that has no text', { get: () => Promise.reject(Object.create(null)) }],
    ['gives null', { get: async () => null as never }],
    ['gives bytes', { get: async () => Buffer.from('[]') as never }],
    ['gives an object', { get: async () => ({}) as never }],
    ['gives text that is not JSON', { get: async () => '{"a":' }],
    ['gives a number', { get: async () => '17' }],
  ])('that %s is a miss', async (_, commands) => {
    const { posthog, sent } = setUp({ cache: cacheWith(commands) })
    expect(await posthog.hogql(one, { ttl: minute }).one()).toEqual({ n: 1 })
    expect(await posthog.hogql(one, { ttl: minute }).one()).toEqual({ n: 1 })
    expect(sent()).toBe(2)
  })

  it('that mixes up its keys gives no rows of another query', async () => {
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
    ['is cut', (text: string) => text.slice(0, -9)],
    ['is no answer', () => '{"detail":"Not found."}'],
    ['is no JSON', () => '<html>'],
    ['is deep', () => '['.repeat(100_000)],
  ])('whose answer %s is a miss', async (_, change) => {
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

  it('with an entry of a later time than now is a miss', async () => {
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

  it('is used again as soon as it answers', async () => {
    let answer = (_: undefined): void => {}
    let lookups = 0
    const cache = cacheWith({
      get() {
        lookups += 1
        return new Promise((resolve) => {
          answer = resolve
        })
      },
    })
    const { posthog } = setUp({ cache, cacheTimeout: 20 })
    await posthog.hogql(one, { ttl: minute })
    await posthog.hogql(one, { ttl: minute })
    expect(lookups).toBe(1)
    answer(undefined)
    await posthog.hogql(one, { ttl: minute })
    expect(lookups).toBe(2)
  })

  it('that was late is skipped by all clients that share it', async () => {
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

  it.each([0, -1, Number.NaN, '5'])('needs a timeout above 0: %s is refused', (cacheTimeout) => {
    expect(() => setUp({ cacheTimeout: cacheTimeout as number })).toThrow('`cacheTimeout`')
  })
})

describe('a key that does not come', () => {
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
  const cases = providers.flatMap(([who, apiKey]) =>
    calls.map(([how, call]) => [who, how, apiKey, call] as const),
  )
  it.each(cases)('from %s ends a query %s at its deadline or signal', async (_, __, apiKey, call) => {
    const { posthog, sent } = setUp({ apiKey: apiKey as () => Promise<string> })
    const late = posthog.hogql(one, { ...call, totalTimeout: 30 }).rows()
    await expect(late).rejects.toMatchObject({
      name: expect.stringMatching(/TotalTimeoutError|QueryTimeoutError/),
    })
    const reason = new Error('enough')
    const controller = new AbortController()
    const left = posthog.hogql(one, { ...call, signal: controller.signal }).rows()
    queueMicrotask(() => controller.abort(reason))
    await expect(left).rejects.toBe(reason)
    // Nothing was sent: there is nothing to cancel.
    expect(sent()).toBe(0)
  })
})
