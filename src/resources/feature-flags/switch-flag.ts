import { NotFoundError } from '../../runtime/errors/api-errors.ts'
import { requireId } from '../check-arguments.ts'
import type { CallOptions, Requester } from '../requester.ts'
import { type FeatureFlag, readFlag } from './flag.ts'
import { one } from './paths.ts'

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
