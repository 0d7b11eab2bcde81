import type { Platform } from '../platform.ts'
import type { Abortable } from '../transport/deadline.ts'
import type { Priority } from './rates.ts'
import type { LimitRequest } from './store.ts'

/** A granted limit request. */
export interface Reservation {
  readonly request: LimitRequest
  readonly lease: string
  /** Milliseconds of the monotonic clock. */
  readonly grantedAt: number
}

/** A denied limit request, which has to wait. */
export interface Denial {
  /** Milliseconds until a retry makes sense; undefined for a gate, where a place may be released at any time. */
  readonly waitMs: number | undefined
  /**
   * `limit`: a pause or a published limit of PostHog, so a call may fail immediately. `allowance`: a lower allowance
   * that Typehog inferred. `in flight`: requests that count here, but that PostHog may still throttle and not count.
   */
  readonly cause: 'limit' | 'allowance' | 'in flight'
}

/** A queued call. */
export interface QueuedCall {
  readonly priority: Priority
  /** Number of the attempt, from 1. Retries go first. */
  readonly attempt: number
  readonly deadline: Abortable
  /** Milliseconds of the monotonic clock, after which a reservation comes too late. */
  readonly endsAt: number
  /** Called once when the call begins to wait. `waitMs` is undefined if the wait depends on other calls. */
  readonly onWait: (waitMs: number | undefined) => void
  /** The error of a call that cannot be sent before its deadline. */
  readonly tooLate: (waitMs: number) => Error
}

interface Entry extends QueuedCall {
  readonly rank: number
  notified: boolean
  waiting: boolean
  /** Makes this call run the pump. */
  takeOver(): void
  resolve(reservation: Reservation): void
  reject(error: unknown): void
}

/** `end`: a request ended. `pause`: a pause began. */
export type WakeReason = 'end' | 'pause'

/** The queued calls of one limit key, in the order in which they are admitted. */
export interface FairQueue {
  enter(call: QueuedCall): Promise<Reservation>
  /** Retries immediately if the change may affect the queued calls. */
  wake(reason: WakeReason): void
  readonly waiting: number
}

/** Options of a queue. */
export interface FairQueueOptions {
  readonly platform: Pick<Platform, 'monotonic' | 'timer' | 'random'>
  /** Requests one reservation. `published` ignores inferred allowances. */
  readonly take: (limits: 'adaptive' | 'published') => Promise<Reservation | Denial>
  /** Returns an unused reservation. */
  readonly discard: (reservation: Reservation) => Promise<void>
}

/** Head start of a priority in the queue, in milliseconds. */
const headStart: Readonly<Record<Priority, number>> = { high: 30_000, normal: 0, low: -30_000 }
/** Head start of a retry, in milliseconds per earlier attempt. */
const attemptHeadStart = 60_000
/** Poll interval of a gate in milliseconds: another process may release a place. */
const gatePoll = 100

/**
 * Creates a fair queue: first in, first out. A priority shifts the arrival time of a call, so no call starves. Only one
 * call polls the store. No timer runs while the queue is empty.
 */
export function createFairQueue({ platform, take, discard }: FairQueueOptions): FairQueue {
  const queue: Entry[] = []
  let pumping: Entry | undefined
  let stopSleeping = (): void => {}
  /** Why the pump sleeps, and until when. */
  let sleep: { readonly denial: Denial; readonly until: number | undefined } | undefined

  /** Notifies a call of its wait, or rejects it if it cannot be sent before its deadline. */
  const notifyOrReject = (entry: Entry, { waitMs, cause }: Denial): void => {
    if (waitMs !== undefined && cause === 'limit' && isTooLate(entry, waitMs)) {
      entry.reject(entry.tooLate(waitMs))
    } else if (!entry.notified) {
      entry.notified = true
      entry.onWait(waitMs)
    }
  }
  const isTooLate = ({ endsAt }: Entry, waitMs: number): boolean => platform.monotonic() + waitMs >= endsAt
  /** An inferred allowance may be wrong: a call waits for it for up to half of its time and never fails because of it. */
  const isUrgent = (entry: Entry, waitMs: number): boolean => isTooLate(entry, 2 * waitMs)

  // Each call runs the pump while it is queued itself, and hands the pump over when it leaves: workerd cancels the
  // timers and promises of a request when that request ends.
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
      if ('request' in taken) {
        const first = next?.waiting ? next : queue[0]
        if (first === undefined) await discard(taken)
        else first.resolve(taken)
        continue
      }
      const { waitMs } = taken
      for (const entry of [...queue]) notifyOrReject(entry, taken)
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
        // The pump may sleep for a long time, so the new call has to learn its wait here.
        if (sleep?.until === undefined || !entry.waiting) return
        const waitMs = sleep.until - platform.monotonic()
        if (sleep.denial.cause === 'allowance' && isUrgent(entry, waitMs)) stopSleeping()
        else notifyOrReject(entry, { ...sleep.denial, waitMs })
      })
    },
  }
}
