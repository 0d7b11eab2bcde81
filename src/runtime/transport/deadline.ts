/** Timers and a clock, in milliseconds. */
export interface Clock {
  /** Never runs backwards. Only differences are meaningful. */
  monotonic(): number
  /** Calls back after `ms`. Returns a function that cancels the timer. */
  timer(ms: number, callback: () => void): () => void
}

/** An abortable operation: a signal or a deadline. */
export interface Abortable {
  /** Abort reason: the parent's reason or the timeout error. */
  readonly reason: unknown
  /** Calls back once on abort, immediately if already aborted. Returns a function that removes the callback. */
  onAbort(callback: () => void): () => void
}

/**
 * A timeout combined with a parent's abort. Works like an `AbortSignal` at a fraction of the cost, and creates a real one
 * only on demand.
 */
export interface Deadline extends Abortable {
  readonly aborted: boolean
  readonly signal: AbortSignal
  throwIfAborted(): void
  /** Stops the timeout. The parent can still abort. */
  stopTimer(): void
  /** Stops the timeout and detaches from the parent. */
  end(): void
}

/**
 * Starts a deadline. Call `end` on it: until then it holds a timer and a listener on the parent. Without `ms`, only the
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

/** A class instead of closures, for memory and speed: each request creates two. */
class TimedDeadline implements Deadline {
  aborted = false
  reason: unknown = undefined
  /** The first callback. There are rarely more. */
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

/** Callbacks of a signal. */
interface WatchedSignal {
  readonly callbacks: Set<() => void>
  readonly stop: () => void
}

const watchedSignals = new WeakMap<AbortSignal, WatchedSignal>()

/** Adapts a signal of the caller as the parent of a deadline. All calls of a signal share one listener. */
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
      const { callbacks, stop } = watchedSignals.get(signal) ?? watch(signal)
      callbacks.add(callback)
      return () => {
        callbacks.delete(callback)
        if (callbacks.size === 0) stop()
      }
    },
  }
}

function watch(signal: AbortSignal): WatchedSignal {
  const callbacks = new Set<() => void>()
  const listener = (): void => {
    for (const callback of callbacks) callback()
  }
  const entry: WatchedSignal = {
    callbacks,
    stop: () => {
      signal.removeEventListener('abort', listener)
      if (watchedSignals.get(signal) === entry) watchedSignals.delete(signal)
    },
  }
  signal.addEventListener('abort', listener, { once: true })
  watchedSignals.set(signal, entry)
  return entry
}

/**
 * Settles like the promise, or rejects with the abort reason, whichever happens first. Passes a late value to `onLate`,
 * which can release its resources.
 */
export function untilAbort<T>(
  promise: Promise<T>,
  parent: Abortable,
  onLate?: (value: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let pending = true
    const removeCallback = parent.onAbort(() => {
      pending = false
      reject(parent.reason)
    })
    promise.then(
      (value) => {
        removeCallback()
        if (pending) resolve(value)
        else onLate?.(value)
      },
      (error: unknown) => {
        removeCallback()
        reject(error)
      },
    )
  })
}

/** The deadline that all steps of one call share. */
export interface SharedDeadline {
  /** Aborts with the timeout's error or the caller's reason. */
  readonly parent: Abortable
  /** The same as an `AbortSignal`, for requests. */
  readonly signal: AbortSignal
  /** Remaining milliseconds; at least 1. */
  timeLeft(): number
}

/**
 * Runs several steps within one timeout and the caller's signal. Rejects as soon as either aborts, whatever the current
 * step does.
 *
 * @param timeout creates the error of an expired deadline
 */
export async function withinDeadline<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  timeout: () => Error,
  work: (deadline: SharedDeadline) => Promise<T>,
): Promise<T> {
  const end = clock.monotonic() + ms
  const deadline = startDeadline(clock, signal && watchSignal(signal), ms, timeout)
  const timeLeft = (): number => Math.max(1, end - clock.monotonic())
  try {
    deadline.throwIfAborted()
    return await untilAbort(work({ parent: deadline, signal: deadline.signal, timeLeft }), deadline)
  } finally {
    deadline.end()
  }
}

/** The deadline of the shared work around a call, if any. */
export function inheritedDeadline(
  signal: AbortSignal | undefined,
  timeLeft: (() => number) | undefined,
): SharedDeadline | undefined {
  if (signal === undefined || timeLeft === undefined) return undefined
  return { parent: watchSignal(signal), signal, timeLeft }
}
