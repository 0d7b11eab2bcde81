import { isObject } from '../../../shared/is-object.ts'
import { type QueryParameters, stringLiteral } from '../../engine/sql-values.ts'
import { invalid } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'

/** ClickHouse expression that reads a property of an event or person as text or NULL. */
export function propertyText(property: string, type: string): string {
  if (type !== 'event' && type !== 'person') {
    throw invalid('query', `The local PostHog does not support properties of type ${type}`)
  }
  const column = type === 'person' ? 'person_properties' : 'properties'
  return `JSONExtract(${column}, ${stringLiteral(property)}, 'Nullable(String)')`
}

/** SQL conditions for a list of property filters, joined by AND. Rejects filters without an exact SQL equivalent. */
export function filterConditions(filters: unknown, parameters: QueryParameters): string[] {
  if (filters === undefined || filters === null) return []
  if (isObject(filters)) {
    if (filters['type'] !== undefined && String(filters['type']) === 'OR') {
      throw invalid('query', 'The local PostHog does not support property groups joined by OR')
    }
    return filterConditions(filters['values'], parameters)
  }
  if (!Array.isArray(filters)) throw invalid('query', 'Property filters must be a list')
  return filters.flatMap((filter) => {
    if (Array.isArray(member(filter, 'values'))) return filterConditions(filter, parameters)
    return [toCondition(filter, parameters)]
  })
}

const COMPARISONS: Readonly<Record<string, string>> = { gt: '>', gte: '>=', lt: '<', lte: '<=' }

function toCondition(filter: unknown, parameters: QueryParameters): string {
  if (!isObject(filter) || typeof filter['key'] !== 'string')
    throw invalid('query', 'A property filter needs a key')
  const operator = String(filter['operator'] ?? 'exact')
  const text = propertyText(filter['key'], String(filter['type'] ?? 'event'))
  if (operator === 'is_set') return `${text} IS NOT NULL`
  if (operator === 'is_not_set') return `${text} IS NULL`
  const values = (Array.isArray(filter['value']) ? filter['value'] : [filter['value']]).map(String)
  if (operator === 'exact' || operator === 'in' || operator === 'is_not' || operator === 'not_in') {
    const list = `[${values.map((value) => parameters.add(value)).join(', ')}]`
    const inside = `ifNull(has(${list}, ${text}), 0)`
    return operator === 'exact' || operator === 'in' ? inside : `NOT ${inside}`
  }
  const [value = ''] = values
  if (operator === 'icontains')
    return `ifNull(positionCaseInsensitive(${text}, ${parameters.add(value)}) > 0, 0)`
  if (operator === 'not_icontains')
    return `ifNull(positionCaseInsensitive(${text}, ${parameters.add(value)}) = 0, 1)`
  const comparison = COMPARISONS[operator]
  if (comparison !== undefined && Number.isFinite(Number(value))) {
    return `ifNull(toFloat64OrNull(${text}) ${comparison} ${parameters.add(value, 'Float64')}, 0)`
  }
  throw invalid(
    'query',
    `The local PostHog does not support the operator ${operator} on ${JSON.stringify(value)}`,
  )
}
