import type { Claim, GateClaim, WindowClaim } from './store.ts'

/** Milliseconds of the first pause after a refusal that names no wait; doubles with each further one. */
const firstPause = 1_000
/** Milliseconds of the longest such pause, and of the quiet time after which the next one is short again. */
const maxPause = 60_000
/** Milliseconds after a pause in which requests start slowly. */
const slowStartMs = 10_000
/** Milliseconds after which one more request may start: PostHog refuses faster than that. */
const slowStartStep = 500
/** Milliseconds in which a lowered gate grows back to its configured places. */
const gateRecoveryMs = 60_000
/** How much two counts may differ and still show the same allowance: requests, or a part of the larger count. */
const tolerance = { requests: 2, part: 0.1 }
/** Entries above which expired ones are removed. */
const sweepAbove = 100

/** The limit of a window that is counted and not limited. */
export const unlimited: number = Number.MAX_SAFE_INTEGER

/** A stretch of time in which nothing is sent, because PostHog refused. */
interface Pause {
  readonly startedAt: number
  endsAt: number
  /** Pauses in a row, this one included, whose length PostHog did not name. */
  readonly unspecified: number
  /** Requests that PostHog let through since. */
  passed: number
}

/** A count of a window at which PostHog refused. */
interface Observation {
  readonly at: number
  readonly endsAt: number
  count: number
}

/** What refusals showed of a window. */
interface WindowHistory {
  /** The refusal to compare with. */
  base: Observation | undefined
  /** The latest one. It is compared when its pause is over: by then the requests refused with it are undone. */
  latest: Observation
  /** The lower allowance, when one was concluded. */
  limit: number | undefined
  /** When all of this is given up. */
  expiresAt: number
}

interface LoweredGate {
  readonly places: number
  readonly at: number
}

/** Limits that adapt to PostHog's refusals. All times are of the monotonic clock, in milliseconds. */
export interface AdaptiveLimits {
  /** Whether PostHog refused a request yet. Before that, published limits hold unchanged. */
  isActive: boolean
  /**
   * The claim with the limits that hold now, with or without concluded allowances. In `learn` mode windows are counted
   * only while PostHog refuses.
   */
  apply(claim: Claim, mode: 'count' | 'learn', limits: 'adaptive' | 'published'): Claim
  /** The claim with a gate that opens step by step after a pause, so that a refusal does not end a whole burst. */
  slowStart(claim: Claim): Claim
  /** Milliseconds until a lower allowance of the window is given up; undefined when there is none. */
  loweredFor(windowKey: string): number | undefined
  /** Milliseconds left of a pause; 0 when there is none. */
  pausedFor(key: string): number
  /** PostHog let a request of the bucket through that was granted at `grantedAt`. */
  passed(bucket: string, grantedAt: number): void
  /**
   * PostHog refused a request that was granted at `grantedAt`. Requests that were in flight when the pause began share
   * it.
   *
   * @returns milliseconds of the pause
   */
  pause(key: string, grantedAt: number, waitMs: number | undefined): number
  /** PostHog refused while the window held `count` requests, and asked to wait for `waitMs`. */
  observe(window: WindowClaim, count: number, grantedAt: number, waitMs: number): void
  /** PostHog refused because too many queries run: halves the places of the gate. */
  lowerGate(gate: GateClaim, grantedAt: number): void
}

/**
 * Creates adaptive limits over a clock that counts milliseconds. A refusal is a pause and nothing more, since other
 * programs may use the same key. A lower allowance takes two refusals at about the same count, at least a quarter of a window
 * apart. It is given up after one window without a refusal.
 */
export function createAdaptiveLimits(monotonic: () => number): AdaptiveLimits {
  const pauses = new Map<string, Pause>()
  const histories = new Map<string, WindowHistory>()
  const gates = new Map<string, LoweredGate>()
  let sweepAt = sweepAbove

  /** The history of a window while it holds, with its latest refusal compared when that is due. */
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
  /** Begins a slow start, as after a pause: a lower allowance was given up, and may still be right. */
  const startSlowly = (bucket = '', now: number): void => {
    pauses.set(bucket, { startedAt: now, endsAt: now, unspecified: 0, passed: 0 })
  }
  const placesOf = ({ key, places }: GateClaim, now: number): number => {
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
    apply(claim, mode, limits) {
      if (histories.size + gates.size === 0 && mode === 'count') return claim
      const now = monotonic()
      const windows = claim.windows.flatMap((window) => {
        const concluded = histories.get(window.key)?.limit !== undefined
        const history = historyOf(window.key, window.ms, now)
        if (concluded && history === undefined) startSlowly(claim.blocks[0], now)
        if (history === undefined) return mode === 'count' ? [window] : []
        const max = mode === 'count' ? window.requests : unlimited
        const limit = limits === 'adaptive' ? history.limit : undefined
        return [{ ...window, requests: Math.min(max, limit ?? max) }]
      })
      return {
        windows,
        gates: claim.gates.map((gate) => ({ ...gate, places: placesOf(gate, now) })),
        blocks: claim.blocks,
      }
    },
    slowStart(claim) {
      if (pauses.size === 0) return claim
      const now = monotonic()
      const [bucket = ''] = claim.blocks
      const pause = pauses.get(bucket)
      if (pause === undefined || now >= pause.endsAt + slowStartMs) return claim
      const places = 1 + pause.passed + Math.floor(Math.max(0, now - pause.endsAt) / slowStartStep)
      return { ...claim, gates: [...claim.gates, { key: `${bucket} start`, places, leaseMs: slowStartMs }] }
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

/** Compares the latest refusal of a window of `ms` with the one before, and concludes a lower allowance or none. */
function compare(history: WindowHistory, ms: number): void {
  const { base, latest } = history
  if (base === latest) return
  const larger = Math.max(latest.count, base?.count ?? 0)
  const alike =
    base !== undefined &&
    Math.min(latest.count, base.count) > 0 &&
    larger - Math.min(latest.count, base.count) <= Math.max(tolerance.requests, tolerance.part * larger)
  // Soon after the first one, counts are alike because hardly anything entered or left the window.
  if (alike && latest.at - base.at < ms / 4) return
  if (alike) history.limit = larger
  history.base = latest
}
