import type { CollectionKind, JsonRecord, StoredRecord } from '../../store/collection.ts'
import type { PersonRow } from '../persons/person-table.ts'
import { filtersIn, matchesFilter, matchesTree, type PropertyFilter } from '../properties/property-filter.ts'

/** A calculation of the members of a cohort. */
export interface CohortCalculation {
  readonly id: string
  readonly filters: unknown
  readonly count: number
  readonly started_at: string
  readonly finished_at: string
  readonly total_query_ms: number
}

/** A stored cohort. */
export interface CohortRecord extends StoredRecord {
  readonly id: number
  readonly name: string
  readonly deleted: boolean
  readonly filters: JsonRecord | null
  readonly is_static: boolean
  readonly version: number
  /** Uuids of the members of a static cohort. */
  readonly persons: readonly string[]
  /** Oldest first. */
  readonly calculations: readonly CohortCalculation[]
}

/** The cohorts of the project. */
export const COHORTS: CollectionKind<CohortRecord> = { name: 'cohorts', ids: 'integer' }

/** A person who may be in a cohort. An unknown person has no uuid and is in no static cohort. */
export interface Candidate {
  readonly uuid: string | undefined
  readonly properties: Readonly<Record<string, unknown>>
}

/** Whether a person is in a cohort. Behavioral cohorts are empty: the local PostHog does not calculate them. */
export function isInCohort(
  cohort: CohortRecord,
  person: Candidate,
  cohorts: readonly CohortRecord[],
  now: Date,
  path: readonly number[] = [],
): boolean {
  if (cohort.is_static) return person.uuid !== undefined && cohort.persons.includes(person.uuid)
  if (path.includes(cohort.id) || !isComputed(cohort)) return false
  const matches = (filter: PropertyFilter): boolean => {
    if (filter.type !== 'cohort') return matchesFilter(filter, person.properties, now)
    const other = cohorts.find((candidate) => candidate.id === Number(filter.value))
    const inside = other !== undefined && isInCohort(other, person, cohorts, now, [...path, cohort.id])
    return filter.negation === true ? !inside : inside
  }
  return matchesTree(cohort.filters?.['properties'], matches)
}

/** Filters persons by membership of a cohort. */
export function membersOf(
  cohort: CohortRecord,
  persons: readonly PersonRow[],
  cohorts: readonly CohortRecord[],
  now: Date,
): PersonRow[] {
  return persons.filter((person) => isInCohort(cohort, person, cohorts, now))
}

/** PostHog's name for the type of a cohort. */
export function cohortType(cohort: CohortRecord): string {
  if (cohort.is_static) return 'static'
  return isComputed(cohort) ? 'person_property' : 'behavioral'
}

function isComputed(cohort: CohortRecord): boolean {
  const filters = filtersIn(cohort.filters?.['properties'])
  return filters.length > 0 && filters.every(({ type }) => type === 'person' || type === 'cohort')
}
