import { type OptionNames, refuseUnknown } from '../../runtime/config/check-options.ts'
import { requireId, requireList, requireObject, requireText } from '../check-arguments.ts'
import { projectFacts } from '../project-facts.ts'
import type { CallOptions, Requester, ResponseOf } from '../requester.ts'
import { sameJson } from './edit-flag.ts'
import { all, type FeatureFlag } from './flag.ts'

const route = 'POST /api/organizations/{organization_id}/feature_flags/copy_flags/'

/** Where a flag is to be copied. */
export interface FlagCopy {
  /** Projects of the same organization, by number. */
  readonly to: readonly number[]
  /** Whether the copies are switched off. Default: `false`. */
  readonly disabled?: boolean | undefined
  /** Whether planned changes are copied too. Default: `false`. */
  readonly schedule?: boolean | undefined
}

const copyNames: OptionNames<FlagCopy> = { to: true, disabled: true, schedule: true }

/** What became of the copies. */
export interface CopiedFlag {
  readonly copied: readonly FeatureFlag[]
  /** Projects that PostHog did not copy it to, and why. */
  readonly failed: ResponseOf<typeof route>['failed']
}

/** Copies a flag to other projects; one that is there with the same key is changed. */
export async function copyFlag(
  api: Requester,
  key: string,
  copy: FlagCopy,
  options: CallOptions = {},
): Promise<CopiedFlag> {
  requireText('key', key)
  requireObject('copy', copy)
  refuseUnknown('copy', copy, copyNames)
  const { to, disabled = false, schedule = false } = copy
  requireList('to', to)
  for (const project of to) requireId('to', project)
  const { id, organization } = await projectFacts(api, options)
  const body = {
    feature_flag_key: key,
    from_project: id,
    target_project_ids: [...to],
    ...(disabled ? { disable_copied_flag: true } : {}),
    ...(schedule ? { copy_schedule: true } : {}),
  }
  const path = { organization_id: api.config.organizationId ?? organization }
  const { success, failed } = await api.request(route, { path, body }, options)
  return { copied: success, failed }
}

/** Fields that make flags of two projects different. Tags do not: PostHog leaves them out of copies. */
const compared = ['active', 'name', 'filters', 'ensure_experience_continuity'] as const
/** Flags of a project at most. */
const most = 10_000

/** How the flags of two projects differ, by key. */
export interface FlagComparison {
  readonly same: readonly string[]
  readonly different: readonly { readonly key: string; readonly fields: readonly string[] }[]
  readonly onlyHere: readonly string[]
  readonly onlyThere: readonly string[]
}

/** Compares the flags of the client's project with those of another one. */
export async function compareFlags(
  api: Requester,
  project: number | string,
  options: CallOptions = {},
): Promise<FlagComparison> {
  requireId('project', project)
  const read = async (path: object): Promise<Map<string, FeatureFlag>> => {
    const flags = await api.list(`GET ${all}`, { path }, options).toArray({ max: most })
    return new Map(flags.map((flag) => [flag.key, flag]))
  }
  const [here, there] = await Promise.all([read({}), read({ project_id: project })])
  const same: string[] = []
  const different: { key: string; fields: string[] }[] = []
  for (const [key, flag] of here) {
    const other = there.get(key)
    if (other === undefined) continue
    const fields = compared.filter((field) => !sameJson(flag[field], other[field]))
    if (fields.length === 0) same.push(key)
    else different.push({ key, fields })
  }
  return {
    same,
    different,
    onlyHere: [...here.keys()].filter((key) => !there.has(key)),
    onlyThere: [...there.keys()].filter((key) => !here.has(key)),
  }
}
