import type { OpenApiDocument } from '../../document.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** Formats that change what is sent, not what is checked. */
const keptFormats: ReadonlySet<string> = new Set(['binary'])

/**
 * Moves `format` to `x-typehog-format`. Strict checks refuse real data: older ids are no RFC versions of a UUID,
 * timestamps carry offsets, addresses can be empty, and `int64` would turn numbers into bigints.
 */
export function loosenFormats(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  rewriteSchemas(document, (schema, pointer) => {
    if (schema.format === undefined || keptFormats.has(schema.format)) return schema
    schema['x-typehog-format'] = schema.format
    delete schema.format
    count.add(pointer)
    return schema
  })
  return count
}
