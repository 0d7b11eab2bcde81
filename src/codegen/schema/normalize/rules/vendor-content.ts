import { isObject } from '../../../../shared/is-object.ts'
import { type OpenApiDocument, operationsOf } from '../../document.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
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

/** The title of every normalized document. */
const title = 'PostHog API'

/**
 * Drops PostHog's prose: titles, summaries, descriptions and examples. It is a third of the document, changes in every
 * release, and Typehog may not publish it. An overlay adds our own descriptions. OpenAPI requires a description for
 * responses, so it becomes empty.
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

/** Prefix of the extensions that the pipeline writes. */
const ownPrefix = 'x-typehog-'

/** Drops vendor extensions such as `x-product` and `x-tagGroups`. They describe ownership and page layout. */
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
