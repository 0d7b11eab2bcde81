import { httpMethods, type OpenApiDocument } from '../document.ts'
import { SchemaError } from '../schema-error.ts'
import { isObject } from '../walk/is-object.ts'
import { appendPointer } from '../walk/json-pointer.ts'
import { validateSchema } from './validate-schema.ts'

/** Refuses a value, naming its place. */
export type Refuse = (pointer: string, problem: string, fix?: string) => never

const defaultFix = 'Check where the document comes from; it does not follow OpenAPI.'

/**
 * Proves that a parsed value has the structure the pipeline relies on: the kinds of all values it will touch, down to
 * the last schema. What the values say is not judged here.
 *
 * @throws SchemaError naming the first place that is wrong.
 */
export function validateShape(value: unknown, source: string): OpenApiDocument {
  const refuse: Refuse = (pointer, problem, fix = defaultFix) => {
    throw new SchemaError({ source, place: pointer === '' ? '/' : pointer, problem, fix })
  }
  if (!isObject(value)) return refuse('', 'An OpenAPI document is an object, and this is not.')
  if (value['swagger'] !== undefined) {
    return refuse(
      '/swagger',
      `This is Swagger ${String(value['swagger'])}.`,
      'Give an OpenAPI 3.0 or 3.1 document.',
    )
  }
  const version = value['openapi']
  if (typeof version !== 'string') {
    return refuse('/openapi', 'The version is missing, so this is no OpenAPI document.')
  }
  if (!/^3\.[01](?:\.|$)/.test(version)) {
    return refuse('/openapi', `OpenAPI ${version} is not known.`, 'Give an OpenAPI 3.0 or 3.1 document.')
  }
  const paths = value['paths']
  if (!isObject(paths)) return refuse('/paths', 'The document has no paths.')
  if (Object.keys(paths).length === 0)
    return refuse('/paths', 'The document has no path.', 'Check the address.')
  if (!isObject(value['info'])) value['info'] = { title: '', version: '' }
  for (const [path, item] of Object.entries(paths)) {
    if (path.startsWith('x-')) delete paths[path]
    else validatePathItem(item, path, refuse)
  }
  if (value['components'] !== undefined) validateComponents(value['components'], refuse)
  for (const key of ['servers', 'tags', 'security']) {
    if (value[key] !== undefined) list(value[key], `/${key}`, refuse)
  }
  // Everything that the type promises has been checked above.
  return value as unknown as OpenApiDocument
}

function validatePathItem(item: unknown, path: string, refuse: Refuse): void {
  const pointer = appendPointer('/paths', path)
  if (!path.startsWith('/')) refuse(pointer, 'A path must start with a slash.')
  const map = object(item, pointer, refuse)
  if (map['$ref'] !== undefined)
    refuse(pointer, 'Path items by reference are not supported.', 'Write the path in full.')
  validateParameters(map['parameters'], `${pointer}/parameters`, refuse)
  for (const method of httpMethods) {
    if (map[method] === undefined) continue
    const place = `${pointer}/${method}`
    const operation = object(map[method], place, refuse)
    validateParameters(operation['parameters'], `${place}/parameters`, refuse)
    if (operation['requestBody'] !== undefined) {
      validateBody(
        object(operation['requestBody'], `${place}/requestBody`, refuse),
        `${place}/requestBody`,
        refuse,
      )
    }
    const responses = operation['responses'] ?? {}
    for (const [status, response] of Object.entries(object(responses, `${place}/responses`, refuse))) {
      const at = `${place}/responses/${status}`
      validateBody(object(response, at, refuse), at, refuse)
    }
    if (operation['security'] !== undefined)
      validateSecurity(operation['security'], `${place}/security`, refuse)
    if (operation['tags'] !== undefined) list(operation['tags'], `${place}/tags`, refuse)
  }
}

function validateSecurity(value: unknown, pointer: string, refuse: Refuse): void {
  for (const [index, requirement] of list(value, pointer, refuse).entries()) {
    const place = `${pointer}/${index}`
    for (const [name, scopes] of Object.entries(object(requirement, place, refuse))) {
      const texts = list(scopes, appendPointer(place, name), refuse)
      if (texts.some((scope) => typeof scope !== 'string')) refuse(place, 'Scopes must be texts.')
    }
  }
}

function validateParameters(value: unknown, pointer: string, refuse: Refuse): void {
  if (value === undefined) return
  for (const [index, parameter] of list(value, pointer, refuse).entries()) {
    validateParameter(parameter, `${pointer}/${index}`, refuse)
  }
}

function validateParameter(value: unknown, pointer: string, refuse: Refuse): void {
  const parameter = object(value, pointer, refuse)
  if (typeof parameter['$ref'] === 'string') return
  if (typeof parameter['name'] !== 'string' || typeof parameter['in'] !== 'string') {
    refuse(pointer, 'A parameter needs a name and a place (`in`).')
  }
  if (parameter['schema'] !== undefined) validateSchema(parameter['schema'], `${pointer}/schema`, refuse)
  validateBody(parameter, pointer, refuse)
}

function validateBody(body: Record<string, unknown>, pointer: string, refuse: Refuse): void {
  if (body['content'] === undefined) return
  for (const [type, media] of Object.entries(object(body['content'], `${pointer}/content`, refuse))) {
    const place = appendPointer(`${pointer}/content`, type)
    const { schema } = object(media, place, refuse)
    if (schema !== undefined) validateSchema(schema, `${place}/schema`, refuse)
  }
}

function validateComponents(value: unknown, refuse: Refuse): void {
  const components = object(value, '/components', refuse)
  const sections: Readonly<Record<string, (part: unknown, pointer: string) => void>> = {
    schemas: (part, pointer) => validateSchema(object(part, pointer, refuse), pointer, refuse),
    parameters: (part, pointer) => validateParameter(part, pointer, refuse),
    requestBodies: (part, pointer) => validateBody(object(part, pointer, refuse), pointer, refuse),
    responses: (part, pointer) => validateBody(object(part, pointer, refuse), pointer, refuse),
    securitySchemes: (part, pointer) => object(part, pointer, refuse),
  }
  for (const [section, validate] of Object.entries(sections)) {
    if (components[section] === undefined) continue
    const pointer = `/components/${section}`
    for (const [name, part] of Object.entries(object(components[section], pointer, refuse))) {
      validate(part, appendPointer(pointer, name))
    }
  }
}

function object(value: unknown, pointer: string, refuse: Refuse): Record<string, unknown> {
  return isObject(value) ? value : refuse(pointer, 'An object was expected here.')
}

function list(value: unknown, pointer: string, refuse: Refuse): unknown[] {
  return Array.isArray(value) ? value : refuse(pointer, 'A list was expected here.')
}
