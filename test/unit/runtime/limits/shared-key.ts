import { json } from '../../fake-server.ts'
import { envelope } from '../harness.ts'

/** A throttle of Django REST framework: a log of accepted requests, and a wait until the oldest one leaves it. */
interface Throttle {
  readonly requests: number
  readonly ms: number
  readonly log: number[]
}

/** Number of requests that other programs send with the same key in a second, counted from the start of the test. */
export type Arrivals = (second: number) => number

/** Limits of a key: requests per seconds. */
export type Windows = readonly (readonly [requests: number, seconds: number])[]

/** A fake PostHog behind an API key that other programs use too. */
export interface SharedKey {
  respond(): Response
  /** Milliseconds from now until PostHog would accept a request. */
  wait(): number
  readonly seen: { ours: number; others: number; throttled: number }
}

function createThrottles(windows: Windows): Throttle[] {
  return windows.map(([requests, seconds]) => ({ requests, ms: seconds * 1_000, log: [] }))
}

/** Milliseconds until all throttles accept a request. As in PostHog, a throttle counts a request that another one rejects. */
function take(throttles: readonly Throttle[], now: number): number {
  let longest = 0
  for (const throttle of throttles) {
    const wait = waitOf(throttle, now)
    if (wait === 0) throttle.log.push(now)
    longest = Math.max(longest, wait)
  }
  return longest
}

function waitOf({ requests, ms, log }: Throttle, now: number): number {
  while ((log[0] ?? now) <= now - ms) log.shift()
  return log.length < requests ? 0 : (log[0] ?? now) + ms - now
}

/** Seconds for which other programs send before the test begins. */
const before = 3_600

/** Creates a server that counts all requests of the key. Other programs send `others(second)` requests per second. */
export function sharedKey(
  windows: Windows,
  now: () => number,
  others: Arrivals = () => 0,
  retryAfter = true,
): SharedKey {
  const throttles = createThrottles(windows)
  const seen = { ours: 0, others: 0, throttled: 0 }
  const startedAt = now()
  let second = -before
  const serveOthers = (): void => {
    for (; startedAt + second * 1_000 <= now(); second++) {
      for (let n = others(second); n > 0; n--) {
        if (take(throttles, startedAt + second * 1_000) === 0) seen.others += 1
      }
    }
  }
  return {
    seen,
    respond() {
      serveOthers()
      const wait = take(throttles, now())
      if (wait === 0) {
        seen.ours += 1
        return json({})
      }
      seen.throttled += 1
      const seconds = String(Math.ceil(wait / 1_000))
      if (!retryAfter) return envelope(429, 'throttled', 'Request was throttled.')
      const detail = `Request was throttled. Expected available in ${seconds} seconds.`
      return envelope(429, 'throttled', detail, { 'retry-after': seconds })
    },
    wait() {
      serveOthers()
      return Math.max(...throttles.map((throttle) => waitOf(throttle, now())))
    },
  }
}

/** Requests of an ideal client, which knows the state of the server and uses every free place immediately. */
export function idealShare(windows: Windows, seconds: number, perSecond: number, others: Arrivals): number {
  const throttles = createThrottles(windows)
  let ours = 0
  for (let second = -before; second < seconds; second++) {
    for (let n = others(second); n > 0; n--) take(throttles, second * 1_000)
    for (let n = 0; second >= 0 && n < perSecond; n++) {
      const at = second * 1_000 + (n * 1_000) / perSecond
      if (throttles.some((throttle) => waitOf(throttle, at) > 0)) continue
      take(throttles, at)
      ours += 1
    }
  }
  return ours
}
