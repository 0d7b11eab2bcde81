import type { Platform } from '../platform.ts'

/** A signal for a stretch of work, which also ends by a timeout. */
export interface Scope {
  /** Aborts with the parent's reason or the timeout's error. */
  readonly signal: AbortSignal
  /** Stops the timeout; the parent still aborts. */
  disarm(): void
  /** Stops the timeout and leaves the parent. */
  end(): void
}

/** Opens a scope. It has to be ended: until then it holds a timer and a listener on the parent. */
export function openScope(
  platform: Pick<Platform, 'sleep'>,
  parent: AbortSignal | undefined,
  ms: number,
  timeout: () => Error,
): Scope {
  const controller = new AbortController()
  const timer = new AbortController()
  const onAbort = (): void => {
    timer.abort()
    controller.abort(parent?.reason)
  }
  parent?.addEventListener('abort', onAbort, { once: true })
  if (parent?.aborted) onAbort()
  platform.sleep(ms, timer.signal).then(
    () => controller.abort(timeout()),
    // Stopped before it was over.
    () => {},
  )
  return {
    signal: controller.signal,
    disarm: () => timer.abort(),
    end() {
      timer.abort()
      parent?.removeEventListener('abort', onAbort)
    },
  }
}

/**
 * Settles like the promise, or rejects with the signal's reason when that aborts first. A value that comes too late
 * goes to `late`, so that what it holds can be released.
 */
export function untilAbort<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  late?: (value: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason)
      promise.then(late, () => {})
    }
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
