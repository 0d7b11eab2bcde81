import { defaults } from '../config/defaults.ts'
import type { Config } from '../config/resolve.ts'
import type { Platform } from '../platform.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { memoryStore } from './memory-store.ts'

/** The limiter of a client and those derived from it. */
export function limiterFor({ limits, region, log }: Config, platform: Platform): Limiter {
  const { store, mode, rates = {}, queriesAtOnce, tableReadsAtOnce } = limits || {}
  return createLimiter({
    platform,
    store: store ?? memoryStore(platform.monotonic),
    // A self-hosted PostHog limits nothing as it comes.
    counts: (mode ?? (region === undefined ? 'learn' : 'count')) === 'count',
    numbers: {
      rates,
      queriesAtOnce: queriesAtOnce ?? defaults.queriesAtOnce,
      tableReadsAtOnce: tableReadsAtOnce ?? defaults.tableReadsAtOnce,
    },
    onStoreFailure: (error) =>
      log.warn(`The store of the rate limits failed, requests go uncounted: ${String(error)}`),
  })
}
