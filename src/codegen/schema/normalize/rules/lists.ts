import { isObject } from '../../../../shared/is-object.ts'
import {
  type OpenApiDocument,
  type OperationObject,
  operationsOf,
  type SchemaObject,
} from '../../document.ts'
import { resolveSchema } from '../../walk/references.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** How an operation paginates. */
export type PagingKind = 'offset' | 'cursor' | 'page' | 'events' | 'array' | 'none'

/**
 * Marks every GET with `x-typehog-paging`, derived from its parameters and response: `cursor`, `page` and `offset` by
 * the parameter of that name, `events` by a time window (`before`, `after`), `array` for a bare list, otherwise `none`.
 * An overlay corrects operations that the document describes wrongly.
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
  const response = resolveSchema(document, schema)
  if (response.type === 'array') return 'array'
  if (!hasResults(document, response)) return 'none'
  const names = new Set<string>()
  for (const parameter of operation.parameters ?? []) {
    if (isObject(parameter) && parameter['in'] === 'query') names.add(String(parameter['name']))
  }
  if (names.has('cursor')) return 'cursor'
  if (names.has('page')) return 'page'
  if (names.has('before') && names.has('after') && response.properties?.['count'] === undefined)
    return 'events'
  return names.has('offset') ? 'offset' : 'none'
}

function hasResults(document: OpenApiDocument, response: SchemaObject): boolean {
  const results = response.properties?.['results']
  return results !== undefined && resolveSchema(document, results).type === 'array'
}

/**
 * Unwraps lists of list responses. For a list action without a list serializer, such as heatmaps, the document describes
 * a list of responses, although one response contains all `results`.
 */
export function unwrapListEnvelopes(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const { method, operation, pointer } of operationsOf(document)) {
    if (method !== 'get') continue
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const media = response.content?.['application/json']
      const inner = media?.schema === undefined ? undefined : wrappedResponse(document, media.schema)
      if (media === undefined || inner === undefined) continue
      media.schema = inner
      count.add(`${pointer}/responses/${status}`)
    }
  }
  return count
}

function wrappedResponse(document: OpenApiDocument, schema: SchemaObject): SchemaObject | undefined {
  const outer = resolveSchema(document, schema)
  const items = outer.type === 'array' ? outer.items : outer.properties?.['results']?.items
  if (items?.$ref === undefined) return undefined
  const results = resolveSchema(document, items).properties?.['results']
  return results?.type === 'array' ? items : undefined
}
