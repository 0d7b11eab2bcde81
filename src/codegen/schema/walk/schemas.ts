import { isObject } from '../../../shared/is-object.ts'
import {
  type MediaTypeObject,
  type OpenApiDocument,
  operationsOf,
  type ParameterObject,
  type ReferenceObject,
  type RequestBodyObject,
  type ResponseObject,
  type SchemaObject,
} from '../document.ts'
import { appendPointer } from './json-pointer.ts'

/** Keys whose value is one schema. */
export const singleSchemaKeys: readonly string[] = [
  'items',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
]
/** Keys whose value is a list of schemas. */
export const schemaListKeys: readonly string[] = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
/** Keys whose value maps names to schemas. */
export const schemaMapKeys: readonly string[] = [
  'properties',
  'patternProperties',
  '$defs',
  'dependentSchemas',
]

/** Receives a schema and its JSON pointer. Returns the replacement, or the same object to keep it. */
export type SchemaVisitor = (schema: SchemaObject, pointer: string) => SchemaObject

/**
 * Visits every schema of a document, nested schemas first, and replaces it with the visitor's result. References are
 * not followed, so each schema is visited once.
 */
export function rewriteSchemas(document: OpenApiDocument, visit: SchemaVisitor): void {
  rewriteMap(document.components?.schemas, '/components/schemas', visit)
  rewriteParameters(Object.entries(document.components?.parameters ?? {}), '/components/parameters', visit)
  for (const [name, body] of Object.entries(document.components?.requestBodies ?? {})) {
    rewriteContent(body, appendPointer('/components/requestBodies', name), visit)
  }
  for (const [name, response] of Object.entries(document.components?.responses ?? {})) {
    rewriteResponse(response, appendPointer('/components/responses', name), visit)
  }
  for (const [path, item] of Object.entries(document.paths)) {
    const pointer = `${appendPointer('/paths', path)}/parameters`
    rewriteParameters(Object.entries(item.parameters ?? []), pointer, visit)
  }
  for (const { operation, pointer } of operationsOf(document)) {
    rewriteParameters(Object.entries(operation.parameters ?? []), `${pointer}/parameters`, visit)
    if (operation.requestBody !== undefined) {
      rewriteContent(operation.requestBody, `${pointer}/requestBody`, visit)
    }
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      rewriteResponse(response, `${pointer}/responses/${status}`, visit)
    }
  }
}

/** Visits one schema, nested schemas first. Returns its replacement. */
function rewriteSchema(schema: SchemaObject, pointer: string, visit: SchemaVisitor): SchemaObject {
  for (const key of singleSchemaKeys) {
    const child = schema[key]
    if (isObject(child)) schema[key] = rewriteSchema(child, `${pointer}/${key}`, visit)
  }
  for (const key of schemaListKeys) {
    const list = schema[key]
    if (!Array.isArray(list)) continue
    for (const [index, child] of list.entries()) {
      if (isObject(child)) list[index] = rewriteSchema(child, `${pointer}/${key}/${index}`, visit)
    }
  }
  for (const key of schemaMapKeys) {
    const map = schema[key]
    if (isObject(map)) rewriteMap(map, `${pointer}/${key}`, visit)
  }
  return visit(schema, pointer)
}

function rewriteMap(map: Record<string, unknown> | undefined, pointer: string, visit: SchemaVisitor): void {
  if (map === undefined) return
  for (const [name, child] of Object.entries(map)) {
    if (isObject(child)) map[name] = rewriteSchema(child, appendPointer(pointer, name), visit)
  }
}

function rewriteParameters(
  parameters: [string, ParameterObject | ReferenceObject][],
  pointer: string,
  visit: SchemaVisitor,
): void {
  for (const [key, parameter] of parameters) {
    const place = appendPointer(pointer, key)
    if (isObject(parameter['schema'])) {
      parameter['schema'] = rewriteSchema(parameter['schema'], `${place}/schema`, visit)
    }
    // A parameter has `content` in place of `schema` when its value is serialized, for example as JSON.
    rewriteContent(parameter as { content?: Record<string, MediaTypeObject> }, place, visit)
  }
}

function rewriteResponse(response: ResponseObject, pointer: string, visit: SchemaVisitor): void {
  rewriteContent(response, pointer, visit)
  const headers = response['headers']
  if (!isObject(headers)) return
  for (const [name, header] of Object.entries(headers)) {
    if (isObject(header) && isObject(header['schema'])) {
      const place = `${appendPointer(`${pointer}/headers`, name)}/schema`
      header['schema'] = rewriteSchema(header['schema'], place, visit)
    }
  }
}

function rewriteContent(
  holder: RequestBodyObject | ResponseObject | { content?: Record<string, MediaTypeObject> },
  pointer: string,
  visit: SchemaVisitor,
): void {
  for (const [type, media] of Object.entries(holder.content ?? {})) {
    if (!isObject(media.schema)) continue
    media.schema = rewriteSchema(media.schema, `${appendPointer(`${pointer}/content`, type)}/schema`, visit)
  }
}
