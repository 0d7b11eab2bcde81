import { credentialOf } from '../auth/credential.ts'
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
import { type Bucket, createBucket, type LimitState, type Refusal } from './bucket.ts'
import type { WakeReason } from './fair-queue.ts'
import { guardStore } from './guarded-store.ts'
import type { LimitConfig, LimitKey } from './rates.ts'
import { type LimitStore, memoryStore } from './store.ts'

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

/** A step that lets a request through when PostHog will take it, and adapts to what PostHog refuses. */
export function withLimits(
  config: Config,
  platform: Pick<Platform, 'now'>,
  limiter: Limiter,
  watch: Observer,
  send: Send,
): Send {
  if (config.limits === false) return send
  const { origin, keyKind } = config
  const credential = credentialOf(config)
  const onWait = ({ operation, call }: CallState, waitMs: number | undefined): void =>
    watch.rateLimit({ operation, bucket: call.throttle ?? 'default', source: 'client', waitMs })
  return async (outgoing, run) => {
    const { throttle = 'default', project, runsQuery = false } = run.call
    const bucket = limiter.bucketOf({ origin, credential, keyKind, throttle, project, runsQuery })
    const entered = bucket.enter(run, onWait)
    const reservation = entered instanceof Promise ? await entered : entered
    let refusal: Refusal | undefined
    let outcome: 'answered' | 'failed' = 'failed'
    try {
      const answer = await send(outgoing, run)
      outcome = 'answered'
      if (answer.status === 429 || answer.status === 503) {
        refusal = parseThrottle(answer, platform.now())
      }
      if (refusal !== undefined) {
        const { operation } = run
        watch.rateLimit({ operation, bucket: throttle, source: 'server', waitMs: refusal.waitMs })
      }
      return answer
    } finally {
      const left = bucket.leave(reservation, refusal ?? outcome)
      // A slow store delays no call beyond its end.
      if (left !== undefined) await untilAbort(left, run.deadline).catch(() => {})
    }
  }
}

/**
 * Reads how PostHog refused a request, when it did because of its limits. Headers suffice where the body is a stream.
 *
 * @param now milliseconds by the wall clock
 */
export function parseThrottle({ status, headers, bytes }: HttpResponse, now: number): Refusal | undefined {
  const { code, detail = '' } = bytes === undefined ? {} : readErrorBody(textOf({ bytes }))
  const waitMs = serverWait(headers, detail, now)
  if (status === 429) {
    // The throttle names a wait, or at least itself. The limit of queries at once does neither.
    const throttled = waitMs !== undefined || /request was throttled/i.test(detail)
    return { kind: throttled ? 'rate' : 'queries', waitMs }
  }
  const full = code === 'query_capacity' || /too busy/i.test(detail)
  return full ? { kind: 'queries', waitMs } : undefined
}

/** The limiter of a client and those derived from it. */
export function limiterFor({ limits, region, log }: Config, platform: Platform): Limiter {
  const { store, storeTimeout, mode, rates, queriesAtOnce, tableReadsAtOnce } = limits || {}
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
                `The limit store failed. Requests are counted in this process for now: ${String(error)}`,
              ),
          }),
    // A self-hosted PostHog has no limits by default.
    mode: mode ?? (region === undefined ? 'learn' : 'count'),
    config: {
      rates: rates ?? {},
      queriesAtOnce: queriesAtOnce ?? defaults.queriesAtOnce,
      tableReadsAtOnce: tableReadsAtOnce ?? defaults.tableReadsAtOnce,
    },
  })
}
