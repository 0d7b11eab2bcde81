import { describe, expect, it } from 'vitest'
import { type LimitStore, memoryStore } from '../../../../src/runtime/limits/store.ts'
import { json } from '../../fake-server.ts'
import { failure, outcomes } from '../harness.ts'
import { virtualPlatform } from '../virtual-platform.ts'

const never = (): Promise<never> => new Promise(() => {})
const silent: LimitStore = { take: never, release: never, undo: never, block: never, usage: never }
const query = { throttle: 'query', runsQuery: true, project: '7' } as const

/** A client with a store, and its warnings. */
function clientWith(store: LimitStore, platform = virtualPlatform(() => json({})), storeTimeout?: number) {
  const lines: string[] = []
  const logger = { debug() {}, info() {}, warn: (line: string) => lines.push(line), error() {} }
  return {
    platform,
    lines,
    send: outcomes(platform, { limits: { mode: 'count', store, storeTimeout }, logger }),
  }
}

describe('a limit store that does not respond', () => {
  it('delays only the first call, by one second', async () => {
    const { platform, lines, send } = clientWith(silent)
    expect((await send(query)).status).toBe(200)
    expect(platform.monotonic()).toBe(1_000)
    for (let n = 0; n < 20; n++) await send(query)
    expect(platform.monotonic()).toBe(1_000)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('did not respond within 1000 ms')
  })

  it('delays the first call by `storeTimeout`', async () => {
    const { platform, send } = clientWith(silent, undefined, 50)
    await send(query)
    expect(platform.monotonic()).toBe(50)
  })

  it('respects the deadline and the signal of the call', async () => {
    const { platform, send } = clientWith(silent)
    expect(await failure(send({ ...query, totalTimeout: 300 }))).toMatchObject({ kind: 'timeout' })
    expect(platform.monotonic()).toBe(300)
    const aborted = clientWith(silent)
    const controller = new AbortController()
    const call = aborted.send({ ...query, signal: controller.signal })
    controller.abort('enough')
    await expect(call).rejects.toBe('enough')
    expect(aborted.platform.monotonic()).toBe(0)
  })

  it.each(['release', 'undo', 'block', 'usage'] as const)(
    'delays a response by `%s` for at most its timeout',
    async (step) => {
      const memory = memoryStore()
      const platform = virtualPlatform((_, call) =>
        call === 1 ? json({ code: 'throttled' }, 429, { 'retry-after': '2' }) : json({}),
      )
      const { send } = clientWith({ ...memory, [step]: never }, platform)
      await send(query)
      expect(platform.monotonic()).toBeLessThanOrEqual(4_000)
      const before = platform.monotonic()
      await send(query)
      expect(platform.monotonic() - before).toBeLessThanOrEqual(1_000)
    },
  )

  it('counts in this process', async () => {
    const { platform, send } = clientWith(silent)
    for (let n = 0; n < 240; n++) await send({ throttle: 'query' })
    const error = await failure(send({ throttle: 'query', totalTimeout: 30_000 }))
    expect(error).toMatchObject({ name: 'RateLimitError', source: 'client' })
    expect(platform.monotonic()).toBe(1_000)
  })

  it('is used again once it responds, without delaying a call', async () => {
    let silence = true
    let taken = 0
    const platform = virtualPlatform(() => json({}))
    const memory = memoryStore(platform.monotonic)
    const store: LimitStore = {
      ...memory,
      take(request): ReturnType<LimitStore['take']> {
        taken += 1
        return silence ? never() : memory.take(request)
      },
      usage: (request): ReturnType<LimitStore['usage']> => (silence ? never() : memory.usage(request)),
    }
    const { send } = clientWith(store, platform)
    await send(query)
    await platform.sleep(6_000)
    await send(query)
    expect(platform.monotonic()).toBe(7_000)
    silence = false
    await platform.sleep(10_000)
    await send(query)
    expect(taken).toBe(1)
    await send(query)
    expect(taken).toBe(2)
  })

  it('gets back a lease that it grants after the timeout', async () => {
    let grantLate = (): void => {}
    const given: string[] = []
    const store: LimitStore = {
      ...silent,
      take: () =>
        new Promise((resolve) => {
          grantLate = () => resolve({ granted: true, lease: 'late' })
        }),
      release: async (_, lease) => void given.push(`release ${lease}`),
      undo: async (_, lease) => void given.push(`undo ${lease}`),
    }
    const { platform, send } = clientWith(store)
    await send(query)
    grantLate()
    await platform.sleep(1)
    expect(given).toEqual(['release late', 'undo late'])
  })
})

describe('a limit store that fails', () => {
  // Users write stores, which may not match the type.
  const broken = {
    rejects: [(): Promise<never> => Promise.reject(new Error('connection lost')), 'connection lost'],
    throws: [
      (): never => {
        throw new Error('closed')
      },
      'closed',
    ],
    'resolves with something else': [async (): Promise<string> => 'granted', 'to resolve with a decision'],
  } as const

  it.each(Object.entries(broken))('admits calls and warns once when it %s', async (_, [fail, reason]) => {
    const { lines, send } = clientWith({ ...silent, take: fail as LimitStore['take'] })
    expect((await send(query)).status).toBe(200)
    expect((await send(query)).status).toBe(200)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(reason)
  })
})
