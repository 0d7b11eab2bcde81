import { tooManyQueries } from './api-error.ts'

/** Maximum number of concurrent API queries per team. */
export const MAX_CONCURRENT_QUERIES: number = 3
/** Maximum number of concurrent reads of materialized endpoints (source: PostHog's docs). */
export const MAX_CONCURRENT_TABLE_READS: number = 10
/** Maximum time that a query waits for a slot, in milliseconds. */
export const MAX_QUERY_WAIT_MS: number = 30_000

/** Limits concurrent queries. Queries beyond the limit wait in order. */
export interface QueryGate {
  /** @throws ApiError 429 without Retry-After when no slot becomes free in time. */
  run<T>(query: () => Promise<T>): Promise<T>
}

/** Creates a gate for `slots` concurrent queries. Rejects a query after `waitMs` without a slot. */
export function createQueryGate(slots: number, waitMs: number): QueryGate {
  const waiting: (() => void)[] = []
  let running = 0

  const acquire = (): Promise<void> | void => {
    if (running < slots) {
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
  // A free slot goes straight to the query that waited longest, so `running` does not change.
  const release = (): void => {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
  return {
    async run(query) {
      await acquire()
      try {
        return await query()
      } finally {
        release()
      }
    },
  }
}
