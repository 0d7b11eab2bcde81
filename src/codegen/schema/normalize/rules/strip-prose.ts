import type { OpenApiDocument } from '../../document.ts'
import { isObject } from '../../walk/is-object.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
import { operationsOf } from '../../walk/operations.ts'
import { rewriteSchemas } from '../../walk/schemas.ts'
import { type ChangeCount, countChanges, type RuleOutcome } from '../rule.ts'

const proseKeys: readonly string[] = [
  'title',
  'summary',
  'description',
  'example',
  'examples',
  'externalDocs',
  '$comment',
]

/** Our own name for the API; the vendor's title is prose like the rest. */
const title = 'PostHog API'

/**
 * Takes out all prose of the vendor: titles, summaries, descriptions and examples. It is a third of the document,
 * differs in every release, and is not ours to ship; descriptions in our words come from an overlay. A response must
 * have a description, so its own becomes empty.
 */
export function stripProse(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  if (
    document.info.title !== title ||
    Object.keys(document.info).some((key) => key !== 'title' && key !== 'version')
  ) {
    document.info = { title, version: document.info.version }
    count.add('/info')
  }
  strip(document, '', count)
  for (const server of document.servers ?? []) strip(server, '/servers', count)
  for (const [name, scheme] of Object.entries(document.components?.securitySchemes ?? {})) {
    strip(scheme, appendPointer('/components/securitySchemes', name), count)
  }
  for (const [name, parameter] of Object.entries(document.components?.parameters ?? {})) {
    strip(parameter, appendPointer('/components/parameters', name), count)
  }
  for (const [path, item] of Object.entries(document.paths)) {
    const pointer = appendPointer('/paths', path)
    strip(item, pointer, count)
    for (const parameter of item.parameters ?? []) strip(parameter, `${pointer}/parameters`, count)
  }
  for (const { operation, pointer } of operationsOf(document)) {
    strip(operation, pointer, count)
    for (const parameter of operation.parameters ?? []) strip(parameter, `${pointer}/parameters`, count)
    if (operation.requestBody !== undefined) stripBody(operation.requestBody, `${pointer}/requestBody`, count)
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const place = `${pointer}/responses/${status}`
      if (response.description !== undefined && response.description !== '') count.add(`${place}/description`)
      delete response.description
      stripBody(response, place, count)
      response.description = ''
    }
  }
  rewriteSchemas(document, (schema, pointer) => {
    strip(schema, pointer, count)
    return schema
  })
  return count
}

function stripBody(body: Record<string, unknown>, pointer: string, count: ChangeCount): void {
  strip(body, pointer, count)
  for (const key of ['content', 'headers']) {
    const map = body[key]
    if (!isObject(map)) continue
    for (const [name, value] of Object.entries(map)) {
      if (isObject(value)) strip(value, appendPointer(`${pointer}/${key}`, name), count)
    }
  }
}

function strip(object: Record<string, unknown>, pointer: string, count: ChangeCount): void {
  for (const key of proseKeys) {
    if (!Object.hasOwn(object, key)) continue
    delete object[key]
    count.add(`${pointer}/${key}`)
  }
}
