import { BadRequestError } from '../../runtime/errors/api-errors.ts'
import { requireObject, requireText } from '../check-arguments.ts'
import type { CallOptions, Requester } from '../requester.ts'
import type { BodyOf } from '../routes.ts'
import { type EditedFlag, editFlag } from './edit-flag.ts'
import { type FeatureFlag, type FeatureFlagChanges, findFlag } from './flag.ts'
import { all } from './paths.ts'

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
