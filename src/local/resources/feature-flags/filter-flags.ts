import type { Call } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { variantsOf } from './flag-filters.ts'
import { experimentsOn, type FlagRecord } from './flag-record.ts'
import { flagStatus } from './flag-view.ts'

type FlagFilter = (flag: FlagRecord, value: string, call: Call) => boolean

const FILTERS: Readonly<Record<string, FlagFilter>> = {
  active: (flag, value, { state }) =>
    value === 'STALE' ? flagStatus(flag, state.now()).status === 'stale' : flag.active === (value === 'true'),
  archived: ({ archived }, value) => archived === (value === 'true'),
  created_by_id: (_flag, value) => value === String(USER.id),
  key: ({ key }, value) => key.toLowerCase() === value.trim().toLowerCase(),
  search: ({ key, name }, value) => {
    const pattern = value.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
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
  has_evaluation_contexts: (flag, value) => flag.evaluation_contexts.length > 0 === (value === 'true'),
  tags: ({ tags }, value) => {
    const wanted = jsonList(value)
    return wanted.length === 0 || wanted.some((tag) => tags.includes(tag))
  },
  excluded_tags: ({ tags }, value) => !jsonList(value).some((tag) => tags.includes(tag)),
  excluded_properties: ({ key }, value) => !jsonList(value).includes(key),
}

/** Filters a list of flags by its query parameters. */
export function filterFlags(call: Call, flags: readonly FlagRecord[]): readonly FlagRecord[] {
  const given = [...call.url.searchParams].filter(
    ([name, value]) => value !== '' && Object.hasOwn(FILTERS, name),
  )
  return flags.filter((flag) => given.every(([name, value]) => FILTERS[name]?.(flag, value, call)))
}

// PostHog ignores a parameter that is not a JSON list.
function jsonList(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.map(String) : []
  } catch {
    return []
  }
}
