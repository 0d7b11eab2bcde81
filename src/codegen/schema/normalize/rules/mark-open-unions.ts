import type { OpenApiDocument } from '../../document.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * A union that ends in an empty schema takes any value, and a generator makes `unknown` of it. The typed members are
 * kept and the union is marked `x-typehog-open: true`. A single typed member is not worth the claim: such a union
 * becomes an unconstrained schema with the mark.
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
