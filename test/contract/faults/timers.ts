/** Watches the timers that the client sets. */
export interface TimerWatch {
  /** Timers that were neither called back nor cleared, by their milliseconds. */
  readonly running: () => number[]
  readonly stop: () => void
}

/** Watches from now on. Timers of others, such as those of `fetch` for idle connections, are not the client's. */
export function watchTimers(): TimerWatch {
  const { setTimeout, clearTimeout } = globalThis
  const running = new Map<unknown, number>()
  const watched = (callback: () => void, ms = 0): unknown => {
    const timer = setTimeout(() => {
      running.delete(timer)
      callback()
    }, ms)
    if (new Error().stack?.includes('/src/runtime/')) running.set(timer, ms)
    return timer
  }
  const clearing = (timer: Parameters<typeof clearTimeout>[0]): void => {
    running.delete(timer)
    clearTimeout(timer)
  }
  Object.assign(globalThis, { setTimeout: watched, clearTimeout: clearing })
  return {
    running: () => [...running.values()],
    stop: () => void Object.assign(globalThis, { setTimeout, clearTimeout }),
  }
}
