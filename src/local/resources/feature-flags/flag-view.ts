import type { Call } from '../../http/route.ts'
import { currentUser, USER } from '../../store/account.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { conditionSets, variantsOf } from './flag-filters.ts'
import { experimentsOn, type FlagRecord, type FlagVersion, versionOf } from './flag-record.ts'

/** The usage status of a flag, with the reason. */
export interface FlagStatus {
  readonly status: 'active' | 'stale' | 'deleted' | 'unknown'
  readonly reason: string
}

const STALE_MS = 30 * 86_400_000

/** Response members of a flag besides its fields. */
export function flagView({ state, project }: Call, flag: FlagRecord): JsonRecord {
  const experiments = experimentsOn(state, project, flag)
  return {
    updated_at: flag.updated_at,
    last_modified_by: currentUser(state),
    last_called_at: flag.last_called_at,
    version: versionOf(flag),
    experiment_set: experiments.map((experiment) => experiment.id),
    experiment_set_metadata: experiments,
    surveys: {},
    features: {},
    rollback_conditions: null,
    performed_rollback: false,
    can_edit: true,
    // PostHog creates this dashboard with the flag. Here no dashboard has this id.
    usage_dashboard: flag.id,
    has_enriched_analytics: null,
    is_used_in_replay_settings: false,
    status: flagStatus(flag, state.now()).status.toUpperCase(),
  }
}

/** A flag as embedded in other records, such as experiments. */
export function nestedFlagView(state: Call['state'], flag: FlagRecord | undefined): JsonRecord | null {
  if (flag === undefined) return null
  const { versions, created_at, updated_at, last_called_at, ...shown } = flag
  return { ...shown, team_id: state.projectId, version: versionOf(flag) }
}

/** A version of a flag. */
export function versionView(flag: FlagRecord, { version, at, settings }: FlagVersion): JsonRecord {
  const { tags, evaluation_contexts, archived, ...shown } = settings
  return {
    id: flag.id,
    ...shown,
    version,
    created_at: flag.created_at,
    created_by: USER.id,
    last_called_at: flag.last_called_at,
    has_enriched_analytics: null,
    rollback_conditions: null,
    performed_rollback: false,
    is_historical: version !== versionOf(flag),
    version_timestamp: at,
    modified_by: USER.id,
  }
}

/** The status of a flag. It is stale after 30 days without calls, or with the same value for everybody. */
export function flagStatus(flag: FlagRecord | undefined, now: Date): FlagStatus {
  if (flag === undefined) return { status: 'unknown', reason: 'Flag could not be found' }
  if (flag.deleted) return { status: 'deleted', reason: 'Flag has been deleted' }
  if (flag.last_called_at !== null) {
    const old = now.getTime() - Date.parse(flag.last_called_at) > STALE_MS
    return old
      ? { status: 'stale', reason: 'Flag was last evaluated more than 30 days ago' }
      : { status: 'active', reason: 'Flag was evaluated in the last 30 days' }
  }
  const old = now.getTime() - Date.parse(flag.created_at) > STALE_MS
  if (old && flag.active && isSameForAll(flag)) {
    return { status: 'stale', reason: 'Flag has one value for everybody for more than 30 days' }
  }
  return { status: 'active', reason: 'Flag is not fully rolled out' }
}

function isSameForAll({ filters }: FlagRecord): boolean {
  const variants = variantsOf(filters)
  return conditionSets(filters).some((set) => {
    const everybody = set.rollout >= 100 && Array.isArray(set.properties) && set.properties.length === 0
    const oneValue =
      variants.length === 0 || set.variant !== null || variants.some((variant) => variant.rollout >= 100)
    return everybody && oneValue
  })
}
