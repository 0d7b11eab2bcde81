import type { OpenApiDocument } from '../../document.ts'
import { isObject } from '../../walk/is-object.ts'
import { resolvePointer } from '../../walk/json-pointer.ts'
import { operationsOf } from '../../walk/operations.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * Writes request bodies and responses that are references to components in full where they are used, so that every
 * later rule and reader meets one form. PostHog's own document has none today.
 */
export function inlineSharedBodies(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  const inline = (holder: Record<string, unknown>, key: string, pointer: string): void => {
    const value = holder[key]
    if (!isObject(value) || typeof value['$ref'] !== 'string') return
    const target = resolvePointer(document, value['$ref'])
    if (!isObject(target)) return
    holder[key] = structuredClone(target)
    count.add(`${pointer}/${key}`)
  }
  for (const { operation, pointer } of operationsOf(document)) {
    inline(operation, 'requestBody', pointer)
    for (const status of Object.keys(operation.responses ?? {})) {
      inline(operation.responses ?? {}, status, `${pointer}/responses`)
    }
  }
  for (const key of ['requestBodies', 'responses']) {
    if (document.components?.[key] === undefined) continue
    delete document.components[key]
    count.add(`/components/${key}`)
  }
  return count
}
