import { setImmediate as turn } from 'node:timers/promises'

/** Time of the process that jumps from timer to timer instead of passing. */
export interface VirtualTime extends Disposable {
  /** Milliseconds since the start. */
  now(): number
  /** Number of running timers. */
  pending(): number
  /** Resolves after `ms`, or rejects with the reason of the signal. */
  sleep(ms: number, signal?: AbortSignal | null): Promise<void>
  /** Runs timers until the promise settles. Throws when it waits for nothing. */
  until<T>(promise: Promise<T>): Promise<T>
}

interface Timer {
  readonly at: number
  readonly id: number
  /** Undefined once it ran or was cleared. */
  callback: (() => void) | undefined
}

/** Turns of the event loop without a timer after which nothing is going to happen. */
const maxIdleTurns = 1_000

/**
 * Replaces the clocks, timers and random numbers of this process, until it is disposed. Code that keeps the original
 * functions, such as a test runner, is not affected.
 *
 * @param random a number from 0 (inclusive) to 1 (exclusive), for `Math.random`
 */
export function installVirtualTime(random: () => number): VirtualTime {
  const timers = new TimerQueue()
  const start = Date.UTC(2026, 0, 1)
  let elapsed = 0
  let changes = 0

  const set = (callback: () => void, ms = 0): Timer => {
    changes += 1
    return timers.add(elapsed + Math.max(1, ms), callback)
  }
  const clear = (timer: Timer | undefined): void => {
    if (timer?.callback === undefined) return
    changes += 1
    timers.clear(timer)
  }
  const originals = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    now: Date.now,
    random: Math.random,
  }
  // The package passes a callback and milliseconds, and gives the timer only to `clearTimeout`.
  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear })
  Date.now = () => start + elapsed
  performance.now = () => elapsed
  Math.random = random

  return {
    now: () => elapsed,
    pending: () => timers.size,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const abort = (): void => {
          clear(timer)
          reject(signal?.reason)
        }
        const timer = set(() => {
          signal?.removeEventListener('abort', abort)
          resolve()
        }, ms)
        signal?.addEventListener('abort', abort, { once: true })
      }),
    async until(promise) {
      let settled = false
      const settle = (): void => {
        settled = true
      }
      promise.then(settle, settle)
      let idle = 0
      while (!settled) {
        const before = changes
        await turn()
        if (settled) break
        if (changes !== before) continue
        const at = timers.next()
        idle = at === undefined ? idle + 1 : 0
        if (idle > maxIdleTurns) throw new Error('A call waits, but no timer runs: it never settles.')
        if (at === undefined) continue
        elapsed = at
        timers.run(at)
      }
      return promise
    },
    [Symbol.dispose]() {
      Object.assign(globalThis, { setTimeout: originals.setTimeout, clearTimeout: originals.clearTimeout })
      Date.now = originals.now
      Math.random = originals.random
      // The original is a method of the prototype.
      Reflect.deleteProperty(performance, 'now')
    },
  }
}

/** Timers by time: a binary heap. Timers of the same time run in the order in which they started. */
class TimerQueue {
  readonly #heap: Timer[] = []
  #ids = 0
  size = 0

  add(at: number, callback: () => void): Timer {
    const timer: Timer = { at, id: this.#ids++, callback }
    const heap = this.#heap
    heap.push(timer)
    this.size += 1
    let index = heap.length - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#isLess(index, parent)) break
      this.#swap(index, parent)
      index = parent
    }
    return timer
  }

  clear(timer: Timer): void {
    timer.callback = undefined
    this.size -= 1
  }

  /** Time of the next timer. */
  next(): number | undefined {
    while (this.#heap[0] !== undefined && this.#heap[0].callback === undefined) this.#removeFirst()
    return this.#heap[0]?.at
  }

  /** Runs all timers of a time. */
  run(at: number): void {
    while (this.next() === at) {
      const [timer] = this.#heap
      const callback = timer?.callback
      this.#removeFirst()
      if (timer === undefined || callback === undefined) return
      this.clear(timer)
      callback()
    }
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    heap[0] = last
    let index = 0
    for (;;) {
      let least = index
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < heap.length && this.#isLess(child, least)) least = child
      }
      if (least === index) return
      this.#swap(index, least)
      index = least
    }
  }

  #isLess(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]]
    if (left === undefined || right === undefined) return false
    return left.at === right.at ? left.id < right.id : left.at < right.at
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#heap[a], this.#heap[b]]
    if (left === undefined || right === undefined) return
    this.#heap[a] = right
    this.#heap[b] = left
  }
}
