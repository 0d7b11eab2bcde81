import { RateLimitError } from '../errors/api-errors.ts'
import type { Platform } from '../platform.ts'
import { type Abortable, untilAbort } from '../transport/deadline.ts'
import { type AdaptiveLimits, unlimited } from './adaptive-limits.ts'
import {
  createFairQueue,
  type Denial,
  type FairQueue,
  type Reservation,
  type WakeReason,
} from './fair-queue.ts'
import { type LimitConfig, type LimitKey, limitRequestFor, type Priority } from './rates.ts'
import type { LimitDecision, LimitRequest, LimitStore, LimitUsage } from './store.ts'

/** A call that enters a bucket. */
export interface LimitedCall {
  readonly operation: string
  readonly call: { readonly priority?: Priority | undefined }
  readonly attempt: number
  readonly deadline: Abortable
  /** Milliseconds by the monotonic clock. */
  readonly endsAt: number
}

/** A throttle: a 429 or 503 response that names a limit. */
export interface Throttle {
  /** `rate`: too many requests. `queries`: too many concurrent queries, or PostHog has no capacity for them. */
  readonly kind: 'rate' | 'queries'
  /** Milliseconds that PostHog requested to wait; undefined if it named none. */
  readonly waitMs: number | undefined
}

/** Called when a call has to wait. `waitMs` is undefined if the wait depends on other calls. */
export type OnWait<Run> = (run: Run, waitMs: number | undefined) => void

/** Admits the requests of one limit key as fast as PostHog accepts them. */
export interface Bucket {
  /** Number of queued calls. */
  readonly waiting: number
  /** Waits for a reservation. Rejects with a RateLimitError if it would come after the deadline. */
  enter<Run extends LimitedCall>(run: Run, onWait: OnWait<Run>): Reservation | Promise<Reservation>
  /**
   * Releases a reservation and adapts to a throttle. `accepted`: PostHog did not throttle the request.
   *
   * @returns undefined if there is nothing to wait for
   */
  leave(reservation: Reservation, outcome: Throttle | 'accepted' | 'failed'): Promise<void> | undefined
  /** Retries for the queued calls. */
  wake(reason: WakeReason): void
  state(): Promise<LimitState>
}

/** Options that all buckets of a limiter share. */
export interface BucketOptions {
  readonly platform: Pick<Platform, 'now' | 'monotonic' | 'timer' | 'random'>
  readonly store: LimitStore
  readonly config: LimitConfig
  readonly mode: 'count' | 'learn'
  readonly adaptive: AdaptiveLimits
  readonly wakeAll: (reason: WakeReason) => void
}

/** Milliseconds after which a request without a throttle counts as accepted. */
const maxThrottleResponseMs = 2_000
/** Longest wait accepted from a store, in milliseconds: the longest window, which is a day. */
const maxStoreWait = 86_400_000 + 1_000

/** Creates the bucket of a limit key. */
export function createBucket(limitKey: LimitKey, setting: BucketOptions): Bucket {
  const { platform, store, mode, adaptive } = setting
  const { throttle } = limitKey
  const published = limitRequestFor(limitKey, setting.config)
  const [bucket = ''] = published.blocks
  const [queryGate] = published.gates
  /** The request until the first throttle. */
  const unadapted = mode === 'count' ? published : { ...published, windows: [] }
  /** Created when the first call has to wait. */
  let queue: FairQueue | undefined
  let inFlight = 0
  let lastGrantAt = 0

  const read = (
    request: LimitRequest,
    grant: LimitDecision,
    limits: 'adaptive' | 'published',
  ): Reservation | Denial => {
    if (grant.granted) {
      lastGrantAt = platform.monotonic()
      inFlight += 1
      return { request: request, lease: grant.lease, grantedAt: lastGrantAt }
    }
    const wait = Number(grant.waitMs)
    if (Number.isNaN(wait)) return { waitMs: undefined, cause: 'limit' }
    const waitMs = Math.max(1, Math.min(wait, maxStoreWait))
    const loweredFor = limits === 'adaptive' ? adaptive.loweredFor(grant.key) : undefined
    if (loweredFor !== undefined) {
      const allowanceMs = Math.max(1, Math.min(waitMs, loweredFor))
      // A store reports only the longest wait. A pause of the same length comes from PostHog itself.
      const pausedFor = adaptive.pausedFor(bucket)
      if (pausedFor < allowanceMs) return { waitMs: allowanceMs, cause: 'allowance' }
      return { waitMs: pausedFor, cause: 'limit' }
    }
    const unsettledFor = inFlight > 0 ? lastGrantAt + maxThrottleResponseMs - platform.monotonic() : 0
    if (unsettledFor <= 0 || request.blocks.includes(grant.key)) return { waitMs, cause: 'limit' }
    return { waitMs: Math.min(waitMs, unsettledFor), cause: 'in flight' }
  }
  const take = (limits: 'adaptive' | 'published'): Reservation | Denial | Promise<Reservation | Denial> => {
    const request = adaptive.isActive
      ? adaptive.slowStart(adaptive.apply(published, mode, limits))
      : unadapted
    const grant = store.take(request)
    return grant instanceof Promise
      ? grant.then((settled) => read(request, settled, limits))
      : read(request, grant, limits)
  }
  const discard = async ({ request, lease }: Reservation): Promise<void> => {
    inFlight -= 1
    await Promise.all([store.undo(request, lease), store.release(request, lease)])
    setting.wakeAll('end')
  }
  const enqueue = <Run extends LimitedCall>(run: Run, onWait: OnWait<Run>): Promise<Reservation> => {
    queue ??= createFairQueue({ platform, take: async (limits) => take(limits), discard })
    return queue.enter({
      priority: run.call.priority ?? 'normal',
      attempt: run.attempt,
      deadline: run.deadline,
      endsAt: run.endsAt,
      onWait: (waitMs) => onWait(run, waitMs),
      tooLate: (waitMs) => rateLimitError(run.operation, throttle, new Date(platform.now() + waitMs)),
    })
  }

  const adapt = async (
    { request, lease, grantedAt }: Reservation,
    { kind, waitMs }: Throttle,
  ): Promise<void> => {
    const gate = kind === 'queries' ? queryGate : undefined
    if (gate !== undefined) adaptive.lowerGate(gate, grantedAt)
    const blocked = gate?.key ?? bucket
    await Promise.all([
      store.block(blocked, adaptive.pause(blocked, grantedAt, waitMs)),
      // PostHog does not count throttled requests.
      store.undo(request, lease),
    ])
    setting.wakeAll('pause')
    if (gate !== undefined || waitMs === undefined) return
    const window = published.windows.find(({ ms }) => ms >= waitMs)
    if (window === undefined) return
    const { windows } = await store.usage({ windows: [window], gates: [], blocks: [] })
    adaptive.observe(window, windows[window.key] ?? 0, grantedAt, waitMs)
  }

  const end = async (reservation: Reservation, outcome: Throttle | 'accepted' | 'failed'): Promise<void> => {
    const { request, lease } = reservation
    // The pause begins before the place is released, so that no other call slips through.
    const adapted = typeof outcome === 'object' ? adapt(reservation, outcome) : undefined
    if (request.gates.length > 0) await store.release(request, lease)
    setting.wakeAll('end')
    await adapted
  }

  return {
    get waiting() {
      return queue?.waiting ?? 0
    },
    wake: (reason) => queue?.wake(reason),
    enter(run, onWait) {
      if (queue !== undefined && queue.waiting > 0) return enqueue(run, onWait)
      const taken = take('adaptive')
      if (!(taken instanceof Promise)) return 'request' in taken ? taken : enqueue(run, onWait)
      const late = (settled: Reservation | Denial): void => {
        if ('request' in settled) void discard(settled)
      }
      return untilAbort(taken, run.deadline, late).then((settled) =>
        'request' in settled ? settled : enqueue(run, onWait),
      )
    },
    leave(reservation, outcome) {
      inFlight -= 1
      if (outcome === 'accepted' && adaptive.isActive) adaptive.passed(bucket, reservation.grantedAt)
      if (reservation.request.gates.length > 0 || typeof outcome === 'object')
        return end(reservation, outcome)
      if (queue !== undefined && queue.waiting > 0) queue.wake('end')
      return undefined
    },
    async state() {
      const request = adaptive.isActive ? adaptive.apply(published, mode, 'adaptive') : unadapted
      return stateOf(limitKey, request, await store.usage(request), queue?.waiting ?? 0)
    },
  }
}

/** The error of a call that cannot be sent before its deadline. */
function rateLimitError(operation: string, bucket: string, retryAt: Date): RateLimitError {
  return new RateLimitError({
    operation,
    bucket,
    retryAt,
    source: 'client',
    status: 429,
    message: `${operation} was not sent: the rate limit "${bucket}" is exhausted until ${retryAt.toISOString()}.`,
    fix: 'Wait until `retryAt`, raise `totalTimeout`, or spread the work: all jobs with this key share its limit.',
  })
}

/** The state of one of PostHog's rate limits, as this client counts it. */
export interface LimitState {
  /** Name of the limit, such as `query`. */
  readonly bucket: string
  /** Project of the queries, if the limit bounds concurrent queries. */
  readonly project: string | undefined
  /**
   * Requests in each window. `ms` is the length of the window, slightly longer than PostHog's. `limit` is below the
   * published limit while Typehog adapts to a lower one.
   */
  readonly windows: readonly { readonly ms: number; readonly used: number; readonly limit: number }[]
  /** Concurrent queries and their limit. Undefined if PostHog does not limit them. */
  readonly queries: { readonly running: number; readonly limit: number } | undefined
  /** Number of queued calls. */
  readonly waiting: number
  /** Milliseconds left of a pause after a throttle; 0 if there is none. */
  readonly blockedMs: number
}

/** The state of a bucket, from its limits and their usage. */
function stateOf(
  { throttle, project }: LimitKey,
  { windows, gates, blocks }: LimitRequest,
  usage: LimitUsage,
  waiting: number,
): LimitState {
  const [gate] = gates
  return {
    bucket: throttle,
    project,
    windows: windows
      .filter(({ requests }) => requests !== unlimited)
      .map(({ key, requests, ms }) => ({ ms, used: usage.windows[key] ?? 0, limit: requests })),
    queries: gate && { running: usage.gates[gate.key] ?? 0, limit: gate.places },
    waiting,
    blockedMs: Math.max(0, ...blocks.map((key) => usage.blocks[key] ?? 0)),
  }
}
