import type { Platform } from '../platform.ts'
import { createAdaptiveLimits } from './adaptive-limits.ts'
import { type Bucket, createBucket } from './bucket.ts'
import type { WakeReason } from './fair-queue.ts'
import type { LimitConfig, LimitKey } from './limit-key.ts'
import type { LimitState } from './limit-state.ts'
import type { LimitStore } from './store.ts'

/** Lets requests through as fast as PostHog takes them. */
export interface Limiter {
  /** Requests with equal limit keys share limits and one queue. */
  bucketOf(limitKey: LimitKey): Bucket
  /** How the limits stand that were used lately. */
  state(): Promise<LimitState[]>
}

/** What a limiter needs. */
export interface LimiterSetting {
  readonly platform: Platform
  /** Never rejects, and never hangs. */
  readonly store: LimitStore
  readonly config: LimitConfig
  /** `count` counts from the first request on, `learn` from the first refusal on. */
  readonly mode: 'count' | 'learn'
}

/** Buckets above which idle ones are dropped. What they count is in the store. */
const maxBuckets = 256

/** Creates a limiter over a store. */
export function createLimiter(setting: LimiterSetting): Limiter {
  const buckets = new Map<string, Bucket>()
  const shared = {
    ...setting,
    adaptive: createAdaptiveLimits(setting.platform.monotonic),
    wakeAll: (reason: WakeReason) => {
      for (const bucket of buckets.values()) if (bucket.waiting > 0) bucket.wake(reason)
    },
  }
  let dropAt = maxBuckets
  const dropIdle = (): void => {
    for (const [name, bucket] of buckets) if (bucket.waiting === 0) buckets.delete(name)
    dropAt = maxBuckets + 2 * buckets.size
  }
  return {
    bucketOf(limitKey) {
      const { origin, credential, throttle, project, runsQuery } = limitKey
      const name = `${origin} ${credential} ${throttle} ${project} ${runsQuery}`
      const known = buckets.get(name)
      if (known !== undefined) return known
      if (buckets.size >= dropAt) dropIdle()
      const bucket = createBucket(limitKey, shared)
      buckets.set(name, bucket)
      return bucket
    },
    state: () => Promise.all([...buckets.values()].map((bucket) => bucket.state())),
  }
}
