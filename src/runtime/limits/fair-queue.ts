import type { Platform } from '../platform.ts'
import type { Abortable } from '../transport/abort.ts'
import type { Priority } from './buckets.ts'
import type { Claim, Grant } from './store.ts'

/** A call that waits for its turn. */
export interface Waiting {
  readonly priority: Priority
  readonly scope: Abortable
  /** Milliseconds by the monotonic clock, after which the turn would come too late. */
  readonly deadline: number
  /** Told once, before the call begins to wait. `waitMs` is undefined where it depends on other calls. */
  readonly onWait: (waitMs: number | undefined) => void
  /** The error of a call whose turn would come after its deadline. */
  readonly tooLate: (waitMs: number) => Error
}

interface Entry extends Waiting {
  readonly rank: number
  told: boolean
  waiting: boolean
  /** Makes its call the one that asks. */
  takeOver(): void
  resolve(pass: GrantedClaim): void
  reject(error: unknown): void
}

/** A claim that was granted, and the lease that its places go back under. */
export interface GrantedClaim {
  readonly claim: Claim
  readonly lease: string
}

/** Calls with one demand, in the order in which they are let through. */
export interface Lane {
  enter(call: Waiting): Promise<GrantedClaim>
  /** Asks again at once: a place may have come free. */
  wake(): void
  readonly waiting: number
}

/** What a lane stands on. */
export interface LaneSetting {
  readonly platform: Pick<Platform, 'monotonic' | 'timer' | 'random'>
  readonly take: () => Promise<GrantedClaim | (Grant & { granted: false })>
  readonly giveBack: (granted: GrantedClaim) => Promise<void>
}

/** Milliseconds by which a priority changes the place in the queue. */
const headStart: Readonly<Record<Priority, number>> = { high: 30_000, normal: 0, low: -30_000 }
/** Milliseconds after which a gate is asked again: places may be freed by another process. */
const gatePoll = 100

/**
 * A fair queue: first come, first served, where a priority counts as having come earlier or later, so that nobody
 * waits for ever. Only the first in the queue asks the store. Nothing runs while nobody waits.
 */
export function createLane({ platform, take, giveBack }: LaneSetting): Lane {
  const queue: Entry[] = []
  let pumping: Entry | undefined
  let stopSleeping = (): void => {}

  // Each call asks for the queue as long as it waits itself, and hands this over when it leaves: in workerd whatever a
  // request has begun, timers and what follows them included, ends with that request.
  const pump = async (own: Entry): Promise<void> => {
    while (own.waiting) {
      let grant: Awaited<ReturnType<typeof take>>
      try {
        grant = await take()
      } catch (error) {
        queue.shift()?.reject(error)
        continue
      }
      if ('claim' in grant) {
        const first = queue.shift()
        if (first === undefined) await giveBack(grant)
        else first.resolve(grant)
        continue
      }
      const { waitMs } = grant
      const now = platform.monotonic()
      for (const entry of [...queue]) {
        if (waitMs !== undefined && now + waitMs >= entry.deadline) entry.reject(entry.tooLate(waitMs))
        else if (!entry.told) {
          entry.told = true
          entry.onWait(waitMs)
        }
      }
      if (!own.waiting) break
      await new Promise<void>((resolve) => {
        const cancel = platform.timer(waitMs ?? gatePoll * (1 + platform.random()), resolve)
        stopSleeping = () => {
          cancel()
          resolve()
        }
      })
    }
    pumping = queue[0]
    pumping?.takeOver()
  }

  return {
    get waiting() {
      return queue.length
    },
    wake: () => stopSleeping(),
    async enter(call) {
      return new Promise((resolve, reject) => {
        let stopWatching = (): void => {}
        const leave = (): void => {
          stopWatching()
          entry.waiting = false
          const at = queue.indexOf(entry)
          if (at >= 0) queue.splice(at, 1)
          if (entry === pumping) stopSleeping()
        }
        const entry: Entry = {
          ...call,
          rank: platform.monotonic() - headStart[call.priority],
          told: false,
          waiting: true,
          takeOver() {},
          resolve(granted) {
            leave()
            resolve(granted)
          },
          reject(error) {
            leave()
            reject(error)
          },
        }
        const behind = queue.findIndex(({ rank }) => rank > entry.rank)
        queue.splice(behind < 0 ? queue.length : behind, 0, entry)
        stopWatching = call.scope.onAbort(() => entry.reject(call.scope.reason))
        if (pumping === undefined) {
          pumping = entry
          void pump(entry)
        } else {
          const turn = new Promise<void>((begin) => {
            entry.takeOver = begin
          })
          void turn.then(() => pump(entry))
        }
      })
    },
  }
}
