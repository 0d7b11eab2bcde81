/** Timers and a clock, in milliseconds. */
export interface Clock {
  /** Never runs backwards; only differences mean something. */
  monotonic(): number
  /** Calls back after `ms`. Returns a function that cancels it. */
  timer(ms: number, callback: () => void): () => void
}

/** What may end before its time. */
export interface Abortable {
  /** Why it ended: the parent's reason or the timeout's error. */
  readonly reason: unknown
  /** Calls back once when it is aborted, at once when it is already. Returns how to take that back. */
  onAbort(callback: () => void): () => void
}

/**
 * A stretch of work that may be ended from outside or by a timeout. It does what an `AbortSignal` does at a fraction
 * of the cost, and makes a real one only for those who ask.
 */
export interface Deadline extends Abortable {
  readonly aborted: boolean
  readonly signal: AbortSignal
  throwIfAborted(): void
  /** Stops the timeout; the parent still aborts. */
  stopTimer(): void
  /** Stops the timeout and leaves the parent. */
  end(): void
}

/**
 * Opens a scope. It has to be ended: until then it holds a timer and a listener on the parent. Without `ms` only the
 * parent aborts it.
 */
export function startDeadline(
  clock: Pick<Clock, 'timer'>,
  parent: Abortable | undefined,
  ms: number | undefined,
  timeout: () => Error,
): Deadline {
  return new TimedDeadline(clock, parent, ms, timeout)
}

const noTimer = (): void => {}

/** A class, for it is made twice for each request: what an object of closures would hold, its instances share. */
class TimedDeadline implements Deadline {
  aborted = false
  reason: unknown = undefined
  /** Nearly always there is one callback, or none. */
  #callback: (() => void) | undefined = undefined
  #others: Set<() => void> | undefined = undefined
  #controller: AbortController | undefined = undefined
  readonly #stopTimer: () => void
  readonly #leaveParent: (() => void) | undefined

  constructor(
    clock: Pick<Clock, 'timer'>,
    parent: Abortable | undefined,
    ms: number | undefined,
    timeout: () => Error,
  ) {
    this.#stopTimer = ms === undefined ? noTimer : clock.timer(ms, () => this.#abort(timeout()))
    this.#leaveParent = parent?.onAbort(() => this.#abort(parent.reason))
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.aborted) this.#controller.abort(this.reason)
    return this.#controller.signal
  }

  onAbort(callback: () => void): () => void {
    if (this.aborted) callback()
    else if (this.#callback === undefined) this.#callback = callback
    else {
      this.#others ??= new Set()
      this.#others.add(callback)
    }
    return () => {
      if (this.#callback === callback) this.#callback = undefined
      else this.#others?.delete(callback)
    }
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  stopTimer(): void {
    this.#stopTimer()
  }

  end(): void {
    this.#stopTimer()
    this.#leaveParent?.()
  }

  #abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    this.#stopTimer()
    this.#controller?.abort(reason)
    this.#callback?.()
    for (const callback of this.#others ?? []) callback()
  }
}

/** Who wants to know of a signal's abort. */
interface Watched {
  readonly callbacks: Set<() => void>
  readonly stop: () => void
}

const watched = new WeakMap<AbortSignal, Watched>()

/** A signal of the caller as the parent of a scope. It has one listener, however many calls share it. */
export function watchSignal(signal: AbortSignal): Abortable {
  return {
    get reason() {
      return signal.reason
    },
    onAbort(callback) {
      if (signal.aborted) {
        callback()
        return () => {}
      }
      const { callbacks, stop } = watched.get(signal) ?? watch(signal)
      callbacks.add(callback)
      return () => {
        callbacks.delete(callback)
        if (callbacks.size === 0) stop()
      }
    },
  }
}

function watch(signal: AbortSignal): Watched {
  const callbacks = new Set<() => void>()
  const listener = (): void => {
    for (const callback of callbacks) callback()
  }
  const entry: Watched = {
    callbacks,
    stop: () => {
      signal.removeEventListener('abort', listener)
      if (watched.get(signal) === entry) watched.delete(signal)
    },
  }
  signal.addEventListener('abort', listener, { once: true })
  watched.set(signal, entry)
  return entry
}

/**
 * Settles like the promise, or rejects with the reason when that is aborted first. A value that comes too late goes
 * to `late`, so that what it holds can be released.
 */
export function untilAbort<T>(promise: Promise<T>, scope: Abortable, late?: (value: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let open = true
    const done = scope.onAbort(() => {
      open = false
      reject(scope.reason)
    })
    promise.then(
      (value) => {
        done()
        if (open) resolve(value)
        else late?.(value)
      },
      (error: unknown) => {
        done()
        reject(error)
      },
    )
  })
}

/** The time that all steps of one call share. */
export interface SharedDeadline {
  /** Aborts with the timeout's error or the caller's reason. */
  readonly scope: Abortable
  /** The same, for requests. */
  readonly signal: AbortSignal
  /** Milliseconds that are left now; at least 1. */
  timeLeft(): number
}

/**
 * Runs work of several steps within one timeout and the caller's signal. Rejects as soon as either ends it, whatever
 * the step under way does.
 *
 * @param timeout makes the error for a deadline that passes
 */
export async function withinDeadline<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  timeout: () => Error,
  run: (deadline: SharedDeadline) => Promise<T>,
): Promise<T> {
  const end = clock.monotonic() + ms
  const scope = startDeadline(clock, signal && watchSignal(signal), ms, timeout)
  const timeLeft = (): number => Math.max(1, end - clock.monotonic())
  try {
    scope.throwIfAborted()
    return await untilAbort(run({ scope, signal: scope.signal, timeLeft }), scope)
  } finally {
    scope.end()
  }
}

/** The deadline of shared work that a call belongs to, if it does. */
export function inheritedDeadline(
  signal: AbortSignal | undefined,
  timeLeft: (() => number) | undefined,
): SharedDeadline | undefined {
  if (signal === undefined || timeLeft === undefined) return undefined
  return { scope: watchSignal(signal), signal, timeLeft }
}
