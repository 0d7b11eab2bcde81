import type { FeatureFlag } from '../../resources/feature-flags/flag.ts'
import { toJson } from '../../runtime/rows/write-rows.ts'

/** A release condition of a flag: who matches, and which percentage of them gets the flag. */
type Condition = NonNullable<FeatureFlag['filters']['groups']>[number]

/** The release conditions of a flag. PostHog calls them groups. */
export function conditionsOf({ filters }: Pick<FeatureFlag, 'filters'>): readonly Condition[] {
  return filters.groups ?? []
}

/** The percentage of a condition. PostHog rolls a condition without one out to everyone who matches. */
export function rolloutOf({ rollout_percentage: percentage }: Condition): number {
  return percentage ?? 100
}

/** Describes who matches a condition, such as `plan exact "pro" and country exact ["DE","AT"]`. */
export function describeMatch({ properties = [], variant, description }: Condition): string {
  const filters = properties.map(({ key, type, operator, value }) => {
    const name = type === 'cohort' ? 'cohort' : key
    return `${name} ${operator ?? 'exact'} ${toJson(value, 0) ?? ''}`.trim()
  })
  const match = filters.length === 0 ? 'everyone' : filters.join(' and ')
  const note =
    description === undefined || description === null || description === '' ? '' : ` (${description})`
  return `${match}${variant === undefined || variant === null ? '' : `, variant ${variant}`}${note}`
}

/** Lists conditions with their numbers, from 1. */
export function listConditions(conditions: readonly Condition[]): string[] {
  return conditions.map(
    (condition, index) =>
      `  ${index + 1}  ${`${rolloutOf(condition)}%`.padEnd(5)} of ${describeMatch(condition)}`,
  )
}
