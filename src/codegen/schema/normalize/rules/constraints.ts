import type { OpenApiDocument } from '../../document.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** Formats that change how a value is sent. */
const wireFormats: ReadonlySet<string> = new Set(['binary'])

/**
 * Moves `format` to `x-typehog-format`. Strict validation rejects real data: older UUIDs have no RFC version,
 * timestamps have offsets, and email addresses can be empty. `int64` would also turn numbers into bigints.
 */
export function loosenFormats(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  rewriteSchemas(document, (schema, pointer) => {
    if (schema.format === undefined || wireFormats.has(schema.format)) return schema
    schema['x-typehog-format'] = schema.format
    delete schema.format
    count.add(pointer)
    return schema
  })
  return count
}

const bounds: readonly string[] = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']

/** Drops bounds beyond the safe integers, such as `9223372036854776000`: JSON parsing has already rounded them. */
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
