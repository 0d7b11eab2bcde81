import { HogqlError } from '../../hogql/hogql-error.ts'
import { parseHogqlExpression } from '../../hogql/parse/parse.ts'
import { isObject } from '../../shared/is-object.ts'
import { notImplemented } from '../http/api-error.ts'
import { cohortHogql } from './cohort-hogql.ts'
import { elementHogql } from './element-hogql.ts'
import type { FilterContext } from './filter-context.ts'
import { allOf, anyOf, hogqlName } from './hogql-values.ts'
import { operatorHogql } from './operator-hogql.ts'

/** The table that a filter reads: `event` for events with their persons, `person` for the persons table. */
export type FilterScope = 'event' | 'person'

/**
 * HogQL condition of property filters: a list, nested `AND` and `OR` groups, or one filter. Empty filters match
 * everything, and an incomplete filter counts as absent.
 *
 * @throws ApiError 501 for a type or an operator that the local PostHog does not compute.
 * @see PostHog/posthog posthog/hogql/property.py, property_to_expr
 */
export function propertyHogql(
  filters: unknown,
  context: FilterContext,
  scope: FilterScope = 'event',
): string {
  if (filters === undefined || filters === null) return allOf([])
  if (Array.isArray(filters)) return allOf(filters.map((filter) => propertyHogql(filter, context, scope)))
  if (!isObject(filters)) throw new HogqlError('Expected property filters to be a list or a group')
  const { values } = filters
  if (Array.isArray(values) && filters['key'] === undefined) {
    const parts = values.map((filter) => propertyHogql(filter, context, scope))
    if (parts.length === 0) return allOf([])
    if (filters['type'] === 'OR') return anyOf(parts)
    if (filters['type'] === undefined || filters['type'] === 'AND') return allOf(parts)
    throw new HogqlError(`PropertyGroupFilter of unknown type "${String(filters['type'])}"`)
  }
  return filterHogql(filters, context, scope)
}

function filterHogql(filter: Record<string, unknown>, context: FilterContext, scope: FilterScope): string {
  const type = String(filter['type'] ?? 'event')
  if (type === 'empty' || type === 'flag') return allOf([])
  if (type.endsWith('cohort')) return cohortHogql(filter, context, scope)
  const { key } = filter
  if (typeof key !== 'string') return allOf([])
  if (type === 'hogql') return expressionHogql(key)
  if (scope === 'person' && type !== 'person') {
    throw new HogqlError(`The '${type}' property filter does not work in 'person' scope`)
  }
  if (type === 'element') return elementHogql(filter, context)
  const field = propertyField({ key, type, group: filter['group_type_index'], scope })
  return operatorHogql({ field, operator: filter['operator'], value: filter['value'] }, context)
}

/** A property, and the table from which it is read. */
export interface PropertyReference {
  readonly key: string
  readonly type: string
  /** Group type index of a group property. */
  readonly group?: unknown
  readonly scope?: FilterScope
}

/**
 * HogQL field of a property.
 *
 * @throws ApiError 501 for a type of property that the local PostHog does not have.
 */
export function propertyField({ key, type, group, scope = 'event' }: PropertyReference): string {
  const name = hogqlName(key)
  switch (type) {
    case 'event':
    case 'feature':
      return key === '$elements_chain' ? 'elements_chain' : `properties.${name}`
    case 'event_metadata':
      return name
    case 'person':
      if (key === 'distinct_id') throw notImplemented('filters by distinct ids of persons')
      return scope === 'person' ? `properties.${name}` : `person.properties.${name}`
    case 'session':
      return `session.${name}`
    case 'group':
      return `group_${Number(group ?? 0)}.properties.${name}`
    default:
      throw notImplemented(`properties of type ${type}`)
  }
}

/**
 * A HogQL expression of the user, in parentheses.
 *
 * @throws HogqlError when it is not one expression.
 */
export function expressionHogql(text: string): string {
  parseHogqlExpression(text)
  return `(${text}\n)`
}
