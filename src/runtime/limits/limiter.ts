import { notSent } from '../errors/rate-limit-error.ts'
import type { Platform } from '../platform.ts'
import { type Abortable, untilAbort } from '../transport/abort.ts'
import type { Priority } from './buckets.ts'
import { claimOf, type Demand, type Numbers } from './claim.ts'
import { createLane, type GrantedClaim, type Lane } from './lane.ts'
import { createLearned } from './learned.ts'
import { type LimitState, stateOf } from './limit-state.ts'
import type { Claim, LimitStore } from './store.ts'

/** A call at the gate. */
export interface Entering {
  readonly operation: string
  readonly demand: Demand
  readonly priority: Priority
  readonly scope: Abortable
  /** By the monotonic clock. */
  readonly deadline: number
  /** Told when the call has to wait; undefined for a wait that depends on other calls. */
  readonly onWait: (waitMs: number | undefined) => void
}

/** How PostHog refused a request that was let through. */
export interface Refusal {
  /** `rate`: too many requests. `queries`: too many queries at once. `capacity`: PostHog has no room for queries. */
  readonly kind: 'rate' | 'queries' | 'capacity'
  /** Milliseconds that it asked to wait; undefined when it did not say. */
  readonly waitMs: number | undefined
}

/** A request that was let through. */
export interface Pass {
  /** Whether others may wait for its place. */
  readonly holdsPlace: boolean
  /** Gives its place back and learns from the refusal, if it was one. To be called once where there is either. */
  leave(refusal: Refusal | undefined): Promise<void>
}

/** Lets requests through as fast as PostHog takes them. */
export interface Limiter {
  /** Waits for the request's turn. Rejects with a RateLimitError when that would come after the deadline. */
  enter(call: Entering): Promise<Pass>
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

interface Track {
  readonly demand: Demand
  readonly lane: Lane
  readonly claim: () => Claim
}

/** Milliseconds for which queries pause when PostHog refuses one without saying for how long. */
const pause = 1_000

/** A limiter over a store. A store that fails lets requests through: PostHog itself still limits them. */
export function createLimiter(setting: LimiterSetting): Limiter {
  const { platform, store, numbers, counts, onStoreFailure } = setting

  const tracks = new Map<string, Track>()
  const learned = createLearned(platform.monotonic)
  const counted = new Set<string>()

  const take = async (claim: Claim): ReturnType<Parameters<typeof createLane>[0]['take']> => {
    try {
      const grant = await store.take(claim)
      return grant.granted ? { claim, lease: grant.lease } : grant
    } catch (error) {
      onStoreFailure(error)
      return { claim: { windows: [], gates: [], blocks: [] }, lease: '' }
    }
  }
  const giveBack = async ({ claim, lease }: GrantedClaim): Promise<void> => {
    if (claim.gates.length === 0) return
    await store.release(claim, lease).catch(onStoreFailure)
    for (const track of tracks.values()) track.lane.wake()
  }
  const trackOf = (demand: Demand): Track => {
    const { origin, credential, throttle, project, runsQuery } = demand
    const name = `${origin} ${credential} ${throttle} ${project} ${runsQuery}`
    const known = tracks.get(name)
    if (known !== undefined) return known
    const plain = claimOf(demand, numbers)
    const claim = (): Claim => {
      return learned.apply(counts || counted.has(origin) ? plain : { ...plain, windows: [] })
    }
    const lane = createLane({ platform, take: () => take(claim()), giveBack })
    const track: Track = { demand, lane, claim }
    tracks.set(name, track)
    return track
  }
  return {
    async enter({ operation, demand, ...call }) {
      const track = trackOf(demand)
      const { lane } = track
      // A store may be far away, and silent.
      const grant =
        lane.waiting === 0
          ? await untilAbort(
              take(track.claim()),
              call.scope,
              (late) => void ('claim' in late && giveBack(late)),
            )
          : undefined
      const granted =
        grant !== undefined && 'claim' in grant
          ? grant
          : await lane.enter({
              ...call,
              tooLate: (waitMs) => notSent(operation, demand.throttle, new Date(platform.now() + waitMs)),
            })
      return {
        holdsPlace: granted.claim.gates.length > 0,
        async leave(refusal) {
          await giveBack(granted)
          if (refusal !== undefined) await learn(track, granted, refusal).catch(onStoreFailure)
        },
      }
    },
    state() {
      return Promise.all(
        [...tracks.values()].map(async (track) => stateOf(track, await store.usage(track.claim()))),
      )
    },
  }

  async function learn(track: Track, granted: GrantedClaim, { kind, waitMs }: Refusal): Promise<void> {
    await store.undo(granted.claim, granted.lease)
    const claim = track.claim()
    const usage = await store.usage(claim)
    const [gate] = claim.gates
    if (kind !== 'rate') {
      if (gate === undefined) return
      const others = usage.gates[gate.key] ?? 0
      learned.learn(gate.key, kind === 'capacity' ? Math.floor((others + 1) / 2) : others)
      await store.block(gate.key, waitMs ?? pause)
      return
    }
    const wait = waitMs ?? pause
    counted.add(track.demand.origin)
    const window = claim.windows.find(({ ms }) => ms >= wait)
    if (window !== undefined) learned.learn(window.key, usage.windows[window.key] ?? 0)
    const [bucket] = claim.blocks
    if (bucket !== undefined) await store.block(bucket, wait)
  }
}
