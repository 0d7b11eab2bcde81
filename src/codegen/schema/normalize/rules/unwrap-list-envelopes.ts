import type { OpenApiDocument, SchemaObject } from '../../document.ts'
import { operationsOf } from '../../walk/operations.ts'
import { resolveSchema } from '../../walk/resolve-schema.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * A list action on a view without a list serializer is described as a list of its answers, though the answer itself
 * holds the `results` (heatmaps). The inner answer takes the place of the list or page around it.
 */
export function unwrapListEnvelopes(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const { method, operation, pointer } of operationsOf(document)) {
    if (method !== 'get') continue
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const media = response.content?.['application/json']
      const inner = media?.schema === undefined ? undefined : wrappedAnswer(document, media.schema)
      if (media === undefined || inner === undefined) continue
      media.schema = inner
      count.add(`${pointer}/responses/${status}`)
    }
  }
  return count
}

function wrappedAnswer(document: OpenApiDocument, schema: SchemaObject): SchemaObject | undefined {
  const outer = resolveSchema(document, schema)
  const items = outer.type === 'array' ? outer.items : outer.properties?.['results']?.items
  if (items?.$ref === undefined) return undefined
  const results = resolveSchema(document, items).properties?.['results']
  return results?.type === 'array' ? items : undefined
}
