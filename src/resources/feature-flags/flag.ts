import { notFound, requireId, requireText } from '../check-arguments.ts'
import { pickFields } from '../json-fields.ts'
import type { BodyOf, CallOptions, Requester, ResponseOf } from '../requester.ts'

/** Path of all flags. */
export const all = '/api/projects/{project_id}/feature_flags/'
/** Path of one flag. */
export const one = '/api/projects/{project_id}/feature_flags/{id}/'

/** A feature flag. */
export interface FeatureFlag extends ResponseOf<`GET ${typeof one}`> {}

/** Writable fields of a flag. */
export type FeatureFlagChanges = Omit<BodyOf<`PATCH ${typeof one}`>, 'version' | 'original_flag' | 'deleted'>

/** Reads a flag by id or key. */
export async function readFlag(
  api: Requester,
  flag: number | string,
  options: CallOptions = {},
): Promise<FeatureFlag> {
  requireId('flag', flag)
  if (typeof flag === 'string') return flagByKey(api, flag, options)
  return api.request(`GET ${one}`, { path: { id: flag } }, options)
}

/**
 * Reads a flag by its exact key.
 *
 * @throws NotFoundError if it does not exist
 */
export async function flagByKey(
  api: Requester,
  key: string,
  options: CallOptions = {},
): Promise<FeatureFlag> {
  const found = await findFlag(api, key, options)
  if (found === undefined) throw notFound(`GET ${all}`, `feature flag with the key "${key}"`)
  return found
}

/** Finds a flag by its exact key. Returns undefined if there is none. */
export async function findFlag(
  api: Requester,
  key: string,
  options: CallOptions = {},
): Promise<FeatureFlag | undefined> {
  requireText('key', key)
  // PostHog searches keys and names for a substring, so several flags may match.
  for await (const flag of api.list(`GET ${all}`, { query: { search: key } }, options)) {
    if (flag.key === key) return flag
  }
  return undefined
}

/** Reads the latest state of a flag. */
export function rereadFlag(
  api: Requester,
  { id }: FeatureFlag,
  options: CallOptions,
): PromiseLike<FeatureFlag> {
  return api.request(`GET ${one}`, { path: { id } }, options)
}

/** Writes fields of a flag. PostHog responds 409 if someone changed one of them since `flag` was read. */
export function writeFlag(
  api: Requester,
  flag: FeatureFlag,
  changes: FeatureFlagChanges,
  options: CallOptions,
): PromiseLike<FeatureFlag> {
  const { version } = flag
  const guard =
    typeof version === 'number' ? { version, original_flag: pickFields(flag, Object.keys(changes)) } : {}
  return api.request(`PATCH ${one}`, { path: { id: flag.id }, body: { ...changes, ...guard } }, options)
}
