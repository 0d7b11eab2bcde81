import { type SharedDeadline, untilAbort } from '../transport/deadline.ts'

/** What shared work is given: it may go on until the most patient of its callers gives up. */
export interface SharedCall<Caller extends SharedDeadline> {
  /** Aborts when the last caller leaves. */
  readonly signal: AbortSignal
  /** Milliseconds that the most patient caller has left now. */
  timeLeft(): number
  /** Those who wait now. */
  readonly callers: ReadonlySet<Caller>
}

interface Flight<T, Caller> {
  readonly callers: Set<Caller>
  readonly controller: AbortController
  readonly result: Promise<T>
}

/**
 * Work in flight by key. Concurrent callers of one key share one run of it; each leaves at its own deadline, and the
 * work is aborted when the last one leaves.
 */
export class InFlight<T, Caller extends SharedDeadline = SharedDeadline> {
  readonly #flights = new Map<string, Flight<T, Caller>>()

  /** Joins the work under this key, or begins it. Rejects when the caller's deadline ends first. */
  async join(key: string, caller: Caller, begin: (shared: SharedCall<Caller>) => Promise<T>): Promise<T> {
    caller.signal.throwIfAborted()
    const flight = this.#flights.get(key) ?? this.#start(key, caller, begin)
    const { callers, controller, result } = flight
    callers.add(caller)
    try {
      return await untilAbort(result, caller.scope)
    } finally {
      callers.delete(caller)
      if (callers.size === 0) {
        this.#forget(key, flight)
        controller.abort(caller.scope.reason)
      }
    }
  }

  #start(key: string, first: Caller, begin: (shared: SharedCall<Caller>) => Promise<T>): Flight<T, Caller> {
    const callers = new Set([first])
    const controller = new AbortController()
    const timeLeft = (): number => {
      let most = 1
      for (const caller of callers) most = Math.max(most, caller.timeLeft())
      return most
    }
    const result = begin({ signal: controller.signal, timeLeft, callers })
    const flight = { callers, controller, result }
    this.#flights.set(key, flight)
    const forget = (): void => this.#forget(key, flight)
    result.then(forget, forget)
    return flight
  }

  #forget(key: string, flight: Flight<T, Caller>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}
