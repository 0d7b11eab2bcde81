import { slidingWindow } from '../../../../src/local/http/throttles.ts'
import { envelope, json } from '../harness.ts'

/** A server that counts like PostHog: windows of accepted requests, and places for queries. */
export interface ServerLimits {
  answer(request: Request): Promise<Response>
  /** Requests that were taken and refused, and the most that ran at once. */
  readonly seen: { taken: number; refused: number; running: number; atOnce: number }
}

export interface ServerLimitsSetting {
  readonly now: () => number
  readonly windows?: readonly { readonly requests: number; readonly seconds: number }[]
  readonly places?: number
  /** How long a request takes. */
  readonly work?: () => Promise<void>
}

export function serverLimits({
  now,
  windows = [],
  places = Infinity,
  work = async () => {},
}: ServerLimitsSetting): ServerLimits {
  const counts = windows.map((window) => slidingWindow(window))
  const seen = { taken: 0, refused: 0, running: 0, atOnce: 0 }
  return {
    seen,
    async answer(request) {
      const owner = request.headers.get('authorization') ?? ''
      const wait = Math.ceil(Math.max(0, ...counts.map((count) => count.take(owner, now()))))
      if (wait > 0) {
        seen.refused += 1
        const detail = `Request was throttled. Expected available in ${wait} seconds.`
        return envelope(429, 'throttled', detail, { 'retry-after': String(wait) })
      }
      if (seen.running >= places) {
        seen.refused += 1
        return envelope(429, 'throttled', 'Too many queries are running right now')
      }
      seen.running += 1
      seen.atOnce = Math.max(seen.atOnce, seen.running)
      await work()
      seen.running -= 1
      seen.taken += 1
      return json(200, {})
    },
  }
}
