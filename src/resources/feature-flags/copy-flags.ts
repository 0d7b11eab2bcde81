import { type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { requireId, requireList, requireObject, requireText } from '../check-arguments.ts'
import { sameJson } from '../json-fields.ts'
import { projectFacts } from '../project-facts.ts'
import type { CallOptions, Requester, ResponseOf } from '../requester.ts'
import { all, type FeatureFlag } from './flag.ts'

const route = 'POST /api/organizations/{organization_id}/feature_flags/copy_flags/'

/** Options of `featureFlags.copy`. */
export interface FlagCopy {
  /** Ids of the target projects, in the same organization. */
  readonly to: readonly number[]
  /** Disables the copies. Default: `false`. */
  readonly disabled?: boolean | undefined
  /** Copies scheduled changes too. Default: `false`. */
  readonly schedule?: boolean | undefined
  /** Copies flags that the flag depends on too, if the target project has none with their key. Default: `false`. */
  readonly dependencies?: boolean | undefined
}

const copyNames: OptionNames<FlagCopy> = { to: true, disabled: true, schedule: true, dependencies: true }

/** The result of a copy. */
export interface CopiedFlag {
  /**
   * The copies. `copied_dependency_keys` names the flags that were copied with a flag. PostHog disables a copy with
   * `flag_dependency_warnings`, as a condition that loses a dependency may match everyone.
   */
  readonly copied: ResponseOf<typeof route>['success']
  /** Projects to which the copy failed, with the reasons. */
  readonly failed: ResponseOf<typeof route>['failed']
}

/** Copies a flag to other projects. An existing flag with the same key is updated. */
export async function copyFlag(
  api: Requester,
  key: string,
  copy: FlagCopy,
  options: CallOptions = {},
): Promise<CopiedFlag> {
  requireText('key', key)
  requireObject('copy', copy)
  rejectUnknownOptions('copy', copy, copyNames)
  const { to, disabled = false, schedule = false, dependencies = false } = copy
  requireList('to', to)
  for (const project of to) requireId('to', project)
  const { id, organization } = await projectFacts(api, options)
  const body = {
    feature_flag_key: key,
    from_project: id,
    target_project_ids: [...to],
    ...(disabled ? { disable_copied_flag: true } : {}),
    ...(schedule ? { copy_schedule: true } : {}),
    ...(dependencies ? { copy_dependencies: true } : {}),
  }
  const path = { organization_id: api.config.organizationId ?? organization }
  const { success, failed } = await api.request(route, { path, body }, options)
  return { copied: success, failed }
}

const requirementsRoute =
  'POST /api/organizations/{organization_id}/feature_flags/copy_flags/dependency_requirements/'

/** Whether and how the flags that a flag depends on can be copied with it. */
export interface CopyRequirements extends ResponseOf<typeof requirementsRoute> {}

/** Checks which flags a copy with dependencies would copy. */
export async function copyRequirements(
  api: Requester,
  key: string,
  to: readonly number[],
  options: CallOptions = {},
): Promise<CopyRequirements> {
  requireText('key', key)
  requireList('to', to)
  for (const project of to) requireId('to', project)
  const { id, organization } = await projectFacts(api, options)
  const body = { feature_flag_key: key, from_project: id, target_project_ids: [...to] }
  const path = { organization_id: api.config.organizationId ?? organization }
  return api.request(requirementsRoute, { path, body }, options)
}

/** Fields to compare. Tags are not compared, as PostHog does not copy them. */
const comparedFields = ['active', 'name', 'filters', 'ensure_experience_continuity'] as const
/** Maximum number of flags per project. */
const maxFlags = 10_000

/** Differences between the flags of two projects, by flag key. */
export interface FlagComparison {
  readonly same: readonly string[]
  readonly different: readonly { readonly key: string; readonly fields: readonly string[] }[]
  readonly onlyHere: readonly string[]
  readonly onlyThere: readonly string[]
}

/** Compares the flags of the client's project with those of another project. */
export async function compareFlags(
  api: Requester,
  project: number | string,
  options: CallOptions = {},
): Promise<FlagComparison> {
  requireId('project', project)
  const read = async (path: object): Promise<Map<string, FeatureFlag>> => {
    const flags = await api.list(`GET ${all}`, { path }, options).toArray({ max: maxFlags })
    return new Map(flags.map((flag) => [flag.key, flag]))
  }
  const [here, there] = await Promise.all([read({}), read({ project_id: project })])
  const same: string[] = []
  const different: { key: string; fields: string[] }[] = []
  for (const [key, flag] of here) {
    const other = there.get(key)
    if (other === undefined) continue
    const fields = comparedFields.filter((field) => !sameJson(flag[field], other[field]))
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
