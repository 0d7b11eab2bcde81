import type { OpenApiDocument } from '../../document.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * Drops `default: null`, which query schemas put on everything optional. It says what leaving the field out says, and
 * a validator would write the null into what it checks.
 */
export function dropNullDefaults(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  rewriteSchemas(document, (schema, pointer) => {
    if (schema.default !== null) return schema
    delete schema.default
    count.add(pointer)
    return schema
  })
  return count
}
