import { type OptionNames, rejectUnknownOptions, unexpected } from '../../runtime/config/check-options.ts'
import { BadRequestError, NotFoundError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { requireId, requireObject, requireText } from '../check-arguments.ts'
import type { BodyOf, CallOptions, Requester } from '../requester.ts'
import { type Revertible, revertible } from '../revert.ts'
import { rejectUnknownFlagFields } from './check-flag.ts'
import { type EditedFlag, type EditOptions, editableFields, editFlag, editOptionNames } from './edit-flag.ts'
import { all, type FeatureFlag, type FeatureFlagChanges, findFlag, one, readFlag } from './flag.ts'
import { revertCreation } from './revert-flag.ts'

/** The desired state of a flag. Omitted fields stay unchanged. */
export type FlagDefinition = Omit<FeatureFlagChanges, 'key'>

/** The result of `featureFlags.ensure`. */
export interface EnsuredFlag {
  readonly flag: FeatureFlag
  /** Whether the flag was created. */
  readonly created: boolean
  /** The fields that differed. */
  readonly changes: EditedFlag['changes']
}

/** Creates a flag, or updates the fields that differ if a flag with the key exists. */
export async function ensureFlag(
  api: Requester,
  key: string,
  definition: FlagDefinition = {},
  options: CallOptions = {},
): Promise<EnsuredFlag & Revertible<FeatureFlag>> {
  requireText('key', key)
  requireObject('definition', definition)
  rejectUnknownFlagFields(definition)
  const found = await findFlag(api, key, options)
  if (found === undefined) {
    try {
      const body: BodyOf<`POST ${typeof all}`> = { ...definition, key }
      const flag = await api.request(`POST ${all}`, { body }, options)
      return revertible({ flag, created: true, changes: {} }, revertCreation(api, flag, editableFields))
    } catch (error) {
      // Someone else may have created it meanwhile.
      const existing =
        error instanceof BadRequestError && error.attr === 'key'
          ? await findFlag(api, key, options)
          : undefined
      if (existing === undefined) throw error
    }
  }
  const { flag, changes, revert } = await editFlag(
    api,
    key,
    (draft) => void Object.assign(draft, definition, { key }),
    options,
  )
  return revertible({ flag, created: false, changes }, revert)
}

/** Enables or disables a flag, by id or key. */
export async function switchFlag(
  api: Requester,
  flag: number | string,
  active: boolean,
  options: CallOptions = {},
): Promise<FeatureFlag> {
  requireId('flag', flag)
  const id = typeof flag === 'number' ? flag : (await readFlag(api, flag, options)).id
  const route = active ? (`POST ${one}enable/` as const) : (`POST ${one}disable/` as const)
  try {
    return await api.request(route, { path: { id } }, options)
  } catch (error) {
    // Older servers lack these routes. Set the field instead.
    if (!(error instanceof NotFoundError) || !error.routeUnknown) throw error
    return api.request(`PATCH ${one}`, { path: { id }, body: { active } }, options)
  }
}

/** Options of `featureFlags.setRollout`. */
export interface RolloutOptions extends EditOptions {
  /** Index of the condition group, from 0. Required only if the flag has several groups. */
  readonly group?: number | undefined
}

const optionNames: OptionNames<RolloutOptions> = { ...editOptionNames, group: true }

/** The result of `featureFlags.setRollout`. */
export interface Rollout extends EditedFlag {
  /** Percentage before; undefined if none was set, which means 100. */
  readonly from: number | undefined
  /** Percentage now. */
  readonly to: number
}

/** Sets the rollout percentage of one condition group of a flag. */
export async function setRollout(
  api: Requester,
  id: number | string,
  percentage: number,
  rolloutOptions: RolloutOptions = {},
): Promise<Rollout & Revertible<FeatureFlag>> {
  rejectUnknownOptions('setRollout', rolloutOptions, optionNames)
  const { group, ...options } = rolloutOptions
  if (group !== undefined && !(Number.isInteger(group) && group >= 0)) {
    throw unexpected('`group`', group, 'an integer from 0')
  }
  if (typeof percentage !== 'number' || !(percentage >= 0 && percentage <= 100)) {
    throw unexpected(
      '`percentage`',
      percentage,
      'a number from 0 to 100',
      'Pass a percentage: 25 is a quarter of the users.',
    )
  }
  let from: number | undefined
  const edited = await editFlag(
    api,
    id,
    (draft) => {
      const { groups: existing } = draft.filters
      const groups = existing?.length ? existing : [{ properties: [] }]
      draft.filters = { ...draft.filters, groups }
      const chosen = groups[group ?? 0]
      if (chosen === undefined || (group === undefined && groups.length > 1)) {
        throw new ConfigurationError({
          message: `The flag "${draft.key}" has ${groups.length} condition groups${group === undefined ? '' : `, but none with index ${group}`}.`,
          fix: 'Choose one with the option `group`, an index from 0.',
        })
      }
      from = chosen.rollout_percentage ?? undefined
      chosen.rollout_percentage = percentage
    },
    options,
  )
  return revertible({ ...edited, from, to: percentage }, edited.revert)
}
