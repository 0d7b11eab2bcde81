// Hand-written on purpose: @readme/openapi-parser adds 840 kB to the CLI, reports no JSON pointer, and accepts some
// schemas that the pipeline cannot read (a number as a schema, an object as `anyOf`, cycles of references).

import { isObject } from '../../../shared/is-object.ts'
import { httpMethods, type OpenApiDocument } from '../document.ts'
import { SchemaError } from '../schema-error.ts'
import { appendPointer } from '../walk/json-pointer.ts'
import { schemaListKeys, schemaMapKeys, singleSchemaKeys } from '../walk/schemas.ts'

/** Throws a SchemaError with the JSON pointer of the invalid value. */
type Fail = (pointer: string, problem: string, fix?: string) => never

const defaultFix = 'Check the origin of the document: it is not valid OpenAPI.'

/**
 * Validates the structure that the pipeline relies on: the type of every value that it reads, down to the last schema.
 *
 * @param allowEmpty whether a document without paths is valid
 * @throws SchemaError with the JSON pointer of the first invalid value
 */
export function validateDocument(value: unknown, source: string, allowEmpty = false): OpenApiDocument {
  const fail: Fail = (pointer, problem, fix = defaultFix) => {
    throw new SchemaError({ source, place: pointer === '' ? '/' : pointer, problem, fix })
  }
  if (!isObject(value)) return fail('', 'Expected an OpenAPI document to be an object.')
  if (value['swagger'] !== undefined) {
    return fail(
      '/swagger',
      `Swagger ${String(value['swagger'])} is not supported.`,
      'Pass an OpenAPI 3.0 or 3.1 document.',
    )
  }
  const version = value['openapi']
  if (typeof version !== 'string') {
    return fail('/openapi', 'The document has no `openapi` version.')
  }
  if (!/^3\.[01](?:\.|$)/.test(version)) {
    return fail('/openapi', `OpenAPI ${version} is not supported.`, 'Pass an OpenAPI 3.0 or 3.1 document.')
  }
  const paths = value['paths']
  if (!isObject(paths)) return fail('/paths', 'Expected `paths` to be an object.')
  if (Object.keys(paths).length === 0 && !allowEmpty) {
    return fail('/paths', 'The document has no paths.', 'Check the URL.')
  }
  if (!isObject(value['info'])) value['info'] = { title: '', version: '' }
  for (const [path, item] of Object.entries(paths)) {
    if (path.startsWith('x-')) delete paths[path]
    else validatePathItem(item, path, fail)
  }
  if (value['components'] !== undefined) validateComponents(value['components'], fail)
  for (const key of ['servers', 'tags', 'security']) {
    if (value[key] !== undefined) list(value[key], `/${key}`, fail)
  }
  // The checks above cover everything that the type promises.
  return value as unknown as OpenApiDocument
}

function validatePathItem(item: unknown, path: string, fail: Fail): void {
  const pointer = appendPointer('/paths', path)
  if (!path.startsWith('/')) fail(pointer, 'A path must start with a slash.')
  const map = object(item, pointer, fail)
  if (map['$ref'] !== undefined)
    fail(pointer, 'A path item cannot be a reference.', 'Write the path item inline.')
  validateParameters(map['parameters'], `${pointer}/parameters`, fail)
  for (const method of httpMethods) {
    if (map[method] === undefined) continue
    const place = `${pointer}/${method}`
    const operation = object(map[method], place, fail)
    validateParameters(operation['parameters'], `${place}/parameters`, fail)
    if (operation['requestBody'] !== undefined) {
      validateBody(
        object(operation['requestBody'], `${place}/requestBody`, fail),
        `${place}/requestBody`,
        fail,
      )
    }
    const responses = operation['responses'] ?? {}
    for (const [status, response] of Object.entries(object(responses, `${place}/responses`, fail))) {
      const at = `${place}/responses/${status}`
      validateBody(object(response, at, fail), at, fail)
    }
    if (operation['security'] !== undefined)
      validateSecurity(operation['security'], `${place}/security`, fail)
    if (operation['tags'] !== undefined) list(operation['tags'], `${place}/tags`, fail)
  }
}

function validateSecurity(value: unknown, pointer: string, fail: Fail): void {
  for (const [index, requirement] of list(value, pointer, fail).entries()) {
    const place = `${pointer}/${index}`
    for (const [name, scopes] of Object.entries(object(requirement, place, fail))) {
      const names = list(scopes, appendPointer(place, name), fail)
      if (names.some((scope) => typeof scope !== 'string')) fail(place, 'Expected scopes to be strings.')
    }
  }
}

function validateParameters(value: unknown, pointer: string, fail: Fail): void {
  if (value === undefined) return
  for (const [index, parameter] of list(value, pointer, fail).entries()) {
    validateParameter(parameter, `${pointer}/${index}`, fail)
  }
}

function validateParameter(value: unknown, pointer: string, fail: Fail): void {
  const parameter = object(value, pointer, fail)
  if (typeof parameter['$ref'] === 'string') return
  if (typeof parameter['name'] !== 'string' || typeof parameter['in'] !== 'string') {
    fail(pointer, 'Expected a parameter to have `name` and `in`.')
  }
  if (parameter['schema'] !== undefined) validateSchema(parameter['schema'], `${pointer}/schema`, fail)
  validateBody(parameter, pointer, fail)
}

function validateBody(body: Record<string, unknown>, pointer: string, fail: Fail): void {
  if (body['content'] === undefined) return
  for (const [type, media] of Object.entries(object(body['content'], `${pointer}/content`, fail))) {
    const place = appendPointer(`${pointer}/content`, type)
    const { schema } = object(media, place, fail)
    if (schema !== undefined) validateSchema(schema, `${place}/schema`, fail)
  }
}

function validateComponents(value: unknown, fail: Fail): void {
  const components = object(value, '/components', fail)
  const sections: Readonly<Record<string, (part: unknown, pointer: string) => void>> = {
    schemas: (part, pointer) => validateSchema(object(part, pointer, fail), pointer, fail),
    parameters: (part, pointer) => validateParameter(part, pointer, fail),
    requestBodies: (part, pointer) => validateBody(object(part, pointer, fail), pointer, fail),
    responses: (part, pointer) => validateBody(object(part, pointer, fail), pointer, fail),
    securitySchemes: (part, pointer) => object(part, pointer, fail),
  }
  for (const [section, validate] of Object.entries(sections)) {
    if (components[section] === undefined) continue
    const pointer = `/components/${section}`
    for (const [name, part] of Object.entries(object(components[section], pointer, fail))) {
      validate(part, appendPointer(pointer, name))
    }
  }
}

function object(value: unknown, pointer: string, fail: Fail): Record<string, unknown> {
  return isObject(value) ? value : fail(pointer, 'Expected an object.')
}

function list(value: unknown, pointer: string, fail: Fail): unknown[] {
  return Array.isArray(value) ? value : fail(pointer, 'Expected a list.')
}

const stringKeys: readonly string[] = ['$ref', 'format', 'pattern']
const listKeys: readonly string[] = ['enum', 'required']

/**
 * Validates a schema and all nested schemas. Replaces boolean schemas in lists and maps with equivalent objects.
 */
function validateSchema(value: unknown, pointer: string, fail: Fail): void {
  if (typeof value === 'boolean') return
  if (!isObject(value)) fail(pointer, 'Expected a schema to be an object, true or false.')
  for (const key of stringKeys) {
    if (value[key] !== undefined && typeof value[key] !== 'string')
      fail(`${pointer}/${key}`, 'Expected a string.')
  }
  for (const key of listKeys) {
    if (value[key] !== undefined && !Array.isArray(value[key])) fail(`${pointer}/${key}`, 'Expected a list.')
  }
  validateType(value['type'], `${pointer}/type`, fail)
  validateDiscriminator(value['discriminator'], `${pointer}/discriminator`, fail)
  for (const key of singleSchemaKeys) {
    if (value[key] !== undefined) validateSchema(value[key], `${pointer}/${key}`, fail)
  }
  for (const key of schemaListKeys) {
    const members = value[key]
    if (members === undefined) continue
    if (!Array.isArray(members)) fail(`${pointer}/${key}`, 'Expected a list of schemas.')
    for (const [index, member] of members.entries()) {
      if (typeof member === 'boolean') members[index] = member ? {} : { not: {} }
      validateSchema(members[index], `${pointer}/${key}/${index}`, fail)
    }
  }
  for (const key of schemaMapKeys) {
    const map = value[key]
    if (map === undefined) continue
    if (!isObject(map)) fail(`${pointer}/${key}`, 'Expected an object of schemas.')
    for (const [name, member] of Object.entries(map)) {
      const place = appendPointer(`${pointer}/${key}`, name)
      if (typeof member === 'boolean') map[name] = member ? {} : { not: {} }
      validateSchema(map[name], place, fail)
    }
  }
}

function validateType(type: unknown, pointer: string, fail: Fail): void {
  if (type === undefined || typeof type === 'string') return
  if (Array.isArray(type) && type.length > 0 && type.every((name) => typeof name === 'string')) return
  fail(pointer, 'Expected `type` to be a string or a list of strings.')
}

function validateDiscriminator(value: unknown, pointer: string, fail: Fail): void {
  if (value === undefined) return
  if (!isObject(value) || typeof value['propertyName'] !== 'string') {
    fail(pointer, 'Expected a discriminator to have a `propertyName`.')
  }
  const mapping = value['mapping'] ?? {}
  if (!isObject(mapping) || Object.values(mapping).some((target) => typeof target !== 'string')) {
    fail(`${pointer}/mapping`, 'Expected `mapping` to map strings to strings.')
  }
}
