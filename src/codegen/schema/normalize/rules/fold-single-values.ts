import type { OpenApiDocument } from '../../document.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * Writes an enum of one value as `const`: serializers use the one, query schemas the other, 3.0 has only the first,
 * and the kind of a query is told by it.
 */
export function foldSingleValues(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  rewriteSchemas(document, (schema, pointer) => {
    // With null in the type there are two values, and the null rule adds the second one.
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
