import type { OpenApiDocument } from '../../document.ts'
import { referencedSchema } from '../../walk/component-reference.ts'
import { isObject } from '../../walk/is-object.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** Drops component schemas and parameters that no operation reaches; the server leaves some behind in every release. */
export function dropUnusedComponents(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  const schemas = document.components?.schemas ?? {}
  const parameters = document.components?.parameters ?? {}
  const usedSchemas = new Set<string>()
  const usedParameters = new Set<string>()
  const pending: unknown[] = [document.paths]
  while (pending.length > 0) {
    const value = pending.pop()
    if (Array.isArray(value)) for (const item of value) pending.push(item)
    else if (isObject(value)) {
      const reference = typeof value['$ref'] === 'string' ? value['$ref'] : undefined
      const schema = referencedSchema(reference)
      const parameter = /^#\/components\/parameters\/([^/]+)$/.exec(reference ?? '')?.[1]
      if (schema !== undefined && !usedSchemas.has(schema)) {
        usedSchemas.add(schema)
        pending.push(schemas[schema])
      }
      if (parameter !== undefined && !usedParameters.has(parameter)) {
        usedParameters.add(parameter)
        pending.push(parameters[parameter])
      }
      for (const child of Object.values(value)) pending.push(child)
    }
  }
  for (const [section, used] of [
    ['schemas', usedSchemas],
    ['parameters', usedParameters],
  ] as const) {
    const map = section === 'schemas' ? schemas : parameters
    for (const name of Object.keys(map)) {
      if (used.has(name)) continue
      delete map[name]
      count.add(appendPointer(`/components/${section}`, name))
    }
  }
  return count
}
