import { conditionSets, type Variant, variantsOf } from './flag-filters.ts'
import type { FlagRecord } from './flag-record.ts'

/** The usage status of a flag, with the reason. */
export interface FlagStatus {
  readonly status: 'active' | 'stale' | 'archived' | 'deleted' | 'unknown'
  readonly reason: string
}

/** The rollout of a flag, as in the response to a bulk delete. */
export interface RolloutState {
  readonly rollout_state: 'fully_rolled_out' | 'not_rolled_out' | 'partial'
  readonly active_variant: string | null
}

const STALE_MS = 30 * 86_400_000

/** The status of a flag. It is stale after 30 days without calls, or with the same value for everybody. */
export function flagStatus(flag: FlagRecord | undefined, now: Date): FlagStatus {
  if (flag === undefined) return { status: 'unknown', reason: 'Flag could not be found' }
  if (flag.deleted) return { status: 'deleted', reason: 'Flag has been deleted' }
  if (flag.archived) return { status: 'archived', reason: 'Flag has been archived' }
  if (!flag.active) return { status: 'active', reason: 'Flag is disabled (not evaluated for staleness)' }
  if (flag.last_called_at !== null) {
    const old = now.getTime() - Date.parse(flag.last_called_at) > STALE_MS
    return old
      ? { status: 'stale', reason: 'Flag was last evaluated more than 30 days ago' }
      : { status: 'active', reason: 'Flag was evaluated in the last 30 days' }
  }
  const old = now.getTime() - Date.parse(flag.created_at) > STALE_MS
  if (old && isFullyRolledOut(flag)) {
    return { status: 'stale', reason: 'Flag has one value for everybody for more than 30 days' }
  }
  return { status: 'active', reason: 'Flag has no usage data yet' }
}

/**
 * The rollout of a flag.
 *
 * @see PostHog/posthog products/feature_flags/backend/flag_status.py, get_rollout_summary
 */
export function rolloutState(flag: FlagRecord): RolloutState {
  const variants = variantsOf(flag.filters)
  if (isFullyRolledOut(flag)) {
    return { rollout_state: 'fully_rolled_out', active_variant: variantForAll(flag, variants) }
  }
  const rollouts = conditionSets(flag.filters).map(({ rollout }) => rollout)
  const isOff = rollouts.length > 0 && Math.max(...rollouts) === 0
  return { rollout_state: isOff ? 'not_rolled_out' : 'partial', active_variant: null }
}

function isFullyRolledOut(flag: FlagRecord): boolean {
  const sets = conditionSets(flag.filters)
  const variants = variantsOf(flag.filters)
  if (variants.length === 0) return sets.length === 0 || setsForEverybody(flag).length > 0
  return setsForEverybody(flag).length > 0 && variantForAll(flag, variants) !== null
}

function setsForEverybody({ filters }: FlagRecord): ReturnType<typeof conditionSets> {
  return conditionSets(filters).filter(
    ({ rollout, properties }) => rollout >= 100 && Array.isArray(properties) && properties.length === 0,
  )
}

/** The variant of everybody: the override of a condition set for everybody, or the only one with 100 %. */
function variantForAll(flag: FlagRecord, variants: readonly Variant[]): string | null {
  const override = setsForEverybody(flag).find(({ variant }) => variant !== null)?.variant
  return override ?? variants.find(({ rollout }) => rollout >= 100)?.key ?? null
}
