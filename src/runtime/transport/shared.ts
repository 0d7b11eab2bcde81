import { defaults } from '../config/defaults.ts'
import type { Region } from '../config/host.ts'
import type { Config } from '../config/resolve.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { Platform } from '../platform.ts'
import { createBudget, type RetryBudget } from '../retry/budget.ts'

/** What a client and those derived from it have in common. */
export interface Shared {
  readonly budget: RetryBudget
  /** Keeps within the rate limits; loaded with the first call that is counted. */
  readonly limiter: () => Promise<Limiter>
  /** Resources, by origin, that a server knows under `/api/environments/`. */
  readonly environments: Set<string>
  /** Regions of keys that were refused, by the key's stand-in. */
  readonly regions: Map<string, Promise<Region | undefined>>
}

/** A fresh start: full budget, nothing counted, nothing learned. */
export function createShared(config: Config, platform: Platform): Shared {
  let limiter: Promise<Limiter> | undefined
  return {
    budget: createBudget(defaults.retryBudget, platform.monotonic),
    limiter: () => {
      limiter ??= import('../limits/for-config.ts').then(({ limiterFor }) => limiterFor(config, platform))
      return limiter
    },
    environments: new Set(),
    regions: new Map(),
  }
}
