import type { Platform } from '../platform.ts'
import type { Demand, Numbers } from './claim.ts'
import { createLearned } from './learned.ts'
import { type LimitState, stateOf } from './limit-state.ts'
import type { LimitStore } from './store.ts'
import { createTrack, type Track } from './track.ts'

/** Lets requests through as fast as PostHog takes them. */
export interface Limiter {
  /** Requests with equal demands share limits, and queue together. */
  trackOf(demand: Demand): Track
  /** What is used of each limit that was asked for so far. */
  state(): Promise<LimitState[]>
}

/** What a limiter stands on. */
export interface LimiterSetting {
  readonly platform: Platform
  readonly store: LimitStore
  readonly numbers: Numbers
  /** Whether requests are counted from the start; else from the first refusal on, origin by origin. */
  readonly counts: boolean
  readonly onStoreFailure: (error: unknown) => void
}

/** A limiter over a store. A store that fails lets requests through: PostHog itself still limits them. */
export function createLimiter({ counts, ...setting }: LimiterSetting): Limiter {
  const tracks = new Map<string, Track>()
  const counted = new Set<string>()
  const shared = {
    ...setting,
    learned: createLearned(setting.platform.monotonic),
    counts: (origin: string) => counts || counted.has(origin),
    count: (origin: string) => void counted.add(origin),
    wakeAll: () => {
      for (const track of tracks.values()) track.wake()
    },
  }
  return {
    trackOf(demand) {
      const { origin, credential, throttle, project, runsQuery } = demand
      const name = `${origin} ${credential} ${throttle} ${project} ${runsQuery}`
      const track = tracks.get(name) ?? createTrack(demand, shared)
      tracks.set(name, track)
      return track
    },
    state() {
      return Promise.all(
        [...tracks.values()].map(async (track) => stateOf(track, await setting.store.usage(track.claim()))),
      )
    },
  }
}
