import type { Platform } from '../platform.ts'
import type { Abortable } from '../transport/deadline.ts'
import type { Priority } from './rates.ts'
import type { Claim } from './store.ts'

/** A claim that was granted. */
export interface Reservation {
  readonly claim: Claim
  readonly lease: string
  /** When, by the monotonic clock. */
  readonly grantedAt: number
}

/** A claim that has to wait. */
export interface Denial {
  /** Milliseconds until another try makes sense; undefined for a gate, whose places come free at any time. */
  readonly waitMs: number | undefined
  /**
   * `limit`: PostHog's pause or published limit, so that a call may fail at once. `allowance`: a lower allowance that
   * Typehog concluded. `in flight`: requests that count here, and that PostHog may refuse and not count.
   */
  readonly cause: 'limit' | 'allowance' | 'in flight'
}

/** A call that waits for its turn. */
export interface QueuedCall {
  readonly priority: Priority
  /** Number of the attempt, from 1. Calls that were refused already go first. */
  readonly attempt: number
  readonly deadline: Abortable
  /** Milliseconds by the monotonic clock, after which the turn would come too late. */
  readonly endsAt: number
  /** Called once when the call begins to wait. `waitMs` is undefined where it depends on other calls. */
  readonly onWait: (waitMs: number | undefined) => void
  /** The error of a call whose turn would come after its deadline. */
  readonly tooLate: (waitMs: number) => Error
}

interface Entry extends QueuedCall {
  readonly rank: number
  notified: boolean
  waiting: boolean
  /** Makes its call the one that asks. */
  takeOver(): void
  resolve(reservation: Reservation): void
  reject(error: unknown): void
}

/** What changed: a request ended, or a pause began. */
export type WakeReason = 'end' | 'pause'

/** Calls with one limit key, in the order in which they are let through. */
export interface FairQueue {
  enter(call: QueuedCall): Promise<Reservation>
  /** Asks again at once, when the change may matter to the calls that wait. */
  wake(reason: WakeReason): void
  readonly waiting: number
}

/** What a queue needs. */
export interface FairQueueOptions {
  readonly platform: Pick<Platform, 'monotonic' | 'timer' | 'random'>
  /** Asks for one request. `published` leaves concluded allowances out. */
  readonly take: (limits: 'adaptive' | 'published') => Promise<Reservation | Denial>
  /** Gives back what nobody uses. */
  readonly discard: (reservation: Reservation) => Promise<void>
}

/** Milliseconds by which a priority changes the place in the queue. */
const headStart: Readonly<Record<Priority, number>> = { high: 30_000, normal: 0, low: -30_000 }
/** Milliseconds by which each refused attempt does. */
const attemptHeadStart = 60_000
/** Milliseconds after which a gate is asked again: places may be freed by another process. */
const gatePoll = 100

/**
 * A fair queue: first come, first served, where a priority counts as having come earlier or later, so that no call
 * waits forever. Only the first call asks the store. Nothing runs while no call waits.
 */
export function createFairQueue({ platform, take, discard }: FairQueueOptions): FairQueue {
  const queue: Entry[] = []
  let pumping: Entry | undefined
  let stopSleeping = (): void => {}
  /** What the pump sleeps for, and until when. */
  let sleep: { readonly denial: Denial; readonly until: number | undefined } | undefined

  /** Notifies a call of its wait, or rejects it when its turn would come too late. */
  const judge = (entry: Entry, { waitMs, cause }: Denial): void => {
    if (waitMs !== undefined && cause === 'limit' && isTooLate(entry, waitMs)) {
      entry.reject(entry.tooLate(waitMs))
    } else if (!entry.notified) {
      entry.notified = true
      entry.onWait(waitMs)
    }
  }
  const isTooLate = ({ endsAt }: Entry, waitMs: number): boolean => platform.monotonic() + waitMs >= endsAt
  /** A concluded allowance may be wrong, so a call gives it at most half of its time, and never fails for it. */
  const isUrgent = (entry: Entry, waitMs: number): boolean => isTooLate(entry, 2 * waitMs)

  // Each call asks for the queue as long as it waits itself, and hands this over when it leaves: in workerd whatever a
  // request has begun, timers and what follows them included, ends with that request.
  const pump = async (own: Entry): Promise<void> => {
    while (own.waiting) {
      let next: Entry | undefined
      let taken: Reservation | Denial
      try {
        taken = await take('adaptive')
        if ('cause' in taken && taken.cause === 'allowance') {
          const { waitMs = 0 } = taken
          next = queue.find((entry) => isUrgent(entry, waitMs))
          if (next !== undefined) taken = await take('published')
        }
      } catch (error) {
        queue.shift()?.reject(error)
        continue
      }
      if ('claim' in taken) {
        const first = next?.waiting ? next : queue[0]
        if (first === undefined) await discard(taken)
        else first.resolve(taken)
        continue
      }
      const { waitMs } = taken
      for (const entry of [...queue]) judge(entry, taken)
      if (!own.waiting) break
      const now = platform.monotonic()
      sleep = { denial: taken, until: waitMs === undefined ? undefined : now + waitMs }
      await new Promise<void>((resolve) => {
        const cancel = platform.timer(waitMs ?? gatePoll * (1 + platform.random()), resolve)
        stopSleeping = () => {
          cancel()
          resolve()
        }
      })
      sleep = undefined
    }
    pumping = queue[0]
    pumping?.takeOver()
  }

  return {
    get waiting() {
      return queue.length
    },
    wake(reason) {
      if (reason === 'pause' || sleep?.until === undefined || sleep.denial.cause === 'in flight')
        stopSleeping()
    },
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
          rank: platform.monotonic() - headStart[call.priority] - attemptHeadStart * (call.attempt - 1),
          notified: false,
          waiting: true,
          takeOver() {},
          resolve(reservation) {
            leave()
            resolve(reservation)
          },
          reject(error) {
            leave()
            reject(error)
          },
        }
        const behind = queue.findIndex(({ rank }) => rank > entry.rank)
        queue.splice(behind < 0 ? queue.length : behind, 0, entry)
        stopWatching = call.deadline.onAbort(() => entry.reject(call.deadline.reason))
        if (pumping === undefined) {
          pumping = entry
          void pump(entry)
          return
        }
        const turn = new Promise<void>((begin) => {
          entry.takeOver = begin
        })
        void turn.then(() => pump(entry))
        // The pump may sleep for long, and is the only one that knows for how long.
        if (sleep?.until === undefined || !entry.waiting) return
        const waitMs = sleep.until - platform.monotonic()
        if (sleep.denial.cause === 'allowance' && isUrgent(entry, waitMs)) stopSleeping()
        else judge(entry, { ...sleep.denial, waitMs })
      })
    },
  }
}
