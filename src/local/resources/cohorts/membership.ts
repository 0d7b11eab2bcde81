import type { PersonRow } from '../persons/person-table.ts'
import { filtersIn, matchesFilter, matchesTree, type PropertyFilter } from '../properties/property-filter.ts'
import type { CohortRecord } from './cohort-record.ts'

/** A person as a cohort sees one. An unknown person has no uuid and is in no static cohort. */
export interface Candidate {
  readonly uuid: string | undefined
  readonly properties: Readonly<Record<string, unknown>>
}

/** Whether a person is in a cohort. Cohorts that look at behaviour have nobody. */
export function isInCohort(
  cohort: CohortRecord,
  person: Candidate,
  cohorts: readonly CohortRecord[],
  now: Date,
  path: readonly number[] = [],
): boolean {
  if (cohort.is_static) return person.uuid !== undefined && cohort.persons.includes(person.uuid)
  if (path.includes(cohort.id) || !isComputed(cohort)) return false
  const fits = (filter: PropertyFilter): boolean => {
    if (filter.type !== 'cohort') return matchesFilter(filter, person.properties, now)
    const other = cohorts.find((candidate) => candidate.id === Number(filter.value))
    const inside = other !== undefined && isInCohort(other, person, cohorts, now, [...path, cohort.id])
    return filter.negation === true ? !inside : inside
  }
  return matchesTree(cohort.filters?.['properties'], fits)
}

/** The persons of a cohort, in the order given. */
export function membersOf(
  cohort: CohortRecord,
  persons: readonly PersonRow[],
  cohorts: readonly CohortRecord[],
  now: Date,
): PersonRow[] {
  return persons.filter((person) => isInCohort(cohort, person, cohorts, now))
}

/** What PostHog calls the cohort's kind. */
export function cohortType(cohort: CohortRecord): string {
  if (cohort.is_static) return 'static'
  return isComputed(cohort) ? 'person_property' : 'behavioral'
}

function isComputed(cohort: CohortRecord): boolean {
  const filters = filtersIn(cohort.filters?.['properties'])
  return filters.length > 0 && filters.every(({ type }) => type === 'person' || type === 'cohort')
}
