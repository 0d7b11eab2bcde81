import type { OpenApiDocument, OperationObject, SchemaObject } from '../../document.ts'
import { isObject } from '../../walk/is-object.ts'
import { operationsOf } from '../../walk/operations.ts'
import { resolveSchema } from '../../walk/resolve-schema.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** How an operation hands out a long list. */
export type PagingKind = 'offset' | 'cursor' | 'page' | 'events' | 'array' | 'none'

/**
 * Marks every GET with `x-typehog-paging`, judged by its parameters and answer: `cursor`, `page` and `offset` by the
 * parameter of that name, `events` by a time window (`before`, `after`), `array` for a bare list, else `none`.
 * Where the document describes the answer wrongly an overlay says so.
 */
export function derivePaging(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const { method, operation, pointer } of operationsOf(document)) {
    if (method !== 'get') continue
    const kind = pagingOf(document, operation)
    if (operation['x-typehog-paging'] === kind) continue
    operation['x-typehog-paging'] = kind
    count.add(pointer)
  }
  return count
}

function pagingOf(document: OpenApiDocument, operation: OperationObject): PagingKind {
  const schema = operation.responses?.['200']?.content?.['application/json']?.schema
  if (schema === undefined) return 'none'
  const answer = resolveSchema(document, schema)
  if (answer.type === 'array') return 'array'
  if (!holdsResults(document, answer)) return 'none'
  const names = new Set<string>()
  for (const parameter of operation.parameters ?? []) {
    if (isObject(parameter) && parameter['in'] === 'query') names.add(String(parameter['name']))
  }
  if (names.has('cursor')) return 'cursor'
  if (names.has('page')) return 'page'
  if (names.has('before') && names.has('after') && answer.properties?.['count'] === undefined) return 'events'
  return names.has('offset') ? 'offset' : 'none'
}

function holdsResults(document: OpenApiDocument, answer: SchemaObject): boolean {
  const results = answer.properties?.['results']
  return results !== undefined && resolveSchema(document, results).type === 'array'
}
