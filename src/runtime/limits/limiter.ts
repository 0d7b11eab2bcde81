// No library adapts to PostHog's throttles over a shared store, so this folder has its own limiter.

import { credentialId } from '../auth/credential.ts'
import { defaults } from '../config/defaults.ts'
import type { Config } from '../config/resolve.ts'
import { readErrorBody } from '../errors/error-body.ts'
import type { Observer } from '../observe/hooks.ts'
import type { Platform } from '../platform.ts'
import { serverWait } from '../retry/timing.ts'
import type { CallState } from '../transport/call.ts'
import { untilAbort } from '../transport/deadline.ts'
import { type HttpResponse, textOf } from '../transport/http-response.ts'
import type { Send } from '../transport/middleware.ts'
import { createAdaptiveLimits } from './adaptive-limits.ts'
import { type Bucket, createBucket, type LimitState, type Throttle } from './bucket.ts'
import type { WakeReason } from './fair-queue.ts'
import { guardStore } from './guarded-store.ts'
import type { LimitConfig, LimitKey } from './rates.ts'
import { type LimitStore, memoryStore } from './store.ts'

/** A client-side rate limiter: admits requests as fast as PostHog accepts them. */
export interface Limiter {
  /** The bucket of a limit key. Requests with equal keys share their limits and one queue. */
  bucketOf(limitKey: LimitKey): Bucket
  /** The state of all recently used limits. */
  state(): Promise<LimitState[]>
}

/** Options of a limiter. */
export interface LimiterOptions {
  readonly platform: Platform
  /** Must never reject or hang: see `guardStore`. */
  readonly store: LimitStore
  readonly config: LimitConfig
  /** `count` counts from the first request, `learn` from the first throttle. */
  readonly mode: 'count' | 'learn'
}

/** Number of buckets above which idle ones are dropped. Their counts stay in the store. */
const maxBuckets = 256

/** Creates a limiter over a store. */
function createLimiter(setting: LimiterOptions): Limiter {
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

/** Middleware that delays requests to stay within PostHog's limits, and adapts to throttles. */
export function withLimits(
  config: Config,
  platform: Pick<Platform, 'now'>,
  limiter: Limiter,
  watch: Observer,
  send: Send,
): Send {
  if (config.limits === false) return send
  const { origin, keyKind } = config
  const credential = credentialId(config)
  const onWait = ({ operation, call }: CallState, waitMs: number | undefined): void =>
    watch.rateLimit({ operation, bucket: call.throttle ?? 'default', source: 'client', waitMs })
  return async (request, run) => {
    const { throttle = 'default', project, runsQuery = false } = run.call
    const bucket = limiter.bucketOf({ origin, credential, keyKind, throttle, project, runsQuery })
    const entered = bucket.enter(run, onWait)
    const reservation = entered instanceof Promise ? await entered : entered
    let throttled: Throttle | undefined
    let outcome: 'accepted' | 'failed' = 'failed'
    try {
      const response = await send(request, run)
      outcome = 'accepted'
      if (response.status === 429 || response.status === 503) {
        throttled = parseThrottle(response, platform.now())
      }
      if (throttled !== undefined) {
        const { operation } = run
        watch.rateLimit({ operation, bucket: throttle, source: 'server', waitMs: throttled.waitMs })
      }
      return response
    } finally {
      const left = bucket.leave(reservation, throttled ?? outcome)
      // A slow store must not delay a call beyond its deadline.
      if (left !== undefined) await untilAbort(left, run.deadline).catch(() => {})
    }
  }
}

/**
 * Parses a response as a throttle; undefined for other failures. Headers suffice if the body is a stream.
 *
 * @param now milliseconds of the wall clock
 */
function parseThrottle({ status, headers, bytes }: HttpResponse, now: number): Throttle | undefined {
  const { code, detail = '' } = bytes === undefined ? {} : readErrorBody(textOf({ bytes }))
  const waitMs = serverWait(headers, detail, now)
  if (status === 429) {
    // A rate limit names a wait or calls itself a throttle. The limit of concurrent queries does neither.
    const throttled = waitMs !== undefined || /request was throttled/i.test(detail)
    return { kind: throttled ? 'rate' : 'queries', waitMs }
  }
  const full = code === 'query_capacity' || /too busy/i.test(detail)
  return full ? { kind: 'queries', waitMs } : undefined
}

/** Creates the limiter of a client. Derived clients share it. */
export function limiterFor({ limits, region, log }: Config, platform: Platform): Limiter {
  const { store, storeTimeout, mode, rates, maxConcurrentQueries, maxConcurrentMaterializedRuns } =
    limits || {}
  return createLimiter({
    platform,
    store:
      store === undefined
        ? memoryStore(platform.monotonic)
        : guardStore(store, {
            platform,
            timeout: storeTimeout ?? defaults.limitStoreTimeout,
            onFailure: (error) =>
              log.warn(
                `The limit store failed, so Typehog counts requests in this process for now: ${String(error)}`,
              ),
          }),
    // A self-hosted PostHog has no limits by default.
    mode: mode ?? (region === undefined ? 'learn' : 'count'),
    config: {
      rates: rates ?? {},
      maxConcurrentQueries: maxConcurrentQueries ?? defaults.maxConcurrentQueries,
      maxConcurrentMaterializedRuns: maxConcurrentMaterializedRuns ?? defaults.maxConcurrentMaterializedRuns,
    },
  })
}
