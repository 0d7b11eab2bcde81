import type { OpenApiDocument, SchemaObject } from '../../document.ts'
import { referencedSchema } from '../../walk/component-reference.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * Makes the property that tells the members of a union apart required in each member. Query schemas give it a
 * default and therefore leave it optional, and then no type can be narrowed by it.
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
