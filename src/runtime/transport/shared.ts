import { defaults } from '../config/defaults.ts'
import type { Region } from '../config/host.ts'
import type { Config } from '../config/resolve.ts'
import { limiterFor } from '../limits/for-config.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { Platform } from '../platform.ts'
import { createBudget, type RetryBudget } from '../retry/budget.ts'

/** What a client and those derived from it have in common. */
export interface Shared {
  readonly budget: RetryBudget
  /** Keeps within the rate limits. */
  readonly limiter: Limiter
  /** Resources, by origin, that a server knows under `/api/environments/`. */
  readonly environments: Set<string>
  /** Regions of keys that were refused, by the key's stand-in. */
  readonly regions: Map<string, Promise<Region | undefined>>
}

/** A fresh start: full budget, nothing counted, nothing learned. */
export function createShared(config: Config, platform: Platform): Shared {
  return {
    budget: createBudget(defaults.retryBudget, platform.monotonic),
    limiter: limiterFor(config, platform),
    environments: new Set(),
    regions: new Map(),
  }
}
