import type { Platform } from '../platform.ts'
import { type Abortable, untilAbort } from '../transport/abort.ts'
import type { Priority } from './buckets.ts'
import { claimOf, type Demand, type Numbers } from './claim.ts'
import { createLane, type GrantedClaim } from './lane.ts'
import type { Learned } from './learned.ts'
import { notSent } from './not-sent.ts'
import type { Claim, Grant, LimitStore } from './store.ts'

/** A call at the gate. */
export interface Entering {
  readonly operation: string
  readonly call: { readonly priority?: Priority | undefined }
  readonly scope: Abortable
  /** By the monotonic clock. */
  readonly deadline: number
}

/** How PostHog refused a request that was let through. */
export interface Refusal {
  /** `rate`: too many requests. `queries`: too many queries at once. `capacity`: PostHog has no room for queries. */
  readonly kind: 'rate' | 'queries' | 'capacity'
  /** Milliseconds that it asked to wait; undefined when it did not say. */
  readonly waitMs: number | undefined
}

/** Told when a call has to wait; `waitMs` is undefined for a wait that depends on other calls. */
export type OnWait<Run> = (run: Run, waitMs: number | undefined) => void

/** Lets the requests of one demand through as fast as PostHog takes them. */
export interface Track {
  readonly demand: Demand
  /** Calls that wait for their turn. */
  readonly waiting: number
  /** What a request asks for now, with what was learned. */
  claim(): Claim
  /** Waits for the request's turn. Rejects with a RateLimitError when that would come after the deadline. */
  enter<Run extends Entering>(run: Run, onWait: OnWait<Run>): GrantedClaim | Promise<GrantedClaim>
  /** Gives its place back and learns from the refusal, if it was one. To be called once where there is either. */
  leave(granted: GrantedClaim, refusal: Refusal | undefined): Promise<void>
  /** Asks again for those that wait: a place may have come free. */
  wake(): void
}

/** What all tracks of a limiter stand on. */
export interface TrackSetting {
  readonly platform: Platform
  readonly store: LimitStore
  readonly numbers: Numbers
  readonly learned: Learned
  /** Whether requests to an origin are counted. */
  readonly counts: (origin: string) => boolean
  /** Begins to count those to an origin. */
  readonly count: (origin: string) => void
  readonly wakeAll: () => void
  readonly onStoreFailure: (error: unknown) => void
}

/** Milliseconds for which queries pause when PostHog refuses one without saying for how long. */
const pause = 1_000

type Taken = GrantedClaim | (Grant & { granted: false })

/** What a store that fails grants. */
const unlimited: GrantedClaim = { claim: { windows: [], gates: [], blocks: [] }, lease: '' }

/** The track of a demand. */
export function createTrack(demand: Demand, setting: TrackSetting): Track {
  const { platform, store, learned, onStoreFailure } = setting
  const { origin, throttle } = demand
  const plain = claimOf(demand, setting.numbers)
  const uncounted = { ...plain, windows: [] }
  const claim = (): Claim => learned.apply(setting.counts(origin) ? plain : uncounted)

  const unlimit = (error: unknown): GrantedClaim => {
    onStoreFailure(error)
    return unlimited
  }
  const take = (): Taken | Promise<Taken> => {
    const wanted = claim()
    const read = (grant: Grant): Taken => (grant.granted ? { claim: wanted, lease: grant.lease } : grant)
    try {
      const grant = store.take(wanted)
      return grant instanceof Promise ? grant.then(read).catch(unlimit) : read(grant)
    } catch (error) {
      return unlimit(error)
    }
  }
  const giveBack = async ({ claim, lease }: GrantedClaim): Promise<void> => {
    if (claim.gates.length === 0) return
    await store.release(claim, lease).catch(onStoreFailure)
    setting.wakeAll()
  }
  const lane = createLane({ platform, take: async () => take(), giveBack })
  const queue = <Run extends Entering>(run: Run, onWait: OnWait<Run>): Promise<GrantedClaim> =>
    lane.enter({
      priority: run.call.priority ?? 'normal',
      scope: run.scope,
      deadline: run.deadline,
      onWait: (waitMs) => onWait(run, waitMs),
      tooLate: (waitMs) => notSent(run.operation, throttle, new Date(platform.now() + waitMs)),
    })
  const learn = async (granted: GrantedClaim, { kind, waitMs = pause }: Refusal): Promise<void> => {
    await store.undo(granted.claim, granted.lease)
    // What was not counted so far says nothing about the limit.
    const claimed = claim()
    const { windows, gates, blocks } = claimed
    const usage = await store.usage(claimed)
    if (kind === 'rate') {
      setting.count(origin)
      const window = windows.find(({ ms }) => ms >= waitMs)
      if (window !== undefined) learned.learn(window.key, usage.windows[window.key] ?? 0)
      if (blocks[0] !== undefined) await store.block(blocks[0], waitMs)
    } else if (gates[0] !== undefined) {
      const { key } = gates[0]
      const others = usage.gates[key] ?? 0
      learned.learn(key, kind === 'capacity' ? Math.floor((others + 1) / 2) : others)
      await store.block(key, waitMs)
    }
  }

  return {
    demand,
    claim,
    get waiting() {
      return lane.waiting
    },
    wake: () => lane.wake(),
    enter(run, onWait) {
      if (lane.waiting > 0) return queue(run, onWait)
      const taken = take()
      if (!(taken instanceof Promise)) return 'claim' in taken ? taken : queue(run, onWait)
      // A store may be far away, and silent.
      const late = (grant: Taken): void => void ('claim' in grant && giveBack(grant))
      return untilAbort(taken, run.scope, late).then((grant) =>
        'claim' in grant ? grant : queue(run, onWait),
      )
    },
    async leave(granted, refusal) {
      await giveBack(granted)
      if (refusal !== undefined) await learn(granted, refusal).catch(onStoreFailure)
    },
  }
}
