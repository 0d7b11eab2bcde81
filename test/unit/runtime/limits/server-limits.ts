import { slidingWindow } from '../../../../src/local/http/throttles.ts'
import { json } from '../../fake-server.ts'
import { envelope } from '../harness.ts'

/** A fake server that counts like PostHog: windows of accepted requests, and places for queries. */
export interface ServerLimits {
  respond(request: Request): Promise<Response>
  /** Accepted and throttled requests, and the maximum concurrency. */
  readonly seen: { accepted: number; throttled: number; running: number; maxRunning: number }
}

export interface ServerLimitsOptions {
  readonly now: () => number
  readonly windows?: readonly { readonly requests: number; readonly seconds: number }[]
  readonly places?: number
  /** The work of one request. */
  readonly work?: () => Promise<void>
}

export function serverLimits({
  now,
  windows = [],
  places = Infinity,
  work = async () => {},
}: ServerLimitsOptions): ServerLimits {
  const counts = windows.map((window) => slidingWindow(window))
  const seen = { accepted: 0, throttled: 0, running: 0, maxRunning: 0 }
  return {
    seen,
    async respond(request) {
      const owner = request.headers.get('authorization') ?? ''
      const wait = Math.ceil(Math.max(0, ...counts.map((count) => count.take(owner, now()))))
      if (wait > 0) {
        seen.throttled += 1
        const detail = `Request was throttled. Expected available in ${wait} seconds.`
        return envelope(429, 'throttled', detail, { 'retry-after': String(wait) })
      }
      if (seen.running >= places) {
        seen.throttled += 1
        return envelope(429, 'throttled', 'Too many queries are running right now')
      }
      seen.running += 1
      seen.maxRunning = Math.max(seen.maxRunning, seen.running)
      await work()
      seen.running -= 1
      seen.accepted += 1
      return json({})
    },
  }
}
