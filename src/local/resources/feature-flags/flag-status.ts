import { conditionSets, variantsOf } from './flag-conditions.ts'
import type { FlagRecord } from './flag-record.ts'

/** How a flag is used, and how that is known. */
export interface FlagStatus {
  readonly status: 'active' | 'stale' | 'deleted' | 'unknown'
  readonly reason: string
}

const STALE_MS = 30 * 86_400_000

/** What becomes of a flag: one that nobody asks for in 30 days, or that is the same for all that long, is stale. */
export function flagStatus(flag: FlagRecord | undefined, now: Date): FlagStatus {
  if (flag === undefined) return { status: 'unknown', reason: 'Flag could not be found' }
  if (flag.settings.deleted) return { status: 'deleted', reason: 'Flag has been deleted' }
  if (flag.last_called_at !== null) {
    const old = now.getTime() - Date.parse(flag.last_called_at) > STALE_MS
    return old
      ? { status: 'stale', reason: 'Flag was last evaluated more than 30 days ago' }
      : { status: 'active', reason: 'Flag was evaluated in the last 30 days' }
  }
  const old = now.getTime() - Date.parse(flag.created_at) > STALE_MS
  if (old && flag.settings.active && isSameForAll(flag)) {
    return { status: 'stale', reason: 'Flag has one value for everybody for more than 30 days' }
  }
  return { status: 'active', reason: 'Flag is not fully rolled out' }
}

function isSameForAll({ settings: { filters } }: FlagRecord): boolean {
  const variants = variantsOf(filters)
  return conditionSets(filters).some((set) => {
    const everybody = set.rollout >= 100 && Array.isArray(set.properties) && set.properties.length === 0
    const oneValue =
      variants.length === 0 || set.variant !== null || variants.some((variant) => variant.rollout >= 100)
    return everybody && oneValue
  })
}
