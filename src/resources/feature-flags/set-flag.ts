import { type OptionNames, refuseUnknown, unexpected } from '../../runtime/config/check-options.ts'
import { BadRequestError, NotFoundError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { requireId, requireObject, requireText } from '../check-arguments.ts'
import type { BodyOf, CallOptions, Requester } from '../requester.ts'
import { type EditedFlag, type EditOptions, editFlag, editOptionNames } from './edit-flag.ts'
import { all, type FeatureFlag, type FeatureFlagChanges, findFlag, one, readFlag } from './flag.ts'

/** What a flag is to be like. Fields that are left out stay as they are. */
export type FlagDefinition = Omit<FeatureFlagChanges, 'key'>

/** What became of a flag. */
export interface EnsuredFlag {
  readonly flag: FeatureFlag
  /** Whether it was made now. */
  readonly created: boolean
  /** The fields that were different. */
  readonly changes: EditedFlag['changes']
}

/** Makes a flag if there is none with the key, and else changes what is different. */
export async function ensureFlag(
  api: Requester,
  key: string,
  definition: FlagDefinition = {},
  options: CallOptions = {},
): Promise<EnsuredFlag> {
  requireText('key', key)
  requireObject('definition', definition)
  const found = await findFlag(api, key, options)
  if (found === undefined) {
    try {
      const body: BodyOf<`POST ${typeof all}`> = { ...definition, key }
      return { flag: await api.request(`POST ${all}`, { body }, options), created: true, changes: {} }
    } catch (error) {
      // Somebody else may have made it meanwhile.
      const twin =
        error instanceof BadRequestError && error.attr === 'key'
          ? await findFlag(api, key, options)
          : undefined
      if (twin === undefined) throw error
    }
  }
  const { flag, changes } = await editFlag(
    api,
    key,
    (draft) => void Object.assign(draft, definition, { key }),
    options,
  )
  return { flag, created: false, changes }
}

/** Switches a flag on or off, by its id or key. */
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
    // Older servers have no such action, and take the field.
    if (!(error instanceof NotFoundError) || !error.routeUnknown) throw error
    return api.request(`PATCH ${one}`, { path: { id }, body: { active } }, options)
  }
}

/** Options of a rollout. */
export interface RolloutOptions extends EditOptions {
  /** Which of several groups of conditions, counted from 0. May be left out when there is one, or none. */
  readonly group?: number | undefined
}

const optionNames: OptionNames<RolloutOptions> = { ...editOptionNames, group: true }

/** What a rollout did. */
export interface Rollout extends EditedFlag {
  /** Percent before; undefined where none was set, which is for all that the conditions fit. */
  readonly from: number | undefined
  /** Percent now. */
  readonly to: number
}

/** Sets for how many of those that the conditions fit a flag is on. */
export async function setRollout(
  api: Requester,
  id: number | string,
  percentage: number,
  wanted: RolloutOptions = {},
): Promise<Rollout> {
  refuseUnknown('setRollout', wanted, optionNames)
  const { group, ...options } = wanted
  if (group !== undefined && !(Number.isInteger(group) && group >= 0)) {
    throw unexpected('`group`', group, 'a whole number from 0')
  }
  if (typeof percentage !== 'number' || !(percentage >= 0 && percentage <= 100)) {
    throw unexpected(
      '`percentage`',
      percentage,
      'a number from 0 to 100',
      'Pass percent: 25 is a quarter of the users.',
    )
  }
  let from: number | undefined
  const edited = await editFlag(
    api,
    id,
    (draft) => {
      const { groups: found } = draft.filters
      const groups = found?.length ? found : [{ properties: [] }]
      draft.filters = { ...draft.filters, groups }
      const chosen = groups[group ?? 0]
      if (chosen === undefined || (group === undefined && groups.length > 1)) {
        throw new ConfigurationError({
          message: `The flag "${draft.key}" has ${groups.length} groups of conditions${group === undefined ? '' : `, and none is number ${group}`}.`,
          fix: 'Name one by `group`, counted from 0.',
        })
      }
      from = chosen.rollout_percentage ?? undefined
      chosen.rollout_percentage = percentage
    },
    options,
  )
  return { ...edited, from, to: percentage }
}
