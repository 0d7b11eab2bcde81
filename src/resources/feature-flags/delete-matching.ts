import { type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { requireObject } from '../check-arguments.ts'
import type { BodyOf, CallOptions, QueryOf, Requester, ResponseOf } from '../requester.ts'
import { all } from './flag.ts'

const route = 'POST /api/projects/{project_id}/feature_flags/bulk_delete/'

/** Filters of flags, as in the list of PostHog's app. */
export type FlagFilters = NonNullable<BodyOf<typeof route>['filters']>

const filterNames: OptionNames<FlagFilters> = {
  active: true,
  archived: true,
  created_by_id: true,
  evaluation_runtime: true,
  excluded_properties: true,
  excluded_tags: true,
  has_evaluation_contexts: true,
  search: true,
  tags: true,
  type: true,
}

/** Options of `featureFlags.deleteMatching`. */
export interface DeleteMatchingOptions extends CallOptions {
  /** Reads the matching flags and deletes none. Default: `false`. */
  readonly dryRun?: boolean | undefined
}

/** The result of `featureFlags.deleteMatching`. */
export interface MatchingDeletion {
  /** Keys of the flags that match, including those that PostHog could not delete. */
  readonly matched: readonly string[]
  /** The deleted flags and their rollout. */
  readonly deleted: ResponseOf<typeof route>['deleted']
  /** Flags that PostHog could not delete, with the reasons. */
  readonly failed: ResponseOf<typeof route>['errors']
}

/** Soft-deletes all flags that match filters. */
export async function deleteMatching(
  api: Requester,
  filters: FlagFilters,
  { dryRun = false, ...options }: DeleteMatchingOptions = {},
): Promise<MatchingDeletion> {
  requireObject('filters', filters)
  rejectUnknownOptions('filters', filters, filterNames)
  if (Object.values(filters).every((value) => value === undefined)) {
    throw new ConfigurationError({
      message: 'featureFlags.deleteMatching got no filter; expected at least one.',
      fix: "Pass a filter, such as { active: 'STALE' }. To delete all flags, pass their ids to deleteMany.",
    })
  }
  if (dryRun) {
    const matched: string[] = []
    for await (const { key } of api.list(`GET ${all}`, { query: listQuery(filters) }, options))
      matched.push(key)
    return { matched, deleted: [], failed: [] }
  }
  const { deleted, errors } = await api.request(route, { body: { filters } }, options)
  const matched = [...deleted, ...errors].map(({ id, key }) => key ?? String(id))
  return { matched, deleted, failed: errors }
}

/** The list takes the same filters as text: tags as JSON. */
function listQuery(filters: FlagFilters): QueryOf<`GET ${typeof all}`> {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined)
  const text = given.map(([name, value]) => {
    return [name, Array.isArray(value) ? JSON.stringify(value) : String(value)]
  })
  return Object.fromEntries(text)
}
