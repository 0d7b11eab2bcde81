import type { Call } from '../../http/route.ts'
import { currentUser, USER } from '../../store/account.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { isEligibleForExperiment } from './flag-filters.ts'
import { experimentsOn, featuresOn, surveysOn } from './flag-links.ts'
import { type FlagRecord, type FlagVersion, versionOf } from './flag-record.ts'
import { flagStatus } from './flag-status.ts'

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
    surveys: surveysOn(state, project, flag),
    features: featuresOn(state, project, flag),
    rollback_conditions: null,
    performed_rollback: false,
    can_edit: true,
    // PostHog no longer creates a dashboard for the usage of a flag.
    usage_dashboard: null,
    has_enriched_analytics: null,
    is_used_in_replay_settings: false,
    is_eligible_for_experiment: isEligibleForExperiment(flag.filters),
    status: flagStatus(flag, state.now()).status.toUpperCase(),
  }
}

/** A flag as embedded in other records, such as experiments. */
export function nestedFlagView(state: Call['state'], flag: FlagRecord | undefined): JsonRecord | null {
  if (flag === undefined) return null
  const { versions, created_at, updated_at, last_called_at, ...shown } = flag
  return { ...shown, team_id: state.projectId, version: versionOf(flag) }
}

const MINIMAL_MEMBERS = [
  'name',
  'key',
  'filters',
  'deleted',
  'active',
  'ensure_experience_continuity',
  'has_encrypted_payloads',
  'evaluation_runtime',
  'bucketing_identifier',
  'evaluation_contexts',
]

/** A flag as lists of evaluated flags show it. */
export function minimalFlagView(state: Call['state'], flag: FlagRecord): JsonRecord {
  const members = MINIMAL_MEMBERS.map((name) => [name, flag[name] ?? null] as const)
  return { id: flag.id, team_id: state.projectId, ...Object.fromEntries(members), version: versionOf(flag) }
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
