import { abortable, createPlatform, type Platform, sleep } from '../../../src/runtime/platform.ts'

interface Sleeper {
  readonly at: number
  readonly ms: number
  /** Whether it is a sleep. Otherwise it is a timeout. */
  readonly isSleep: boolean
  readonly wake: () => void
}

/** A platform with a virtual clock. When everything waits, the clock jumps to the next timer. */
export interface VirtualPlatform extends Platform {
  /** Durations of completed sleeps, in milliseconds. */
  readonly slept: number[]
  /** Number of running timers, including sleeps. */
  readonly asleep: () => number
}

/** Turns of the event loop without activity after which everything waits. */
const quietTurns = 4

export function virtualPlatform(
  fetch: (request: Request, call: number) => Response | Promise<Response>,
  { random = 1 }: { random?: number } = {},
): VirtualPlatform {
  const sleepers = new Set<Sleeper>()
  const slept: number[] = []
  const startedAt = Date.UTC(2026, 0, 1)
  let elapsed = 0
  let calls = 0
  let changes = 0
  let watching = false

  const watch = async (): Promise<void> => {
    watching = true
    let quiet = 0
    while (sleepers.size > 0) {
      const before = changes
      await new Promise((resolve) => setImmediate(resolve))
      quiet = before === changes ? quiet + 1 : 0
      if (quiet < quietTurns) continue
      quiet = 0
      const next = [...sleepers].sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      sleepers.delete(next)
      elapsed = next.at
      if (next.isSleep) slept.push(next.ms)
      next.wake()
    }
    watching = false
  }

  return {
    ...createPlatform({ env: {} }),
    slept,
    asleep: () => sleepers.size,
    now: () => startedAt + elapsed,
    monotonic: () => elapsed,
    random: () => random,
    fetch: abortable(async (url, init) => {
      changes += 1
      calls += 1
      return fetch(new Request(url, init), calls)
    }),
    timer: (ms, callback) => timer(ms, callback, false),
    sleep: (ms, signal) => sleep((delay, callback) => timer(delay, callback, true), ms, signal),
  }

  function timer(ms: number, callback: () => void, isSleep: boolean): () => void {
    changes += 1
    const wake = (): void => {
      changes += 1
      callback()
    }
    const sleeper: Sleeper = { at: elapsed + ms, ms, isSleep, wake }
    sleepers.add(sleeper)
    if (!watching) void watch()
    return () => {
      changes += 1
      sleepers.delete(sleeper)
    }
  }
}
