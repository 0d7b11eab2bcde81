import { forbidden } from '../../http/api-error.ts'
import type { Call } from '../../http/route.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { EXPERIMENTS } from '../../store/kinds.ts'
import type { FlagRecord } from '../feature-flags/flag-record.ts'
import { changeFlag } from '../feature-flags/flags.ts'

/**
 * Archives the flag of an archived experiment. An enabled flag stays unless `disable` is set; a flag of another
 * experiment always does. Returns the changed fields of the experiment.
 *
 * @see PostHog/posthog products/experiments/backend/experiment_service.py, _archive_linked_feature_flag
 * @throws ApiError 400 when active flags depend on the flag, 403 when the key may not change flags
 */
export async function archiveFlag(
  call: Call,
  experiment: StoredRecord,
  flag: FlagRecord,
  disable: boolean,
): Promise<JsonRecord> {
  if (flag.archived || (flag.active && !disable) || isShared(call, experiment, flag)) return {}
  if (!mayWriteFlags(call)) {
    if (!flag.active) return {}
    throw forbidden(
      "You don't have feature flag write access, so this experiment's feature flag can't be disabled.",
    )
  }
  await changeFlag(call, flag, { active: false, archived: true })
  return { flag_archived: true }
}

/** Restores a flag that was archived with its experiment. It stays disabled. */
export async function unarchiveFlag(
  call: Call,
  experiment: StoredRecord,
  flag: FlagRecord,
): Promise<JsonRecord> {
  if (experiment['flag_archived'] !== true) return {}
  if (flag.archived) {
    if (!mayWriteFlags(call)) return {}
    await changeFlag(call, flag, { archived: false })
  }
  return { flag_archived: false }
}

function isShared({ state }: Call, experiment: StoredRecord, flag: FlagRecord): boolean {
  return collectionOf(state, EXPERIMENTS)
    .all()
    .some(
      (other) =>
        other.id !== experiment.id &&
        other['flag'] === flag.id &&
        other['deleted'] !== true &&
        other['archived'] !== true,
    )
}

function mayWriteFlags({ key }: Call): boolean {
  return ['*', 'feature_flag:write'].some((scope) => key.scopes.includes(scope))
}
