import type { OpenApiDocument } from '../document.ts'
import { SchemaError } from '../schema-error.ts'
import { operationsOf } from '../walk/operations.ts'

/**
 * Refuses an overlay that gives an operation a parameter a second time. Lists are appended to, so this is what happens
 * when the document has caught up with the overlay.
 *
 * @throws SchemaError naming the overlay and the parameter.
 */
export function refuseRepeatedParameters(document: OpenApiDocument, overlay: string): void {
  for (const { operation, pointer } of operationsOf(document)) {
    const seen = new Set<string>()
    for (const parameter of operation.parameters ?? []) {
      const key = String(parameter['$ref'] ?? `${String(parameter['in'])} ${String(parameter['name'])}`)
      if (seen.has(key)) {
        const problem = `After it ${pointer} has the parameter ${key} twice.`
        throw new SchemaError({
          source: overlay,
          problem,
          fix: 'Take out what the document says by itself now.',
        })
      }
      seen.add(key)
    }
  }
}
