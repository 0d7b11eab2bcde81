import { listParameter } from '../../http/parameters.ts'
import type { Call } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { isEligibleForExperiment, variantsOf } from './flag-filters.ts'
import { experimentsOn, internalFlagIds } from './flag-links.ts'
import type { FlagRecord } from './flag-record.ts'
import { flagStatus } from './flag-status.ts'

type FlagCall = Pick<Call, 'state' | 'project'>
type FlagFilter = (flag: FlagRecord, value: unknown, call: FlagCall) => boolean

// Values are text in a query and JSON in a body.
const FILTERS: Readonly<Record<string, FlagFilter>> = {
  active: (flag, value, { state }) =>
    value === 'STALE' ? flagStatus(flag, state.now()).status === 'stale' : flag.active === isTrue(value),
  archived: ({ archived }, value) => archived === isTrue(value),
  created_by_id: (_flag, value) => listParameter(String(value)).some((id) => id.trim() === String(USER.id)),
  key: ({ key }, value) => key.toLowerCase() === String(value).trim().toLowerCase(),
  search: ({ key, name }, value) => {
    const pattern = String(value)
      .trim()
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return new RegExp(pattern.replaceAll(' ', '[\\s_-]*'), 'i').test(`${key}\n${name}`)
  },
  type: (flag, value, { state, project }) => {
    const isMultivariate = variantsOf(flag.filters).length > 0
    if (value === 'boolean') return !isMultivariate
    if (value === 'multivariant') return isMultivariate
    if (value === 'remote_config') return flag['is_remote_configuration'] === true
    return value !== 'experiment' || experimentsOn(state, project, flag).length > 0
  },
  evaluation_runtime: (flag, value) => flag['evaluation_runtime'] === value,
  has_evaluation_contexts: (flag, value) => flag.evaluation_contexts.length > 0 === isTrue(value),
  eligible_for_experiment: ({ filters }, value) => !isTrue(value) || isEligibleForExperiment(filters),
  tags: ({ tags }, value) => {
    const wanted = jsonList(value)
    return wanted.length === 0 || wanted.some((tag) => tags.includes(tag))
  },
  excluded_tags: ({ tags }, value) => !jsonList(value).some((tag) => tags.includes(tag)),
  excluded_properties: ({ key }, value) => !jsonList(value).includes(key),
}

/** Filters a list of flags by its query parameters. */
export function filterFlags(call: Call, flags: readonly FlagRecord[]): readonly FlagRecord[] {
  return matchingFlags(call, flags, Object.fromEntries(call.url.searchParams))
}

/**
 * The flags that match all filters. Archived flags match only if `archived` is a filter, and flags that surveys created
 * for themselves never match.
 *
 * @see PostHog/posthog products/feature_flags/backend/api/feature_flag.py, safely_get_queryset and _apply_filters
 */
export function matchingFlags(
  call: FlagCall,
  flags: readonly FlagRecord[],
  filters: Readonly<Record<string, unknown>>,
): readonly FlagRecord[] {
  const internal = internalFlagIds(call.state, call.project)
  const given = Object.entries(filters).filter(
    ([name, value]) => value !== '' && value !== null && Object.hasOwn(FILTERS, name),
  )
  return flags
    .filter((flag) => !internal.has(flag.id))
    .filter(({ archived }) => !archived || 'archived' in filters)
    .filter((flag) => given.every(([name, value]) => FILTERS[name]?.(flag, value, call)))
}

function isTrue(value: unknown): boolean {
  return ['true', '1', 't', 'yes', 'y', 'on'].includes(String(value).toLowerCase())
}

// PostHog ignores a parameter that is not a JSON list.
function jsonList(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  try {
    const parsed: unknown = JSON.parse(String(value))
    return Array.isArray(parsed) ? parsed.map(String) : []
  } catch {
    return []
  }
}
