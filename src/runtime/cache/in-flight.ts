import { type SharedDeadline, untilAbort } from '../transport/deadline.ts'

/** Context of shared work. The work may continue until the longest deadline of its callers. */
export interface SharedCall<Caller extends SharedDeadline> {
  /** Aborts when the last caller leaves. */
  readonly signal: AbortSignal
  /** Remaining milliseconds of the caller with the longest deadline. */
  timeLeft(): number
  /** The callers that wait now. */
  readonly callers: ReadonlySet<Caller>
}

interface Flight<T, Caller> {
  readonly callers: Set<Caller>
  readonly controller: AbortController
  readonly result: Promise<T>
}

/**
 * Work in flight, by key. Concurrent callers of one key share the work. Each leaves at its own deadline, and the work
 * aborts when the last caller leaves.
 */
export class InFlight<T, Caller extends SharedDeadline = SharedDeadline> {
  readonly #flights = new Map<string, Flight<T, Caller>>()

  /** Joins the work of a key, or starts it. Rejects when the caller's deadline ends first. */
  async join(key: string, caller: Caller, start: (shared: SharedCall<Caller>) => Promise<T>): Promise<T> {
    caller.signal.throwIfAborted()
    const flight = this.#flights.get(key) ?? this.#start(key, caller, start)
    const { callers, controller, result } = flight
    callers.add(caller)
    try {
      return await untilAbort(result, caller.parent)
    } finally {
      callers.delete(caller)
      if (callers.size === 0) {
        this.#forget(key, flight)
        controller.abort(caller.parent.reason)
      }
    }
  }

  #start(key: string, first: Caller, start: (shared: SharedCall<Caller>) => Promise<T>): Flight<T, Caller> {
    const callers = new Set([first])
    const controller = new AbortController()
    const timeLeft = (): number => {
      let max = 1
      for (const caller of callers) max = Math.max(max, caller.timeLeft())
      return max
    }
    const result = start({ signal: controller.signal, timeLeft, callers })
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
