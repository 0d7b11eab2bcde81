import { throttled } from '../api-error.ts'
import type { LocalKey } from '../auth/keys.ts'
import { type SlidingWindow, slidingWindow, type WindowLimit } from './sliding-window.ts'

/** Requests that one key may make in a minute and in an hour. */
export interface ThrottleRates {
  readonly perMinute: number
  readonly perHour: number
}

/**
 * Buckets of PostHog's private API: plain objects, events and persons, queries and inline endpoints, materialised
 * endpoints.
 */
export type ThrottleClass = 'default' | 'clickhouse' | 'queries' | 'materialized'

/** PostHog's published rates for each bucket. */
export const RATES: Readonly<Record<ThrottleClass, ThrottleRates>> = {
  default: { perMinute: 480, perHour: 4_800 },
  clickhouse: { perMinute: 240, perHour: 1_200 },
  queries: { perMinute: 240, perHour: 2_400 },
  materialized: { perMinute: 1_200, perHour: 12_000 },
}

/** Counts requests and refuses those over a rate. */
export interface Throttles {
  /** @throws ApiError 429 with the longest wait of the buckets that refuse. */
  take(kind: ThrottleClass, key: LocalKey, projectId: number): void
}

/**
 * The request throttles of one local PostHog.
 *
 * @param rates `false` counts nothing; rates given here replace the published ones of every bucket.
 */
export function createThrottles(
  rates: ThrottleRates | readonly WindowLimit[] | false | undefined,
  now: () => Date,
): Throttles {
  const windows = new Map<string, SlidingWindow[]>()
  const windowsOf = (name: string, kind: ThrottleClass): SlidingWindow[] => {
    const existing = windows.get(name)
    if (existing !== undefined) return existing
    const made = limitsOf(rates || RATES[kind]).map(slidingWindow)
    windows.set(name, made)
    return made
  }
  return {
    take(kind, key, projectId) {
      if (rates === false) return
      const nowMs = now().getTime()
      // Secret keys are counted by themselves and, all together, for their project.
      const buckets = [{ name: kind as string, owner: key.value }]
      if (key.kind === 'project_secret') buckets.push({ name: `${kind}_project`, owner: String(projectId) })
      const waits = buckets.flatMap(({ name, owner }) =>
        windowsOf(name, kind).map((window) => window.take(owner, nowMs)),
      )
      const longest = Math.max(...waits)
      if (longest > 0) throw throttled(longest)
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
