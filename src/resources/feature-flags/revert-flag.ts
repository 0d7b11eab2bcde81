import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { sameJson } from '../json-fields.ts'
import type { Requester } from '../requester.ts'
import { type Change, type Undo, undoChange } from '../revert.ts'
import { type FeatureFlag, type FeatureFlagChanges, one, rereadFlag, writeFlag } from './flag.ts'

/**
 * Reverts an edit by writing the earlier values of its fields. Others may have changed other fields since: PostHog keeps
 * those, and responds 409 if one of these fields changed.
 */
export function revertEdit(
  api: Requester,
  before: FeatureFlag,
  after: FeatureFlag,
  changes: FeatureFlagChanges,
): Undo<FeatureFlag> {
  return async (options) => {
    checkPayloads(before, changes)
    return undoChange({ ...changeOf(api, before, after, Object.keys(changes)), merges: true }, options)
  }
}

/** Reverts the creation of a flag by soft-deleting it, unless someone changed it since. */
export function revertCreation(
  api: Requester,
  created: FeatureFlag,
  fields: readonly string[],
): Undo<FeatureFlag> {
  return (options) => undoChange(changeOf(api, undefined, created, fields), options)
}

function changeOf(
  api: Requester,
  before: FeatureFlag | undefined,
  after: FeatureFlag,
  fields: readonly string[],
): Change<FeatureFlag> {
  return {
    name: `The flag "${after.key}"`,
    route: `PATCH ${one}`,
    before,
    after,
    fields,
    version: ({ version }) => (typeof version === 'number' ? `version ${version}` : undefined),
    read: (options) => rereadFlag(api, after, options),
    write: (changes, options) => {
      return before === undefined
        ? api.request(`PATCH ${one}`, { path: { id: after.id }, body: { deleted: true } }, options)
        : writeFlag(api, after, changes, options)
    },
  }
}

/**
 * PostHog encrypts payloads of remote config flags and never returns them, so an earlier payload is unknown.
 * Source: PostHog/posthog products/feature_flags/backend/encrypted_flag_payloads.py.
 */
function checkPayloads(
  { filters, has_encrypted_payloads, key }: FeatureFlag,
  changes: FeatureFlagChanges,
): void {
  if (has_encrypted_payloads !== true || !changes.filters) return
  if (sameJson(filters.payloads, changes.filters.payloads)) return
  throw new ConfigurationError({
    message: `The earlier payloads of the flag "${key}" are encrypted, and PostHog does not return them.`,
    fix: 'Set the payloads with `featureFlags.edit`. Nothing was written.',
  })
}
