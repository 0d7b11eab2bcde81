import {
  checkBoolean,
  type OptionNames,
  positiveInteger,
  rejectUnknownOptions,
} from '../../runtime/config/check-options.ts'
import { ConflictError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { requireFunction } from '../check-arguments.ts'
import { fieldOf, normalizedField, pickFields, sameJson } from '../json-fields.ts'
import { type CallOptions, callOptionNames, type Requester } from '../requester.ts'
import { type Revertible, revertible, unchanged } from '../revert.ts'
import { rejectUnknownFlagFields } from './check-flag.ts'
import { type FeatureFlag, type FeatureFlagChanges, one, readFlag, rereadFlag, writeFlag } from './flag.ts'
import { revertEdit } from './revert-flag.ts'

/** Fields that an edit may change. */
export const editableFields = [
  'active',
  'archived',
  'bucketing_identifier',
  'ensure_experience_continuity',
  'evaluation_contexts',
  'evaluation_runtime',
  'filters',
  'is_remote_configuration',
  'key',
  'name',
  'tags',
] as const

/** A mutable copy of a flag. */
export type FlagDraft = { -readonly [Field in keyof FeatureFlag]: FeatureFlag[Field] }

/** Options of `featureFlags.edit`. */
export interface EditOptions extends CallOptions {
  /** Computes the changes without sending them. Default: `false`. */
  readonly dryRun?: boolean | undefined
  /** Maximum number of edits while others change the same flag, an integer from 1. Default: 3. */
  readonly attempts?: number | undefined
}

/** Names of `EditOptions`, for validation. */
export const editOptionNames: OptionNames<EditOptions> = { ...callOptionNames, dryRun: true, attempts: true }

/** The result of an edit. */
export interface EditedFlag {
  /** The updated flag. In a dry run: the current flag. */
  readonly flag: FeatureFlag
  /** The changed fields. Empty if the edit changed nothing. */
  readonly changes: FeatureFlagChanges
  readonly dryRun: boolean
  /** Number of times the edit ran. */
  readonly attempts: number
}

/**
 * Reads a flag, applies an edit to a draft, and writes the changed fields. If someone else changed the same fields
 * meanwhile, it applies the edit again to the latest version.
 */
export async function editFlag(
  api: Requester,
  id: number | string,
  edit: (draft: FlagDraft) => unknown,
  editOptions: EditOptions = {},
): Promise<EditedFlag & Revertible<FeatureFlag>> {
  requireFunction('edit', edit)
  rejectUnknownOptions('edit', editOptions, editOptionNames)
  const { dryRun = false, attempts, ...options } = editOptions
  checkBoolean('dryRun', dryRun)
  const maxAttempts = positiveInteger('attempts', attempts, 3)
  let flag = await readFlag(api, id, options)
  for (let attempt = 1; ; attempt++) {
    const changes = await applyEdit(edit, flag)
    const outcome = { changes, dryRun, attempts: attempt }
    const fields = Object.keys(changes)
    if (dryRun || fields.length === 0) return unchanged({ flag, ...outcome }, flag)
    // Older servers have no flag versions and overwrite concurrent changes. Compare with the latest flag first.
    const latest =
      flag.version === undefined || flag.version === null ? await rereadFlag(api, flag, options) : flag
    try {
      if (!sameJson(pickFields(latest, fields), pickFields(flag, fields))) throw editConflict(flag)
      const edited = await writeFlag(api, flag, changes, options)
      return revertible({ flag: edited, ...outcome }, revertEdit(api, flag, edited, changes))
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= maxAttempts) throw error
      flag = await rereadFlag(api, flag, options)
    }
  }
}

async function applyEdit(
  edit: (draft: FlagDraft) => unknown,
  flag: FeatureFlag,
): Promise<FeatureFlagChanges> {
  const draft: FlagDraft = structuredClone(flag)
  await edit(draft)
  const changed = [...new Set([...Object.keys(flag), ...Object.keys(draft)])].filter((field) => {
    return !sameJson(normalizedField(flag, field), normalizedField(draft, field))
  })
  rejectUnknownFlagFields(Object.fromEntries(changed.map((field) => [field, fieldOf(draft, field)])), flag)
  const forbidden = changed.find((field) => !(editableFields as readonly string[]).includes(field))
  if (forbidden !== undefined) {
    throw new ConfigurationError({
      message: `The edit changed the field \`${forbidden}\` of the flag, which is read-only.`,
      fix: `Change only ${editableFields.join(', ')}; \`delete\` and \`enable\` are separate methods.`,
    })
  }
  // JSON has no undefined. Such a field stays unchanged.
  const defined = changed.filter((field) => fieldOf(draft, field) !== undefined)
  // Each name is one of `editableFields`.
  return Object.fromEntries(defined.map((field) => [field, fieldOf(draft, field)])) as FeatureFlagChanges
}

/** The error that a server with flag versions returns. */
function editConflict({ key }: FeatureFlag): ConflictError {
  return new ConflictError({
    operation: `PATCH ${one}`,
    status: 409,
    message: `Someone else changed the flag "${key}" during the edit.`,
    fix: 'Edit it again, or raise `attempts`.',
  })
}
