import { invalid } from '../http/api-error.ts'
import type { CohortMembers, FilterContext } from './filter-context.ts'
import type { HogqlValues } from './hogql-values.ts'

/**
 * HogQL condition of a cohort filter: the person is a member, or is not one.
 *
 * @throws ApiError 400 for an unknown cohort.
 */
export function cohortHogql(
  filter: Readonly<Record<string, unknown>>,
  context: FilterContext,
  scope: 'event' | 'person',
): string {
  const id = filter['value']
  if (typeof id !== 'number' && typeof id !== 'string') {
    throw invalid(null, 'Cohort property value must be a cohort ID')
  }
  const inside = inCohortHogql(
    requireCohort(context, id),
    context.values,
    scope === 'person' ? 'id' : 'person_id',
  )
  return filter['negation'] === true || filter['operator'] === 'not_in' ? `NOT (${inside})` : inside
}

/** HogQL condition: the person of `column` is a member of the cohort. */
export function inCohortHogql(cohort: CohortMembers, values: HogqlValues, column: string): string {
  if (cohort.persons.length === 0) return '1 = 2'
  const list = values.add(cohort.persons.join(','))
  return `${column} IN (SELECT toUUID(arrayJoin(splitByChar(',', ${list}))))`
}

/** Finds a cohort. @throws ApiError 400 for an unknown one. */
export function requireCohort(context: FilterContext, id: unknown): CohortMembers {
  const cohort = context.cohort(id)
  if (cohort === undefined) throw invalid(null, `Cohort ${String(id)} does not exist`)
  return cohort
}
