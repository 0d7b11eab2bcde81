import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { USER } from '../../store/account.ts'
import { variantsOf } from './flag-conditions.ts'
import type { FlagRecord } from './flag-record.ts'
import { flagStatus } from './flag-status.ts'
import { flagView } from './flag-view.ts'

type Test = (flag: FlagRecord, value: string, world: ServerState) => boolean

/** The filters of the list. One that is not understood is passed over. */
const FILTERS: Readonly<Record<string, Test>> = {
  active: ({ settings, ...flag }, value, world) =>
    value === 'STALE'
      ? flagStatus({ settings, ...flag }, world.now()).status === 'stale'
      : settings.active === (value === 'true'),
  archived: ({ settings }, value) => settings.archived === (value === 'true'),
  created_by_id: (_flag, value) => value === String(USER.id),
  key: ({ settings }, value) => settings.key.toLowerCase() === value.trim().toLowerCase(),
  search: ({ settings }, value) => {
    const pattern = value.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return new RegExp(pattern.replaceAll(' ', '[\\s_-]*'), 'i').test(`${settings.key}\n${settings.name}`)
  },
  type: ({ settings, ...flag }, value, world) => {
    const many = variantsOf(settings.filters).length > 0
    if (value === 'boolean') return !many
    if (value === 'multivariant') return many
    if (value === 'remote_config') return settings.is_remote_configuration
    return value !== 'experiment' || world.data.links.experimentsOn({ settings, ...flag }).length > 0
  },
  evaluation_runtime: ({ settings }, value) => settings.evaluation_runtime === value,
  has_evaluation_contexts: ({ settings }, value) =>
    settings.evaluation_contexts.length > 0 === (value === 'true'),
  tags: ({ settings }, value) => {
    const wanted = listIn(value)
    return wanted.length === 0 || wanted.some((tag) => settings.tags.includes(tag))
  },
  excluded_tags: ({ settings }, value) => !listIn(value).some((tag) => settings.tags.includes(tag)),
  excluded_properties: ({ settings }, value) => !listIn(value).includes(settings.key),
}

/** GET the list, newest first, without the deleted ones. */
export function listFlags({ world, url, project }: Call): Response {
  const asked = [...url.searchParams].filter(([name, value]) => value !== '' && Object.hasOwn(FILTERS, name))
  const flags = world.data.stores.flags
    .filter((flag) => flag.project === project && !flag.settings.deleted)
    .filter((flag) => asked.every(([name, value]) => FILTERS[name]?.(flag, value, world)))
    .reverse()
  const page = offsetPage(flags, url, world.pageSize)
  return jsonResponse(200, { ...page, results: page.results.map((flag) => flagView(world, flag)) })
}

function listIn(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.map(String) : []
  } catch {
    return []
  }
}
