import { InFlight } from '../runtime/cache/in-flight.ts'
import { positive } from '../runtime/config/resolve.ts'
import { TotalTimeoutError } from '../runtime/errors/call-errors.ts'
import { inheritedDeadline, type SharedDeadline, withinDeadline } from '../runtime/transport/deadline.ts'
import type { CallOptions, Requester, RouteOptions } from './requester.ts'

/** Options of a caller; with `timeLeft` it waits within a deadline that it has already. */
export type FactOptions = CallOptions & Pick<RouteOptions, 'timeLeft'>

/** The deadline that requests for a fact are given. */
export type FactCall = Pick<SharedDeadline, 'signal' | 'timeLeft'>

/** Something that a client reads once and keeps, such as its project. */
export interface SharedFact<T> {
  /**
   * The fact. Concurrent callers share one read, and each waits within its own `totalTimeout` and `signal`. A read that
   * failed is repeated for the next caller.
   */
  get(requester: Requester, options: FactOptions, read: (call: FactCall) => Promise<T>): Promise<T>
  /** Drops it, so that the next caller reads it again. */
  forget(requester: Requester): void
}

/** @param operation names the read in timeout errors */
export function createSharedFact<T>(operation: string): SharedFact<T> {
  const known = new WeakMap<Requester, T>()
  const reading = new WeakMap<Requester, InFlight<T>>()
  return {
    async get(requester, options, read) {
      const { totalTimeout, signal } = options
      signal?.throwIfAborted()
      const before = known.get(requester)
      if (before !== undefined) return before
      const inFlight = reading.get(requester) ?? new InFlight<T>()
      reading.set(requester, inFlight)
      const share = (deadline: SharedDeadline): Promise<T> =>
        inFlight.join(operation, deadline, async (shared) => {
          const fact = await read({ signal: shared.signal, timeLeft: shared.timeLeft })
          known.set(requester, fact)
          return fact
        })
      const inherited = inheritedDeadline(options)
      if (inherited !== undefined) return share(inherited)
      const ms = positive('totalTimeout', totalTimeout, requester.config.totalTimeout)
      return withinDeadline(ms, signal, () => new TotalTimeoutError(operation, ms), share)
    },
    forget: (requester) => void known.delete(requester),
  }
}
