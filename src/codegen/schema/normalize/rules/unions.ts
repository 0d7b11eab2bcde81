import type { OpenApiDocument, SchemaObject } from '../../document.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
import { referencedSchema } from '../../walk/references.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * Replaces an enum of one value with `const`. Serializers write an enum and query schemas a `const`. The `kind` of a
 * query is such a value.
 */
export function foldSingleValues(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  rewriteSchemas(document, (schema, pointer) => {
    // With null in the type there are two values; the null rule adds the second.
    if (schema.enum?.length !== 1 || (Array.isArray(schema.type) && schema.type.includes('null')))
      return schema
    const [value] = schema.enum
    delete schema.enum
    if (value === null) schema.type = 'null'
    else schema.const = value
    count.add(pointer)
    return schema
  })
  return count
}

/**
 * Removes empty schemas from unions and marks them with `x-typehog-open: true`. An empty member accepts any value, and
 * a generator would render the union as `unknown`. A union with fewer than two typed members becomes an unconstrained
 * schema.
 */
export function markOpenUnions(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  rewriteSchemas(document, (schema, pointer) => {
    for (const key of ['anyOf', 'oneOf'] as const) {
      const members = schema[key]
      const typed = members?.filter((member) => Object.keys(member).length > 0)
      if (members === undefined || typed === undefined || typed.length === members.length) continue
      schema['x-typehog-open'] = true
      if (typed.filter((member) => member.type !== 'null').length > 1) schema[key] = typed
      else delete schema[key]
      count.add(pointer)
    }
    return schema
  })
  return count
}

/**
 * Replaces a union or intersection of one member with that member and the sibling keys. Serializers write
 * `allOf: [$ref]` because OpenAPI 3.0 ignores the siblings of a reference.
 */
export function unwrapSingleUnions(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  rewriteSchemas(document, (schema, pointer) => {
    const unwrapped = unwrap(schema)
    if (unwrapped !== schema) count.add(pointer)
    return unwrapped
  })
  return count
}

function unwrap(schema: SchemaObject): SchemaObject {
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    const members = schema[key]
    const [member] = members ?? []
    if (members?.length !== 1 || member === undefined) continue
    const { [key]: _, discriminator, ...rest } = schema
    // `allOf: [A]` beside `properties` describes an intersection, not one member.
    if (Object.keys(rest).some((name) => valueKeys.has(name))) continue
    return { ...member, ...rest }
  }
  return schema
}

const valueKeys: ReadonlySet<string> = new Set([
  '$ref',
  'type',
  'properties',
  'items',
  'additionalProperties',
  'enum',
  'const',
  'anyOf',
  'oneOf',
  'allOf',
])

/**
 * Makes the discriminator of a union required in each member. Query schemas give it a default and leave it optional, so
 * that TypeScript could not narrow the type.
 */
export function requireDiscriminators(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  const schemas = document.components?.schemas ?? {}
  rewriteSchemas(document, (schema, pointer) => {
    const property = schema.discriminator?.propertyName
    if (property === undefined) return schema
    for (const member of schema.oneOf ?? schema.anyOf ?? []) {
      const name = referencedSchema(member.$ref)
      const target: SchemaObject | undefined = name === undefined ? member : schemas[name]
      if (target?.properties?.[property] === undefined || target.required?.includes(property) === true)
        continue
      target.required = [...(target.required ?? []), property].sort()
      count.add(name === undefined ? pointer : appendPointer('/components/schemas', name))
    }
    return schema
  })
  return count
}
