import type { OpenApiDocument, SchemaObject } from '../document.ts'
import { referencedSchema } from './component-reference.ts'

/** References to references that are followed before a chain counts as broken. */
const longestChain = 20

/** The schema that a reference leads to in the end; a schema without a reference is its own answer. */
export function resolveSchema(document: OpenApiDocument, schema: SchemaObject): SchemaObject {
  let current = schema
  for (let step = 0; step < longestChain; step += 1) {
    const name = referencedSchema(current.$ref)
    const target = name === undefined ? undefined : document.components?.schemas?.[name]
    if (target === undefined) return current
    current = target
  }
  return current
}
