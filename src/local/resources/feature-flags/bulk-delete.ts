import { isObject } from '../../../shared/is-object.ts'
import { ApiError, bare } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { bodyObject } from '../../store/read-fields.ts'
import { matchingFlags } from './filter-flags.ts'
import { dependentsOf } from './flag-filters.ts'
import { experimentsOn, featuresOn, internalFlagIds } from './flag-links.ts'
import { type FlagRecord, flagsOf } from './flag-record.ts'
import { rolloutState } from './flag-status.ts'
import { changeFlag } from './flags.ts'

const FILTERS = [
  'search',
  'active',
  'type',
  'evaluation_runtime',
  'tags',
  'excluded_tags',
  'excluded_properties',
  'has_evaluation_contexts',
  'created_by_id',
  'archived',
]
/** Maximum number of dependent flags that an error names. */
const MAX_NAMED = 3

/**
 * Deletes flags by `ids` or by `filters`. A flag that is in use stays, and the response says why.
 *
 * @see PostHog/posthog products/feature_flags/backend/api/feature_flag.py, bulk_delete
 */
export async function bulkDelete(call: Call): Promise<Response> {
  const { filters, ids } = readTargets(call)
  const { state, project } = call
  const internal = internalFlagIds(state, project)
  const all = flagsOf(state, project)
  const found =
    ids === undefined
      ? matchingFlags(call, all, filters)
      : all.filter(
          (flag) => !internal.has(flag.id) && ids.some((id) => isInteger(id) && Number(id) === flag.id),
        )
  const errors: object[] = (ids ?? [])
    .filter((id) => !found.some((flag) => isInteger(id) && flag.id === Number(id)))
    .map((id) =>
      isInteger(id) ? { id: Number(id), reason: 'Flag not found' } : { id, reason: 'Invalid flag ID format' },
    )
  const deleted: object[] = []
  for (const flag of found) {
    const { id, key } = flag
    const reason = usageOf(call, flag) ?? (await remove(call, flag))
    if (reason === undefined) deleted.push({ id, key, ...rolloutState(flag) })
    else errors.push({ id, key, reason })
  }
  return jsonResponse(200, { deleted, errors })
}

interface Targets {
  readonly filters: Readonly<Record<string, unknown>>
  readonly ids: readonly unknown[] | undefined
}

function readTargets({ body }: Call): Targets {
  const { filters = {}, ids = [] } = bodyObject(body)
  const hasFilters = isObject(filters) && Object.keys(filters).length > 0
  const hasIds = Array.isArray(ids) && ids.length > 0
  if (hasFilters && hasIds) throw bare(400, 'Provide either filters or ids, not both')
  if (hasIds) return { filters: {}, ids }
  if (!hasFilters) throw bare(400, 'Must provide either filters or ids')
  const unknown = Object.keys(filters).filter((name) => !FILTERS.includes(name))
  if (unknown.length > 0) throw bare(400, `Unknown filter keys: ${unknown.sort().join(', ')}`)
  return { filters, ids: undefined }
}

/** The reason why a flag in use cannot be deleted. */
function usageOf({ state, project }: Call, flag: FlagRecord): string | undefined {
  if (featuresOn(state, project, flag).length > 0) {
    return 'Cannot delete a feature flag that is in use with early access features'
  }
  const running = experimentsOn(state, project, flag).filter(({ is_running }) => is_running)
  if (running.length > 0) {
    const names = running.map(({ id, name }) => `"${name}" (ID: ${id})`).join(', ')
    return `Cannot delete a feature flag linked to running experiment(s): ${names}`
  }
  const dependents = dependentsOf(flagsOf(state, project), flag).filter(({ active }) => active)
  if (dependents.length === 0) return undefined
  const named = dependents.slice(0, MAX_NAMED).map(({ id, key }) => `${key} (ID: ${id})`)
  const more = dependents.length > MAX_NAMED ? [`and ${dependents.length - MAX_NAMED} more`] : []
  return `Cannot delete because other flags depend on it: ${[...named, ...more].join(', ')}`
}

async function remove(call: Call, flag: FlagRecord): Promise<string | undefined> {
  try {
    await changeFlag(call, flag, { deleted: true })
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return String(error.body['detail'])
  }
}

/** Whether an id in a body is an integer, as a number or as digits. */
export function isInteger(id: unknown): boolean {
  return Number.isInteger(id) || (typeof id === 'string' && /^\d+$/.test(id))
}
