import { envelope } from '../../http/api-error.ts'
import { isObject, stableJson } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import { currentUser } from '../../store/account.ts'
import { type FlagRecord, type FlagSettings, versionOf } from './flag-record.ts'

type Changes = Partial<FlagSettings>

/**
 * What is left of changes that somebody made to an older version: `original_flag` tells what they saw. Fields that they
 * left as they saw them are dropped.
 *
 * @throws ApiError 409 when a field that they changed was changed by another edit since, to something else.
 */
export function mergeEdit(
  world: ServerState,
  flag: FlagRecord,
  changes: Changes,
  body: Readonly<Record<string, unknown>>,
): Changes {
  const { version, original_flag: original } = body
  const isStale = version !== undefined && version !== null && version !== versionOf(flag)
  if (!isStale || !isObject(original)) return changes
  const current: Readonly<Record<string, unknown>> = { ...flag.settings }
  const edited = Object.entries(changes).filter(
    ([field, value]) => !(field in original) || !same(value, original[field]),
  )
  const conflict = edited.some(
    ([field, value]) =>
      field in original && !same(original[field], current[field]) && !same(value, current[field]),
  )
  if (conflict) {
    const { email } = currentUser(world)
    const detail =
      `The feature flag was updated by ${email} since you started editing it. ` +
      'Please refresh and try again.'
    throw envelope(409, 'server_error', 'conflict', detail)
  }
  return Object.fromEntries(edited)
}

function same(one: unknown, other: unknown): boolean {
  return stableJson(one) === stableJson(other)
}
