import type { GateRequest, LimitRequest, WindowRequest } from './store.ts'

/** First pause in milliseconds after a throttle without `Retry-After`. Each further one doubles it. */
const firstPause = 1_000
/** Longest pause in milliseconds. After the same time without a throttle, pauses start short again. */
const maxPause = 60_000
/** Duration of the slow start after a pause, in milliseconds. */
const slowStartMs = 10_000
/** Interval in milliseconds at which the slow start admits one more request. PostHog throttles faster than that. */
const slowStartStep = 500
/** Time in milliseconds in which a lowered gate grows back to its configured places. */
const gateRecoveryMs = 60_000
/** Maximum difference of two counts that show the same allowance: absolute, or a fraction of the larger count. */
const tolerance = { requests: 2, part: 0.1 }
/** Number of entries above which expired ones are removed. */
const sweepAbove = 100

/** The limit of a window that is counted but not limited. */
export const unlimited: number = Number.MAX_SAFE_INTEGER

/** A pause in sending after a throttle. */
interface Pause {
  readonly startedAt: number
  endsAt: number
  /** Consecutive pauses without `Retry-After`, including this one. */
  readonly unspecified: number
  /** Requests that PostHog accepted since the pause. */
  passed: number
}

/** The count of a window when PostHog throttled. */
interface Observation {
  readonly at: number
  readonly endsAt: number
  count: number
}

/** Throttles of a window. */
interface WindowHistory {
  /** The observation to compare with. */
  base: Observation | undefined
  /** The latest observation. It is compared after its pause: by then the throttled requests are undone. */
  latest: Observation
  /** The lower allowance, if one was inferred. */
  limit: number | undefined
  /** When this history expires. */
  expiresAt: number
}

interface LoweredGate {
  readonly places: number
  readonly at: number
}

/** Limits that adapt to PostHog's throttles. All times are milliseconds of the monotonic clock. */
export interface AdaptiveLimits {
  /** Whether PostHog has throttled a request. Until then the published limits apply. */
  isActive: boolean
  /**
   * Applies the current limits to a request: with inferred allowances (`adaptive`) or without (`published`).
   * In `learn` mode windows are counted only while PostHog throttles.
   */
  apply(request: LimitRequest, mode: 'count' | 'learn', limits: 'adaptive' | 'published'): LimitRequest
  /** Adds a gate that opens gradually after a pause, so that a burst does not run into the next throttle. */
  slowStart(request: LimitRequest): LimitRequest
  /** Milliseconds until the lower allowance of a window expires; undefined if there is none. */
  loweredFor(windowKey: string): number | undefined
  /** Milliseconds left of a pause; 0 if there is none. */
  pausedFor(key: string): number
  /** Records that PostHog accepted a request that was granted at `grantedAt`. */
  passed(bucket: string, grantedAt: number): void
  /**
   * Records that PostHog throttled a request that was granted at `grantedAt`. Requests that were already in flight
   * share one pause.
   *
   * @returns the pause in milliseconds
   */
  pause(key: string, grantedAt: number, waitMs: number | undefined): number
  /** Records that PostHog throttled at `count` requests in the window, with a wait of `waitMs`. */
  observe(window: WindowRequest, count: number, grantedAt: number, waitMs: number): void
  /** Halves the places of a gate, after PostHog reported too many concurrent queries. */
  lowerGate(gate: GateRequest, grantedAt: number): void
}

/**
 * Creates adaptive limits over a monotonic clock in milliseconds. One throttle only causes a pause, because other
 * programs may use the same key. Two throttles at about the same count, at least a quarter of a window apart, lower
 * the allowance. It expires after one window without a throttle.
 */
export function createAdaptiveLimits(monotonic: () => number): AdaptiveLimits {
  const pauses = new Map<string, Pause>()
  const histories = new Map<string, WindowHistory>()
  const gates = new Map<string, LoweredGate>()
  let sweepAt = sweepAbove

  /** The history of a window until it expires. Compares the latest observation once its pause is over. */
  const historyOf = (key: string, ms: number, now: number): WindowHistory | undefined => {
    const history = histories.get(key)
    if (history === undefined) return undefined
    if (history.expiresAt <= now) {
      histories.delete(key)
      return undefined
    }
    if (history.latest.endsAt <= now) compare(history, ms)
    return history
  }
  /** Begins a slow start, as after a pause: an expired allowance may still be right. */
  const startSlowly = (bucket = '', now: number): void => {
    pauses.set(bucket, { startedAt: now, endsAt: now, unspecified: 0, passed: 0 })
  }
  const placesOf = ({ key, places }: GateRequest, now: number): number => {
    const lowered = gates.get(key)
    if (lowered === undefined) return places
    if (now >= lowered.at + gateRecoveryMs) {
      gates.delete(key)
      return places
    }
    const grown = lowered.places + ((places - lowered.places) * (now - lowered.at)) / gateRecoveryMs
    return Math.max(1, Math.min(places, Math.floor(grown)))
  }
  const sweep = (now: number): void => {
    if (pauses.size + histories.size + gates.size <= sweepAt) return
    for (const [key, { endsAt }] of pauses) if (endsAt + maxPause <= now) pauses.delete(key)
    for (const [key, { expiresAt }] of histories) if (expiresAt <= now) histories.delete(key)
    for (const [key, { at }] of gates) if (at + gateRecoveryMs <= now) gates.delete(key)
    sweepAt = sweepAbove + 2 * (pauses.size + histories.size + gates.size)
  }

  const adaptive: AdaptiveLimits = {
    isActive: false,
    apply(request, mode, limits) {
      if (histories.size + gates.size === 0 && mode === 'count') return request
      const now = monotonic()
      const windows = request.windows.flatMap((window) => {
        const wasLowered = histories.get(window.key)?.limit !== undefined
        const history = historyOf(window.key, window.ms, now)
        if (wasLowered && history === undefined) startSlowly(request.blocks[0], now)
        if (history === undefined) return mode === 'count' ? [window] : []
        const max = mode === 'count' ? window.requests : unlimited
        const limit = limits === 'adaptive' ? history.limit : undefined
        return [{ ...window, requests: Math.min(max, limit ?? max) }]
      })
      return {
        windows,
        gates: request.gates.map((gate) => ({ ...gate, places: placesOf(gate, now) })),
        blocks: request.blocks,
      }
    },
    slowStart(request) {
      if (pauses.size === 0) return request
      const now = monotonic()
      const [bucket = ''] = request.blocks
      const pause = pauses.get(bucket)
      if (pause === undefined || now >= pause.endsAt + slowStartMs) return request
      const places = 1 + pause.passed + Math.floor(Math.max(0, now - pause.endsAt) / slowStartStep)
      return {
        ...request,
        gates: [...request.gates, { key: `${bucket} start`, places, leaseMs: slowStartMs }],
      }
    },
    loweredFor(windowKey) {
      const history = histories.get(windowKey)
      return history?.limit === undefined ? undefined : Math.max(0, history.expiresAt - monotonic())
    },
    pausedFor(key) {
      const pause = pauses.get(key)
      return pause === undefined ? 0 : Math.max(0, pause.endsAt - monotonic())
    },
    passed(bucket, grantedAt) {
      const pause = pauses.get(bucket)
      if (pause !== undefined && grantedAt >= pause.endsAt) pause.passed += 1
    },
    pause(key, grantedAt, waitMs) {
      adaptive.isActive = true
      const now = monotonic()
      sweep(now)
      const last = pauses.get(key)
      if (last !== undefined && grantedAt <= last.startedAt) {
        last.endsAt = Math.max(last.endsAt, now + (waitMs ?? 0))
        return Math.max(0, last.endsAt - now)
      }
      const inARow = last !== undefined && now < last.endsAt + maxPause ? last.unspecified : 0
      const unspecified = waitMs === undefined ? inARow + 1 : 0
      const ms = waitMs ?? Math.min(maxPause, firstPause * 2 ** (unspecified - 1))
      pauses.set(key, { startedAt: now, endsAt: now + ms, unspecified, passed: 0 })
      return ms
    },
    observe({ key, ms }, count, grantedAt, waitMs) {
      const now = monotonic()
      sweep(now)
      const history = historyOf(key, ms, now)
      const observation = { at: now, endsAt: now + waitMs, count }
      const expiresAt = observation.endsAt + ms
      if (history === undefined) {
        histories.set(key, { base: undefined, latest: observation, limit: undefined, expiresAt })
      } else if (grantedAt <= history.latest.at) {
        history.latest.count = Math.min(history.latest.count, count)
      } else {
        compare(history, ms)
        Object.assign(history, { latest: observation, expiresAt })
      }
    },
    lowerGate(gate, grantedAt) {
      const now = monotonic()
      sweep(now)
      const last = gates.get(gate.key)
      if (last !== undefined && grantedAt <= last.at) return
      gates.set(gate.key, { places: Math.max(1, Math.floor(placesOf(gate, now) / 2)), at: now })
    },
  }
  return adaptive
}

/** Compares the last two observations of a window of `ms` milliseconds, and lowers its limit if they agree. */
function compare(history: WindowHistory, ms: number): void {
  const { base, latest } = history
  if (base === latest) return
  const larger = Math.max(latest.count, base?.count ?? 0)
  const alike =
    base !== undefined &&
    Math.min(latest.count, base.count) > 0 &&
    larger - Math.min(latest.count, base.count) <= Math.max(tolerance.requests, tolerance.part * larger)
  // Soon after the first observation, counts agree because the window has hardly changed.
  if (alike && latest.at - base.at < ms / 4) return
  if (alike) history.limit = larger
  history.base = latest
}
