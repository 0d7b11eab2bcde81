import type { Platform } from '../platform.ts'

/**
 * A stretch of work that may be ended from outside or by a timeout. It does what an `AbortSignal` does at a fraction
 * of the cost, and makes a real one only for those who ask.
 */
export interface Scope {
  readonly aborted: boolean
  /** Why it ended: the parent's reason or the timeout's error. */
  readonly reason: unknown
  readonly signal: AbortSignal
  /** Calls back once when the scope is aborted, at once when it is already. Returns how to take that back. */
  onAbort(callback: () => void): () => void
  throwIfAborted(): void
  /** Stops the timeout; the parent still aborts. */
  disarm(): void
  /** Stops the timeout and leaves the parent. */
  end(): void
}

/** Opens a scope. It has to be ended: until then it holds a timer and a listener on the parent. */
export function openScope(
  platform: Pick<Platform, 'timer'>,
  parent: Pick<Scope, 'onAbort' | 'reason'> | undefined,
  ms: number,
  timeout: () => Error,
): Scope {
  const callbacks = new Set<() => void>()
  let aborted = false
  let reason: unknown
  let controller: AbortController | undefined
  const abort = (why: unknown): void => {
    if (aborted) return
    aborted = true
    reason = why
    disarm()
    controller?.abort(reason)
    for (const callback of callbacks) callback()
    callbacks.clear()
  }
  const disarm = platform.timer(ms, () => abort(timeout()))
  const leave = parent?.onAbort(() => abort(parent.reason))
  return {
    get aborted() {
      return aborted
    },
    get reason() {
      return reason
    },
    get signal() {
      controller ??= new AbortController()
      if (aborted) controller.abort(reason)
      return controller.signal
    },
    onAbort(callback) {
      if (aborted) callback()
      else callbacks.add(callback)
      return () => callbacks.delete(callback)
    },
    throwIfAborted() {
      if (aborted) throw reason
    },
    disarm,
    end() {
      disarm()
      leave?.()
    },
  }
}

/** A signal of the caller as the parent of a scope. */
export function watchSignal(signal: AbortSignal): Pick<Scope, 'onAbort' | 'reason'> {
  return {
    get reason() {
      return signal.reason
    },
    onAbort(callback) {
      if (signal.aborted) callback()
      else signal.addEventListener('abort', callback, { once: true })
      return () => signal.removeEventListener('abort', callback)
    },
  }
}

/**
 * Settles like the promise, or rejects with the scope's reason when that is aborted first. A value that comes too
 * late goes to `late`, so that what it holds can be released.
 */
export function untilAbort<T>(
  promise: Promise<T>,
  scope: Pick<Scope, 'onAbort' | 'reason'>,
  late?: (value: T) => void,
): Promise<T> {
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
