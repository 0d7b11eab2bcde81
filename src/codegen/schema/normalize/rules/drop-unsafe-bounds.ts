import type { OpenApiDocument } from '../../document.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

const bounds: readonly string[] = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']

/** Drops bounds that a JavaScript number cannot hold: `9223372036854776000` is not the limit that was meant. */
export function dropUnsafeBounds(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  rewriteSchemas(document, (schema, pointer) => {
    for (const key of bounds) {
      const bound = schema[key]
      if (typeof bound !== 'number' || Math.abs(bound) <= Number.MAX_SAFE_INTEGER) continue
      delete schema[key]
      count.add(`${pointer}/${key}`)
    }
    return schema
  })
  return count
}
