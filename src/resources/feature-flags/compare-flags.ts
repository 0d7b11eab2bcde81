import { requireId } from '../check-arguments.ts'
import type { CallOptions, Requester } from '../requester.ts'
import type { FeatureFlag } from './flag.ts'
import { all } from './paths.ts'
import { sameJson } from './same-json.ts'

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
