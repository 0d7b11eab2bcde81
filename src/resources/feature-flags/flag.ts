import { notFound, requireId, requireText } from '../check-arguments.ts'
import type { BodyOf, CallOptions, Requester, ResponseOf } from '../requester.ts'

/** A feature flag. */
export type FeatureFlag = ResponseOf<`GET ${typeof one}`>

/** What may be written of a flag. */
export type FeatureFlagChanges = Omit<BodyOf<`PATCH ${typeof one}`>, 'version' | 'original_flag' | 'deleted'>

/** A flag by its id or key. */
export async function readFlag(
  api: Requester,
  flag: number | string,
  options: CallOptions = {},
): Promise<FeatureFlag> {
  requireId('flag', flag)
  if (typeof flag === 'string') return flagByKey(api, flag, options)
  return api.request(`GET ${one}`, { path: { id: flag } }, options)
}

/** The flag whose key is just this. */
export async function flagByKey(
  api: Requester,
  key: string,
  options: CallOptions = {},
): Promise<FeatureFlag> {
  const found = await findFlag(api, key, options)
  if (found === undefined) throw notFound(`GET ${all}`, `feature flag with the key "${key}"`)
  return found
}

/** The flag whose key is just this, if there is one. */
export async function findFlag(
  api: Requester,
  key: string,
  options: CallOptions = {},
): Promise<FeatureFlag | undefined> {
  requireText('key', key)
  // PostHog looks for the text in keys and names alike, and more than one flag may have it.
  for await (const flag of api.list(`GET ${all}`, { query: { search: key } }, options)) {
    if (flag.key === key) return flag
  }
  return undefined
}

/** The path of all flags. */
export const all = '/api/projects/{project_id}/feature_flags/'
/** The path of one flag. */
export const one = '/api/projects/{project_id}/feature_flags/{id}/'
