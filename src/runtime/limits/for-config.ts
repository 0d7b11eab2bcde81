import { defaults } from '../config/defaults.ts'
import type { Config } from '../config/resolve.ts'
import type { Platform } from '../platform.ts'
import { guardStore } from './guarded-store.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { memoryStore } from './memory-store.ts'

/** The limiter of a client and those derived from it. */
export function limiterFor({ limits, region, log }: Config, platform: Platform): Limiter {
  const { store, storeTimeout, mode, rates, queriesAtOnce, tableReadsAtOnce } = limits || {}
  return createLimiter({
    platform,
    store:
      store === undefined
        ? memoryStore(platform.monotonic)
        : guardStore(store, {
            platform,
            timeout: storeTimeout ?? defaults.limitStoreTimeout,
            onFailure: (error) =>
              log.warn(
                `The limit store failed. Requests are counted in this process for now: ${String(error)}`,
              ),
          }),
    // A self-hosted PostHog has no limits by default.
    mode: mode ?? (region === undefined ? 'learn' : 'count'),
    config: {
      rates: rates ?? {},
      queriesAtOnce: queriesAtOnce ?? defaults.queriesAtOnce,
      tableReadsAtOnce: tableReadsAtOnce ?? defaults.tableReadsAtOnce,
    },
  })
}
