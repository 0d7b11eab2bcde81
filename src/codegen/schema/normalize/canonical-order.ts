import { isObject } from '../../../shared/is-object.ts'
import { byCodeUnit } from '../../source-text.ts'

/** Keys that come first, in this order. All other keys follow by name. Keys of maps are sorted by name only. */
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

/** Keys whose value is data. Its order is unchanged. */
const dataKeys: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'example', 'examples'])

/** Keys whose value maps names to objects. */
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
 * Returns a copy with keys in a canonical order: leading keys first, then by name. Maps (paths, schemas, properties) are
 * sorted by name. Lists keep their order, except `required`, which is a set.
 */
export function canonicalOrder<Value>(value: Value): Value {
  // The copy has the same keys and values, so it has the same type.
  return orderObject(value, false) as Value
}

function orderObject(value: unknown, isMap: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => orderObject(item, false))
  if (!isObject(value)) return value
  const keys = Object.keys(value).sort((a, b) => (isMap ? byCodeUnit(a, b) : compareKeys(a, b)))
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
  return (rank.get(a) ?? leadingKeys.length) - (rank.get(b) ?? leadingKeys.length) || byCodeUnit(a, b)
}
