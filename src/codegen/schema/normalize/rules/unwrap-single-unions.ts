import type { OpenApiDocument, SchemaObject } from '../../document.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * Reads a union or intersection of one member as that member, with what stood beside it: serializers write
 * `allOf: [$ref]` only because 3.0 allowed nothing beside a reference.
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
    // Two descriptions of the same values (`allOf: [A], properties: {…}`) are an intersection, not one member.
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
