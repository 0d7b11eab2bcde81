import type { OpenApiDocument } from '../../document.ts'
import { isObject } from '../../walk/is-object.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
import { operationsOf } from '../../walk/operations.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { type ChangeCount, countChanges, type RuleOutcome } from '../rule.ts'

/** Extensions that the pipeline writes itself. */
const ownPrefix = 'x-typehog-'

/** Drops `x-product`, `x-tagGroups` and their like: owners and page layout, nothing about the interface. */
export function dropVendorExtensions(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  drop(document, '', count)
  drop(document.paths, '/paths', count)
  for (const [name, parameter] of Object.entries(document.components?.parameters ?? {})) {
    drop(parameter, appendPointer('/components/parameters', name), count)
  }
  for (const [path, item] of Object.entries(document.paths)) drop(item, appendPointer('/paths', path), count)
  for (const { operation, pointer } of operationsOf(document)) {
    drop(operation, pointer, count)
    for (const parameter of operation.parameters ?? []) drop(parameter, `${pointer}/parameters`, count)
    if (operation.requestBody !== undefined)
      dropInBody(operation.requestBody, `${pointer}/requestBody`, count)
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      dropInBody(response, `${pointer}/responses/${status}`, count)
    }
  }
  rewriteSchemas(document, (schema, pointer) => {
    drop(schema, pointer, count)
    return schema
  })
  return count
}

function dropInBody(body: Record<string, unknown>, pointer: string, count: ChangeCount): void {
  drop(body, pointer, count)
  const content = body['content']
  if (!isObject(content)) return
  for (const media of Object.values(content)) if (isObject(media)) drop(media, `${pointer}/content`, count)
}

function drop(object: Record<string, unknown>, pointer: string, count: ChangeCount): void {
  for (const key of Object.keys(object)) {
    if (!key.startsWith('x-') || key.startsWith(ownPrefix)) continue
    delete object[key]
    count.add(appendPointer(pointer, key))
  }
}
