import { isObject } from '../walk/is-object.ts'

/** Keys that come first, in this order; all others follow by name. Names of paths and properties are not among them. */
const leadingKeys: readonly string[] = [
  'openapi',
  'info',
  'servers',
  'security',
  'tags',
  'paths',
  'components',
  'operationId',
  '$ref',
  'type',
  'const',
  'enum',
]

const rank: ReadonlyMap<string, number> = new Map(leadingKeys.map((key, index) => [key, index]))

/** Keys whose value is data of the API and not part of the document's own structure. */
const dataKeys: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'example', 'examples'])

/** Keys whose value is a map with names of the API as keys. */
const mapKeys: ReadonlySet<string> = new Set([
  '$defs',
  'callbacks',
  'content',
  'dependentSchemas',
  'headers',
  'mapping',
  'parameters',
  'paths',
  'patternProperties',
  'properties',
  'requestBodies',
  'responses',
  'schemas',
  'securitySchemes',
])

/**
 * A copy with keys in one fixed order, whatever order they came in: structural keys as above, then by name; maps
 * (paths, schemas, properties) by name. Lists keep their order, `required` excepted, whose order has no meaning.
 */
export function canonicalOrder<Value>(value: Value): Value {
  // The copy holds the same keys and values, so it is of the same type.
  return orderObject(value, false) as Value
}

function orderObject(value: unknown, isMap: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => orderObject(item, false))
  if (!isObject(value)) return value
  const keys = Object.keys(value).sort((a, b) => (isMap ? compare(a, b) : compareKeys(a, b)))
  const ordered: Record<string, unknown> = {}
  for (const key of keys) ordered[key] = isMap ? orderObject(value[key], false) : orderValue(key, value[key])
  return ordered
}

function orderValue(key: string, value: unknown): unknown {
  if (dataKeys.has(key)) return value
  if (key === 'required' && Array.isArray(value)) return [...new Set(value)].sort()
  return orderObject(value, mapKeys.has(key))
}

function compareKeys(a: string, b: string): number {
  return (rank.get(a) ?? leadingKeys.length) - (rank.get(b) ?? leadingKeys.length) || compare(a, b)
}

/** Order by code unit, which no locale changes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
