import { filtersIn } from '../properties/property-filter.ts'
import type { CohortRecord } from './membership.ts'

/** The kinds of conditions in the filters of a cohort. */
export interface ConditionTypes {
  readonly person_properties: boolean
  readonly behavioral: boolean
  readonly lifecycle: boolean
  readonly cohorts: boolean
}

const PERSON_TYPES = ['person', 'person_metadata']
/** Behavioral conditions about the first, regular, stopped and restarted performance of an event. */
const LIFECYCLE_VALUES = [
  'performed_event_first_time',
  'performed_event_regularly',
  'stopped_performing_event',
  'restarted_performing_event',
]

/** Returns the kinds of conditions in filters; null when there are no filters. */
export function conditionTypes(filters: CohortRecord['filters']): ConditionTypes | null {
  const conditions = filters === null ? [] : filtersIn(filters['properties'])
  if (conditions.length === 0) return null
  const behavioral = conditions.filter(({ type }) => type === 'behavioral')
  const isLifecycle = (value: unknown): boolean => LIFECYCLE_VALUES.includes(String(value))
  return {
    person_properties: conditions.some(({ type }) => PERSON_TYPES.includes(String(type))),
    behavioral: behavioral.some(({ value }) => !isLifecycle(value)),
    lifecycle: behavioral.some(({ value }) => isLifecycle(value)),
    cohorts: conditions.some(({ type }) => type === 'cohort'),
  }
}

/**
 * Leaves out the cohorts with behavioral conditions, and those that refer to them. Static cohorts stay.
 *
 * @see PostHog/posthog products/cohorts/backend/models/dependencies.py, find_behavioral_cohorts
 */
export function withoutBehavioral(
  cohorts: readonly CohortRecord[],
  all: readonly CohortRecord[],
): CohortRecord[] {
  const isBehavioral = ({ is_static, filters }: CohortRecord, path: readonly number[]): boolean => {
    if (is_static || filters === null) return false
    return filtersIn(filters['properties']).some(({ type, value }) => {
      if (type !== 'cohort') return type === 'behavioral'
      const other = all.find(({ id }) => id === Number(value))
      return other !== undefined && !path.includes(other.id) && isBehavioral(other, [...path, other.id])
    })
  }
  return cohorts.filter((cohort) => !isBehavioral(cohort, [cohort.id]))
}
