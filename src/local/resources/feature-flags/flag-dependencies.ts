import { isObject } from '../../../shared/is-object.ts'
import { bare } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { dependenciesOf } from './flag-filters.ts'
import { type FlagRecord, flagById, flagByKey } from './flag-record.ts'

// PostHog/posthog products/feature_flags/backend/api/organization_feature_flag.py
const MAX_DEPENDENCIES = 50
const UNGATED =
  'A condition group now has no remaining constraints and will match all users at its rollout percentage — review ' +
  'and re-gate it before re-enabling this flag.'

/** Which dependencies of a flag a copy would create. */
export interface DependencyPlan {
  readonly copied: readonly string[]
  readonly reused: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * The flags that a flag depends on, directly or not. Each comes after those that it depends on.
 *
 * @throws ApiError 400 for a circle, an unknown flag, or more than 50 flags
 */
export function allDependencies(state: ServerState, project: number, source: FlagRecord): FlagRecord[] {
  const found: FlagRecord[] = []
  const visit = (flag: FlagRecord, path: readonly number[]): void => {
    if (path.includes(flag.id)) {
      throw bare(
        400,
        "A circular flag dependency was detected, so dependencies can't be copied automatically. Copy the flag " +
          'without dependencies or remove the cycle first.',
      )
    }
    if (found.includes(flag)) return
    for (const id of dependenciesOf(flag.filters)) {
      const next = flagById(state, project, id)
      if (next === undefined) throw bare(400, unresolved(id))
      visit(next, [...path, flag.id])
    }
    if (flag.id !== source.id) found.push(flag)
  }
  visit(source, [])
  if (found.length <= MAX_DEPENDENCIES) return found
  throw bare(
    400,
    "This flag depends on more than 50 flags, so dependencies can't be copied automatically. Copy the flag without " +
      'dependencies or reduce the dependency chain.',
  )
}

/** Decides which dependencies a copy to one project creates. A flag is copied only with all that it needs. */
export function planDependencies(
  state: ServerState,
  target: number,
  dependencies: readonly FlagRecord[],
): DependencyPlan {
  const warnings: string[] = []
  const reused: string[] = []
  const copied: FlagRecord[] = []
  const denied = new Set<number>()
  for (const flag of dependencies) {
    const existing = flagByKey(state, target, flag.key)
    const warning = !flag.active
      ? `Cannot automatically copy dependency flag '${flag.key}' because it is disabled in the source project.`
      : existing?.active === false
        ? `Dependency copying isn't available because flag '${flag.key}' is disabled in the target project. Copy this flag without dependencies to leave that target flag unchanged.`
        : undefined
    if (warning !== undefined) warnings.push(warning)
    const isBlocked = warning !== undefined || dependenciesOf(flag.filters).some((id) => denied.has(id))
    if (existing?.active === true && flag.active) reused.push(flag.key)
    else if (isBlocked) denied.add(flag.id)
    else copied.push(flag)
  }
  return { copied: copied.map(({ key }) => key), reused, warnings }
}

/** Replaces the ids of dependencies by those of the target project, and drops the ones that it lacks. */
export function remapDependencies(
  state: ServerState,
  source: { readonly project: number; readonly filters: JsonRecord },
  target: number,
): { readonly filters: JsonRecord; readonly warnings: readonly string[] } {
  const warnings: string[] = []
  const { groups } = source.filters
  if (!Array.isArray(groups)) return { filters: source.filters, warnings }
  const remapped = groups.map((group: unknown) => {
    if (!isObject(group) || !Array.isArray(group['properties'])) return group
    const given = group['properties']
    const kept = given.flatMap((property: unknown) => {
      if (!isObject(property) || property['type'] !== 'flag') return [property]
      const id = targetOf(state, source.project, target, Number(property['key']), warnings)
      return id === undefined ? [] : [{ ...property, key: String(id) }]
    })
    if (kept.length === 0 && given.length > 0) warnings.push(UNGATED)
    return { ...group, properties: kept }
  })
  return { filters: { ...source.filters, groups: remapped }, warnings }
}

function targetOf(
  state: ServerState,
  project: number,
  target: number,
  id: number,
  warnings: string[],
): number | undefined {
  const flag = flagById(state, project, id)
  const existing = flag === undefined ? undefined : flagByKey(state, target, flag.key)
  const reason =
    flag === undefined
      ? unresolved(id)
      : !flag.active
        ? `Removed dependency on flag '${flag.key}' because that flag is disabled in the source project.`
        : existing === undefined
          ? `Removed dependency on flag '${flag.key}' because no flag with that key exists in the target project.`
          : !existing.active
            ? `Removed dependency on flag '${flag.key}' because that flag is disabled in the target project.`
            : undefined
  if (reason !== undefined) warnings.push(reason)
  return reason === undefined ? existing?.id : undefined
}

function unresolved(id: number): string {
  return `Removed a flag dependency (source flag reference ${id}) because the dependency flag could not be resolved in the source project.`
}
