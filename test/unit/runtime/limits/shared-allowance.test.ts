import { describe, expect, it } from 'vitest'
import { json } from '../../fake-server.ts'
import { envelope, outcomes } from '../harness.ts'
import { type VirtualPlatform, virtualPlatform } from '../virtual-platform.ts'
import { type Arrivals, idealShare, sharedKey, type Windows } from './shared-key.ts'

/** Latency of one request in milliseconds. */
const latency = 100
const queries: Windows = [
  [240, 60],
  [2_400, 3_600],
]
const others = {
  evenly: (second) => (second % 3 === 0 ? 1 : 0),
  'every minute at once': (second) => (second % 60 === 0 ? 20 : 0),
  'in ten minutes of each hour': (second) => ((second + 3_600) % 3_600 < 600 ? 2 : 0),
  'not at all': () => 0,
} satisfies Record<string, Arrivals>

interface Simulation {
  readonly windows?: Windows
  readonly others?: keyof typeof others
  readonly throttle?: 'query' | 'default'
  readonly mode?: 'count' | 'learn'
  readonly seconds?: number
  readonly workers?: number
  readonly totalTimeout?: number
  readonly retryAfter?: boolean
}

interface Result {
  readonly ours: number
  readonly throttled: number
  /** Fraction of the requests of an ideal client, which knows the state of the server. */
  readonly share: number
  /** Calls that failed unsent, although PostHog would have accepted them before their deadline. */
  readonly failedTooEarly: number
  readonly failedUnsent: number
  /** Calls that failed with another error than RateLimitError. */
  readonly failedOtherwise: number
  /** Largest difference between the `retryAt` of an unsent call and the truth, in milliseconds. */
  readonly retryAtOff: number
}

/** Simulates workers with a key that other programs use too. They retry a failed call at `retryAt`. */
async function simulate({
  windows = queries,
  others: pattern = 'not at all',
  throttle = 'query',
  mode = 'count',
  seconds = 7_200,
  workers = 4,
  totalTimeout = 10_000_000,
  retryAfter = true,
}: Simulation): Promise<Result> {
  const platform: VirtualPlatform = virtualPlatform(async () => {
    const response = server.respond()
    await platform.sleep(latency)
    return response
  })
  const server = sharedKey(windows, platform.now, others[pattern], retryAfter)
  const send = outcomes(platform, { limits: { mode } })
  const end = platform.now() + seconds * 1_000
  const stop = new AbortController()
  let [failedTooEarly, failedUnsent, failedOtherwise, retryAtOff] = [0, 0, 0, 0]
  const work = async (): Promise<void> => {
    while (platform.now() < end) {
      try {
        await send({ throttle, totalTimeout, signal: stop.signal })
      } catch (error) {
        if (stop.signal.aborted) return
        const { name, source, retryAt } = error as { name: string; source?: string; retryAt?: Date }
        if (name !== 'RateLimitError') failedOtherwise += 1
        if (retryAt === undefined) continue
        const wait = retryAt.getTime() - platform.now()
        if (source === 'client') {
          failedUnsent += 1
          retryAtOff = Math.max(retryAtOff, Math.abs(wait - server.wait()))
          if (server.wait() + 1_000 < totalTimeout) failedTooEarly += 1
        }
        await platform.sleep(Math.max(0, wait), stop.signal).catch(() => {})
      }
    }
  }
  const ended = platform.sleep(seconds * 1_000).then(() => stop.abort())
  await Promise.all([ended, ...Array.from({ length: workers }, work)])
  const ideal = idealShare(windows, seconds, (workers * 1_000) / latency, others[pattern])
  const { ours, throttled } = server.seen
  const result = {
    ours,
    throttled,
    share: ours / ideal,
    failedTooEarly,
    failedUnsent,
    failedOtherwise,
    retryAtOff,
  }
  if (process.env['TYPEHOG_NUMBERS']) console.log(pattern, mode, totalTimeout, JSON.stringify(result))
  return result
}

describe('a client whose key is half used by other programs', () => {
  const patterns = ['evenly', 'every minute at once', 'in ten minutes of each hour'] as const

  it.each(patterns)(
    'uses at least 90 % of the remaining queries: others send %s',
    { timeout: 60_000 },
    async (pattern) => {
      const { share, failedUnsent, failedOtherwise } = await simulate({ others: pattern })
      expect(share).toBeGreaterThan(0.9)
      expect(failedUnsent + failedOtherwise).toBe(0)
    },
  )

  it('uses at least 90 % of the remaining queries in `learn` mode', { timeout: 60_000 }, async () => {
    const { share, failedUnsent, failedOtherwise } = await simulate({
      others: 'every minute at once',
      mode: 'learn',
    })
    expect(share).toBeGreaterThan(0.9)
    expect(failedUnsent + failedOtherwise).toBe(0)
  })

  it('uses at least 90 % of the remaining other requests', { timeout: 60_000 }, async () => {
    const windows: Windows = [
      [480, 60],
      [4_800, 3_600],
    ]
    const setting = { windows, throttle: 'default', others: 'in ten minutes of each hour' } as const
    expect((await simulate(setting)).share).toBeGreaterThan(0.9)
  })

  it.each(patterns)(
    'fails no call too early and reports `retryAt` within a second: others send %s',
    { timeout: 60_000 },
    async (pattern) => {
      const result = await simulate({ others: pattern, totalTimeout: 30_000 })
      expect(result).toMatchObject({ failedTooEarly: 0, failedOtherwise: 0 })
      expect(result.retryAtOff).toBeLessThanOrEqual(1_000)
      expect(result.share).toBeGreaterThan(0.9)
    },
  )
})

describe('a client whose team has a lower allowance', () => {
  const windows: Windows = [
    [60, 60],
    [2_400, 3_600],
  ]

  it.each(['count', 'learn'] as const)(
    'adapts to 60 requests per minute in `%s` mode, with few throttles',
    { timeout: 60_000 },
    async (mode) => {
      const { share, throttled, ours } = await simulate({ windows, mode, seconds: 2_400 })
      expect(share).toBeGreaterThan(0.9)
      expect(throttled / ours).toBeLessThan(0.06)
    },
  )

  it('backs off if PostHog names no wait', { timeout: 60_000 }, async () => {
    const { share, throttled } = await simulate({ windows, retryAfter: false, seconds: 2_400 })
    expect(share).toBeGreaterThan(0.5)
    // A pause doubles up to a minute.
    expect(throttled).toBeLessThan(40 * 6)
  })
})

describe('a throttle with `Retry-After: 1`', () => {
  it.each([
    ['count', 1],
    ['learn', 1],
    ['learn', 6],
    ['count', 6],
  ] as const)('delays later calls by a second in `%s` mode: %i of 12 throttled', async (mode, refusals) => {
    let remaining: number = refusals
    const platform: VirtualPlatform = virtualPlatform(async () => {
      const throttled = remaining-- > 0
      await platform.sleep(20)
      return throttled ? envelope(429, 'throttled', 'x', { 'retry-after': '1' }) : json({})
    })
    const send = outcomes(platform, { limits: { mode } })
    const burst = (calls: number): Promise<unknown> =>
      Promise.all(Array.from({ length: calls }, () => send({ throttle: 'default', totalTimeout: 15_000 })))
    await burst(12)
    await burst(30)
    expect(platform.monotonic()).toBeLessThan(2_500)
  })
})
