import type { OpenApiDocument, SchemaObject } from '../../document.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** OpenAPI version of every normalized document. */
const targetVersion = '3.1.0'

/** Keys that describe the use of a schema and not its values. They stay outside a union. */
const placeKeys: ReadonlySet<string> = new Set([
  'default',
  'deprecated',
  'description',
  'readOnly',
  'title',
  'writeOnly',
])

/**
 * Upgrades OpenAPI 3.0 to 3.1: `nullable` and boolean exclusive bounds. Older servers and the documents of single
 * endpoints use 3.0.
 */
export function upgradeTo31(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  if (document.openapi !== targetVersion) {
    document.openapi = targetVersion
    count.add('/openapi')
  }
  rewriteSchemas(document, (schema, pointer) => {
    const changed = [
      upgradeBound(schema, 'exclusiveMinimum', 'minimum'),
      upgradeBound(schema, 'exclusiveMaximum', 'maximum'),
    ].includes(true)
    if (changed || schema.nullable !== undefined) count.add(pointer)
    return upgradeNullable(schema)
  })
  return count
}

function upgradeBound(schema: SchemaObject, exclusive: string, bound: string): boolean {
  const flag = schema[exclusive]
  if (typeof flag !== 'boolean') return false
  if (flag && schema[bound] !== undefined) {
    schema[exclusive] = schema[bound]
    delete schema[bound]
  } else delete schema[exclusive]
  return true
}

function upgradeNullable(schema: SchemaObject): SchemaObject {
  const { nullable, ...rest } = schema
  if (nullable === undefined) return schema
  if (!nullable) return rest
  if (rest.type !== undefined) {
    const types = Array.isArray(rest.type) ? rest.type : [rest.type]
    return { ...rest, type: types.includes('null') ? types : [...types, 'null'] }
  }
  const values: SchemaObject = {}
  const place: SchemaObject = {}
  for (const [key, value] of Object.entries(rest)) {
    if (placeKeys.has(key)) place[key] = value
    else values[key] = value
  }
  const union = Object.keys(values).length === 1 ? (values.anyOf ?? values.oneOf) : undefined
  if (union !== undefined) return { ...place, anyOf: [...union, { type: 'null' }] }
  // A schema without any constraint allows null already.
  return Object.keys(values).length === 0 ? rest : { ...place, anyOf: [values, { type: 'null' }] }
}
