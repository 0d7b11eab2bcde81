import { COHORTS, membersOf } from '../resources/cohorts/membership.ts'
import { storedProject } from '../resources/organizations/projects.ts'
import { readPersons } from '../resources/persons/person-table.ts'
import type { ServerState } from '../server-state.ts'
import { collectionOf, type StoredRecord } from '../store/collection.ts'
import { ACTIONS } from '../store/kinds.ts'
import { createHogqlValues, type HogqlValues } from './hogql-values.ts'

/** The settings of the project that change the result of a query. */
export interface ProjectSettings {
  /** IANA name, such as `Europe/Berlin`. */
  readonly timezone: string
  readonly startsWeekOnMonday: boolean
  /** Property filters that `filterTestAccounts` adds. */
  readonly testAccountFilters: unknown
  /** Regular expressions and their replacements in paths, in order. */
  readonly pathCleaning: readonly { readonly regex: string; readonly alias: string }[]
}

/** What filters refer to: the values of the query, actions, cohorts, the project and the time. */
export interface FilterContext {
  readonly values: HogqlValues
  readonly project: ProjectSettings
  readonly now: Date
  /** An action of the project. Undefined for an unknown or deleted one. */
  readonly action: (id: unknown) => StoredRecord | undefined
  /** Name and members of a cohort. Undefined for an unknown or deleted one. */
  readonly cohort: (id: unknown) => CohortMembers | undefined
}

/** A cohort with the ids of its members. */
export interface CohortMembers {
  readonly id: number
  readonly name: string
  readonly persons: readonly string[]
}

/**
 * Reads what the filters of a query refer to.
 *
 * @param query Anything with filters. Persons are read only when it, or what it refers to, mentions a cohort.
 */
export async function readFilterContext(
  state: ServerState,
  query: unknown,
  values: HogqlValues = createHogqlValues(),
): Promise<FilterContext> {
  const project = projectSettings(state)
  const actions = collectionOf(state, ACTIONS)
  const cohorts = collectionOf(state, COHORTS)
  const now = state.now()
  const needsPersons = (): boolean => {
    if (cohorts.all().length === 0) return false
    const mentioned = JSON.stringify([query, project.testAccountFilters])
    if (/cohort/i.test(mentioned)) return true
    return /action/i.test(mentioned) && /cohort/i.test(JSON.stringify(actions.all()))
  }
  const persons = needsPersons() ? await readPersons(state) : []
  return {
    values,
    project,
    now,
    action: (id) => {
      const action = actions.get(id)
      return action?.['deleted'] === true ? undefined : action
    },
    cohort: (id) => {
      const cohort = cohorts.get(id)
      if (cohort === undefined || cohort.deleted) return undefined
      const members = membersOf(cohort, persons, cohorts.all(), now)
      return { id: cohort.id, name: cohort.name, persons: members.map(({ uuid }) => uuid) }
    },
  }
}

/** The project's settings, with PostHog's defaults. */
export function projectSettings(state: ServerState): ProjectSettings {
  const project = storedProject(state, state.projectId)
  const cleaning = project['path_cleaning_filters']
  return {
    timezone: String(project['timezone'] ?? 'UTC'),
    startsWeekOnMonday: project['week_start_day'] === 1,
    testAccountFilters: project['test_account_filters'] ?? [],
    pathCleaning: (Array.isArray(cleaning) ? cleaning : []).map(
      ({ regex, alias }: Record<string, unknown>) => ({
        regex: String(regex ?? ''),
        alias: String(alias ?? ''),
      }),
    ),
  }
}
