import { tooManyQueries } from '../api-error.ts'

/** API queries that PostHog runs at once for one team. */
export const QUERIES_AT_ONCE: number = 3
/** Reads of materialised endpoints at once, which have a limit of their own (from PostHog's docs). */
export const TABLE_READS_AT_ONCE: number = 10
/** How long a further query waits for a place, in milliseconds. */
export const QUERY_WAIT_MS: number = 30_000

/** Lets a few queries run at once and keeps the rest waiting for a while. */
export interface QueryGate {
  /** @throws ApiError 429 without Retry-After when no place came free in time. */
  run<T>(query: () => Promise<T>): Promise<T>
}

/** A gate for `places` queries; a query that waited `waitMs` for a place is refused. */
export function createQueryGate(places: number, waitMs: number): QueryGate {
  const waiting: (() => void)[] = []
  let running = 0

  const enter = (): Promise<void> | void => {
    if (running < places) {
      running += 1
      return
    }
    return new Promise((resolve, reject) => {
      const admit = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(admit), 1)
        reject(tooManyQueries())
      }, waitMs)
      waiting.push(admit)
    })
  }
  // A place that comes free goes to the one who waited longest, so `running` does not change then.
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
  return {
    async run(query) {
      await enter()
      try {
        return await query()
      } finally {
        leave()
      }
    },
  }
}
