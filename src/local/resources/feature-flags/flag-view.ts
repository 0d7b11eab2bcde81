import type { ServerState } from '../../server-state.ts'
import { currentUser } from '../../store/account.ts'
import { type FlagRecord, versionOf } from './flag-record.ts'
import { flagStatus } from './flag-status.ts'

/** A feature flag as the API shows it. */
export function flagView(world: ServerState, flag: FlagRecord): Record<string, unknown> {
  const { evaluation_contexts, ...settings } = flag.settings
  const user = currentUser(world)
  const experiments = world.data.links.experimentsOn(flag)
  return {
    id: flag.id,
    ...settings,
    evaluation_contexts,
    created_by: user,
    created_at: flag.created_at,
    updated_at: flag.updated_at,
    last_modified_by: user,
    last_called_at: flag.last_called_at,
    version: versionOf(flag),
    creation_context: flag.creation_context,
    experiment_set: experiments.map((experiment) => experiment.id),
    experiment_set_metadata: experiments,
    surveys: {},
    features: {},
    rollback_conditions: null,
    performed_rollback: false,
    can_edit: true,
    usage_dashboard: flag.usage_dashboard,
    has_enriched_analytics: null,
    user_access_level: 'manager',
    is_used_in_replay_settings: false,
    status: flagStatus(flag, world.now()).status.toUpperCase(),
  }
}
