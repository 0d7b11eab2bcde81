import { throttled } from './api-error.ts'
import type { LocalKey } from './auth.ts'

/** Requests per minute and per hour that one key may make. */
export interface ThrottleRates {
  readonly perMinute: number
  readonly perHour: number
}

/** A limit of requests in a sliding window. */
export interface WindowLimit {
  readonly requests: number
  readonly seconds: number
}

/**
 * Rate limit buckets of PostHog's private API: ordinary objects, events and persons, queries and inline endpoints,
 * materialized endpoints.
 */
export type ThrottleClass = 'default' | 'clickhouse' | 'queries' | 'materialized'

/** PostHog's published rates for each bucket. */
const RATES: Readonly<Record<ThrottleClass, ThrottleRates>> = {
  default: { perMinute: 480, perHour: 4_800 },
  clickhouse: { perMinute: 240, perHour: 1_200 },
  queries: { perMinute: 240, perHour: 2_400 },
  materialized: { perMinute: 1_200, perHour: 12_000 },
}

/** Counts requests and rejects those above a rate. */
export interface Throttles {
  /** @throws ApiError 429 with the longest wait among the exhausted buckets. */
  take(kind: ThrottleClass, key: LocalKey, projectId: number): void
}

/**
 * Creates the request throttles of one local PostHog.
 *
 * @param rates Replaces the published rates of every bucket. `false` turns throttling off.
 */
export function createThrottles(
  rates: ThrottleRates | readonly WindowLimit[] | false | undefined,
  now: () => Date,
): Throttles {
  const windows = new Map<string, SlidingWindow[]>()
  const windowsOf = (bucket: string, kind: ThrottleClass): SlidingWindow[] => {
    const existing = windows.get(bucket)
    if (existing !== undefined) return existing
    const created = limitsOf(rates || RATES[kind]).map(slidingWindow)
    windows.set(bucket, created)
    return created
  }
  return {
    take(kind, key, projectId) {
      if (rates === false) return
      const nowMs = now().getTime()
      // PostHog limits each secret key, and in a second bucket all secret keys of a project together.
      const buckets = [{ name: kind as string, owner: key.value }]
      if (key.kind === 'project_secret') buckets.push({ name: `${kind}_project`, owner: String(projectId) })
      const waits = buckets.flatMap(({ name, owner }) =>
        windowsOf(name, kind).map((window) => window.take(owner, nowMs)),
      )
      const longest = Math.max(...waits)
      if (longest > 0) throw throttled(Math.max(1, Math.ceil(longest)))
    },
  }
}

function limitsOf(rates: ThrottleRates | readonly WindowLimit[]): readonly WindowLimit[] {
  if (!('perMinute' in rates)) return rates
  return [
    { requests: rates.perMinute, seconds: 60 },
    { requests: rates.perHour, seconds: 3_600 },
  ]
}

/** Counts accepted requests per key in a sliding window. Rejected requests do not count. */
export interface SlidingWindow {
  /** Counts an accepted request and returns 0. Otherwise returns the seconds until the next free slot. */
  take(key: string, nowMs: number): number
}

/** Creates a window that stores the times of accepted requests for its length. */
export function slidingWindow(limit: WindowLimit): SlidingWindow {
  const accepted = new Map<string, number[]>()
  return {
    take(key, nowMs) {
      const since = nowMs - limit.seconds * 1_000
      const times = (accepted.get(key) ?? []).filter((time) => time > since)
      accepted.set(key, times)
      const oldest = times.at(-limit.requests)
      if (times.length >= limit.requests && oldest !== undefined) return (oldest - since) / 1_000
      times.push(nowMs)
      return 0
    },
  }
}
