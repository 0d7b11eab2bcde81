import { type OptionNames, refuseUnknown, unexpected } from '../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import type { Requester } from '../requester.ts'
import { type EditedFlag, type EditOptions, editFlag, editOptionNames } from './edit-flag.ts'

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
