import type { OpenApiDocument, RequestBodyObject } from '../../document.ts'
import { operationsOf } from '../../walk/operations.ts'
import { resolveSchema } from '../../walk/resolve-schema.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * Marks how a thing is deleted with `x-typehog-delete`. On a DELETE: `refused` when 405 is its only answer, else
 * `hard`. On the PATCH beside a refused DELETE: `soft` when its body takes `deleted`, which is then the way to go.
 */
export function markDeletes(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const { path, method, operation, pointer } of operationsOf(document)) {
    if (method !== 'delete') continue
    const statuses = Object.keys(operation.responses ?? {})
    const refused = statuses.length > 0 && statuses.every((status) => status === '405')
    const kind = refused ? 'refused' : 'hard'
    if (operation['x-typehog-delete'] !== kind) count.add(pointer)
    operation['x-typehog-delete'] = kind
    const patch = document.paths[path]?.patch
    if (refused && patch !== undefined && takesDeleted(document, patch.requestBody)) {
      patch['x-typehog-delete'] = 'soft'
    }
  }
  return count
}

function takesDeleted(document: OpenApiDocument, body: RequestBodyObject | undefined): boolean {
  const schema = body?.content?.['application/json']?.schema
  const property = schema === undefined ? undefined : resolveSchema(document, schema).properties?.['deleted']
  return property !== undefined && property.readOnly !== true
}
