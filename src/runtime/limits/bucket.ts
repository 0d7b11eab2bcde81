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
import { claimFor, type LimitConfig, type LimitKey, type Priority } from './rates.ts'
import type { Claim, Grant, LimitStore, Usage } from './store.ts'

/** A call that asks to be sent. */
export interface EnteringCall {
  readonly operation: string
  readonly call: { readonly priority?: Priority | undefined }
  readonly attempt: number
  readonly deadline: Abortable
  /** Milliseconds by the monotonic clock. */
  readonly endsAt: number
}

/** How PostHog refused a request. */
export interface Refusal {
  /** `rate`: too many requests. `queries`: too many queries at once, or PostHog has no room for them. */
  readonly kind: 'rate' | 'queries'
  /** Milliseconds that PostHog asked to wait; undefined when it did not say. */
  readonly waitMs: number | undefined
}

/** Called when a call has to wait; `waitMs` is undefined for a wait that depends on other calls. */
export type OnWait<Run> = (run: Run, waitMs: number | undefined) => void

/** Lets the requests of one limit key through as fast as PostHog takes them. */
export interface Bucket {
  /** Calls that wait for their turn. */
  readonly waiting: number
  /** Waits for the request's turn. Rejects with a RateLimitError when that would come after the deadline. */
  enter<Run extends EnteringCall>(run: Run, onWait: OnWait<Run>): Reservation | Promise<Reservation>
  /**
   * Releases the places of a request and adapts to its refusal. `answered`: PostHog let it through.
   *
   * @returns undefined when there is nothing to wait for
   */
  leave(reservation: Reservation, outcome: Refusal | 'answered' | 'failed'): Promise<void> | undefined
  /** Asks again for the calls that wait. */
  wake(reason: WakeReason): void
  state(): Promise<LimitState>
}

/** What all buckets of a limiter share. */
export interface BucketSetting {
  readonly platform: Pick<Platform, 'now' | 'monotonic' | 'timer' | 'random'>
  readonly store: LimitStore
  readonly config: LimitConfig
  readonly mode: 'count' | 'learn'
  readonly adaptive: AdaptiveLimits
  readonly wakeAll: (reason: WakeReason) => void
}

/** Milliseconds after which a request that was not refused counts as let through. */
const maxRefusalMs = 2_000
/** Longest wait of a store that is believed, in milliseconds: a day, the longest window there is. */
const maxStoreWait = 86_400_000 + 1_000

/** Creates the bucket of a limit key. */
export function createBucket(limitKey: LimitKey, setting: BucketSetting): Bucket {
  const { platform, store, mode, adaptive } = setting
  const { throttle } = limitKey
  const published = claimFor(limitKey, setting.config)
  const [bucket = ''] = published.blocks
  const [queryGate] = published.gates
  /** The claim before PostHog refused anything. */
  const unadapted = mode === 'count' ? published : { ...published, windows: [] }
  /** Created when a call has to wait. */
  let queue: FairQueue | undefined
  let inFlight = 0
  let lastGrantAt = 0

  const read = (claim: Claim, grant: Grant, limits: 'adaptive' | 'published'): Reservation | Denial => {
    if (grant.granted) {
      lastGrantAt = platform.monotonic()
      inFlight += 1
      return { claim, lease: grant.lease, grantedAt: lastGrantAt }
    }
    const wait = Number(grant.waitMs)
    if (Number.isNaN(wait)) return { waitMs: undefined, cause: 'limit' }
    const waitMs = Math.max(1, Math.min(wait, maxStoreWait))
    const loweredFor = limits === 'adaptive' ? adaptive.loweredFor(grant.key) : undefined
    if (loweredFor !== undefined) {
      const allowanceMs = Math.max(1, Math.min(waitMs, loweredFor))
      // A store names only the longest wait. A pause that lasts as long is PostHog's own word.
      const pausedFor = adaptive.pausedFor(bucket)
      if (pausedFor < allowanceMs) return { waitMs: allowanceMs, cause: 'allowance' }
      return { waitMs: pausedFor, cause: 'limit' }
    }
    const unsettledFor = inFlight > 0 ? lastGrantAt + maxRefusalMs - platform.monotonic() : 0
    if (unsettledFor <= 0 || claim.blocks.includes(grant.key)) return { waitMs, cause: 'limit' }
    return { waitMs: Math.min(waitMs, unsettledFor), cause: 'in flight' }
  }
  const take = (limits: 'adaptive' | 'published'): Reservation | Denial | Promise<Reservation | Denial> => {
    const claim = adaptive.isActive ? adaptive.slowStart(adaptive.apply(published, mode, limits)) : unadapted
    const grant = store.take(claim)
    return grant instanceof Promise
      ? grant.then((settled) => read(claim, settled, limits))
      : read(claim, grant, limits)
  }
  const discard = async ({ claim, lease }: Reservation): Promise<void> => {
    inFlight -= 1
    await Promise.all([store.undo(claim, lease), store.release(claim, lease)])
    setting.wakeAll('end')
  }
  const enqueue = <Run extends EnteringCall>(run: Run, onWait: OnWait<Run>): Promise<Reservation> => {
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
    { claim, lease, grantedAt }: Reservation,
    { kind, waitMs }: Refusal,
  ): Promise<void> => {
    const gate = kind === 'queries' ? queryGate : undefined
    if (gate !== undefined) adaptive.lowerGate(gate, grantedAt)
    const blocked = gate?.key ?? bucket
    await Promise.all([
      store.block(blocked, adaptive.pause(blocked, grantedAt, waitMs)),
      // PostHog does not count what it refuses.
      store.undo(claim, lease),
    ])
    setting.wakeAll('pause')
    if (gate !== undefined || waitMs === undefined) return
    const window = published.windows.find(({ ms }) => ms >= waitMs)
    if (window === undefined) return
    const { windows } = await store.usage({ windows: [window], gates: [], blocks: [] })
    adaptive.observe(window, windows[window.key] ?? 0, grantedAt, waitMs)
  }

  const end = async (reservation: Reservation, outcome: Refusal | 'answered' | 'failed'): Promise<void> => {
    const { claim, lease } = reservation
    // The pause begins before the place is free, so that no other call slips through.
    const adapted = typeof outcome === 'object' ? adapt(reservation, outcome) : undefined
    if (claim.gates.length > 0) await store.release(claim, lease)
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
      if (!(taken instanceof Promise)) return 'claim' in taken ? taken : enqueue(run, onWait)
      const late = (settled: Reservation | Denial): void => {
        if ('claim' in settled) void discard(settled)
      }
      return untilAbort(taken, run.deadline, late).then((settled) =>
        'claim' in settled ? settled : enqueue(run, onWait),
      )
    },
    leave(reservation, outcome) {
      inFlight -= 1
      if (outcome === 'answered' && adaptive.isActive) adaptive.passed(bucket, reservation.grantedAt)
      if (reservation.claim.gates.length > 0 || typeof outcome === 'object') return end(reservation, outcome)
      if (queue !== undefined && queue.waiting > 0) queue.wake('end')
      return undefined
    },
    async state() {
      const claim = adaptive.isActive ? adaptive.apply(published, mode, 'adaptive') : unadapted
      return stateOf(limitKey, claim, await store.usage(claim), queue?.waiting ?? 0)
    },
  }
}

/** The error of a call whose turn would come after its deadline. */
function rateLimitError(operation: string, bucket: string, retryAt: Date): RateLimitError {
  return new RateLimitError({
    operation,
    bucket,
    retryAt,
    source: 'client',
    status: 429,
    message: `${operation} was not sent: the limit "${bucket}" is used up until ${retryAt.toISOString()}.`,
    fix: 'Wait until `retryAt`, raise `totalTimeout`, or spread the work: all jobs with this key share its limit.',
  })
}

/** How one of PostHog's rate limits stands, as this client counts it. */
export interface LimitState {
  /** Name of the limit, such as `query`. */
  readonly bucket: string
  /** Project of the queries, where the limit takes only a few at once. */
  readonly project: string | undefined
  /**
   * Requests counted in each window. `ms` is the length of the window, a little longer than PostHog's. `limit` is below
   * the published one while Typehog adapts to a lower allowance.
   */
  readonly windows: readonly { readonly ms: number; readonly used: number; readonly limit: number }[]
  /** Queries in flight, and how many may be. Undefined where PostHog does not limit them. */
  readonly queries: { readonly running: number; readonly limit: number } | undefined
  /** Calls that wait for their turn. */
  readonly waiting: number
  /** Milliseconds left of a pause after a refusal; 0 when there is none. */
  readonly blockedMs: number
}

/** The state of a bucket whose next request would make this claim. */
export function stateOf(
  { throttle, project }: LimitKey,
  { windows, gates, blocks }: Claim,
  usage: Usage,
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
