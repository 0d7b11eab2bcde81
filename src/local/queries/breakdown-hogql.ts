import { type Breakdown, NONE } from './breakdown.ts'
import { expressionHogql, propertyField } from './property-hogql.ts'

/** HogQL field of a breakdown. */
export function breakdownField({ property, type, group }: Breakdown): string {
  if (type === 'hogql') return expressionHogql(property)
  return propertyField({ key: property, type, group })
}

/**
 * HogQL text of a breakdown value. A missing or empty one is `NONE`.
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/trends/breakdown.py
 */
export function breakdownHogql(breakdown: Breakdown): string {
  const field = `toString(${breakdownField(breakdown)})`
  const trimmed = `replaceRegexpOne(${field}, '[/?#]+$', '')`
  const value = breakdown.normalizesUrl === true ? `if(empty(${trimmed}), '/', ${trimmed})` : field
  return `ifNull(nullIf(${value}, ''), '${NONE}')`
}
