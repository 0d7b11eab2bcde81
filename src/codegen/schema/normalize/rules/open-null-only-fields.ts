import type { OpenApiDocument } from '../../document.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * Opens fields that are said to be null and nothing else. They hold any JSON, and may be null: of the two, the document
 * kept the null.
 */
export function openNullOnlyFields(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  rewriteSchemas(document, (schema, pointer) => {
    if (schema.type !== 'null' || !/\/properties\/[^/]+$/.test(pointer)) return schema
    delete schema.type
    count.add(pointer)
    return schema
  })
  return count
}
