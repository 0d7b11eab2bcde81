import {
  type HttpMethod,
  httpMethods,
  type OpenApiDocument,
  type OperationObject,
  type ParameterObject,
  type ReferenceObject,
  type SchemaObject,
} from '../../../../src/codegen/schema/document.ts'
import { referencedSchema } from '../../../../src/codegen/schema/walk/references.ts'
import { rewriteSchemas } from '../../../../src/codegen/schema/walk/schemas.ts'
import { isObject } from '../../../../src/shared/is-object.ts'

/**
 * Turns a normalized document back into a raw one with every quirk that the rules fix: prose everywhere, three content
 * types, numbered ids, duplicate tags, twins under the environments prefix, unused numbered schemas, scopes in
 * `security`, and the null spellings of the version.
 */
export function rawDocument(normalized: OpenApiDocument, version: '3.0.3' | '3.1.0'): OpenApiDocument {
  const document = structuredClone(normalized)
  const is30 = version === '3.0.3'
  document.openapi = version
  document.info = { title: 'Some API', version: document.info.version, description: prose('the API') }
  document['x-tagGroups'] = [{ name: 'All endpoints', tags: [] }]
  delete document.security
  restoreNames(document)
  document.components ??= {}
  document.components.schemas = {
    ...document.components.schemas,
    NullEnum: { enum: [null] },
    BlankEnum: { enum: [''] },
  }
  loosenDiscriminators(document)
  let turn = 0
  rewriteSchemas(document, (schema, pointer) => {
    turn += 1
    return rawSchema(schema, pointer, turn, is30)
  })
  addCountedSchemas(document)
  rawPaths(document)
  return document
}

function prose(subject: string): string {
  return `What ${subject.slice(-60)} is for.\n\n* it is described at length: "quoted", 'twice' & <more>\n* # and again: with a colon, and with the values it takes, one after the other, in a list of their own\n* * 'one' - the first\n* * 'two' - the second\n`
}

/** The original name of `InnerDateRange` is `_DateRange`. */
function restoreNames(document: OpenApiDocument): void {
  const schemas = document.components?.schemas ?? {}
  const raw = (name: string): string => (/^Inner(?=[A-Z])/.test(name) ? name.replace('Inner', '_') : name)
  document.components = {
    ...document.components,
    schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [raw(name), schema])),
  }
  rewriteSchemas(document, (schema) => {
    if (schema.$ref !== undefined) schema.$ref = schema.$ref.replace('/Inner', '/_')
    const mapping = schema.discriminator?.mapping ?? {}
    for (const [key, target] of Object.entries(mapping)) mapping[key] = target.replace('/Inner', '/_')
    return schema
  })
}

function loosenDiscriminators(document: OpenApiDocument): void {
  const schemas = document.components?.schemas ?? {}
  rewriteSchemas(document, (schema) => {
    const property = schema.discriminator?.propertyName
    for (const member of property === undefined ? [] : (schema.oneOf ?? [])) {
      const target = schemas[referencedSchema(member.$ref) ?? '']
      if (target?.required === undefined) continue
      target.required = target.required.filter((name) => name !== property)
      if (target.required.length === 0) delete target.required
    }
    return schema
  })
}

function rawSchema(schema: SchemaObject, pointer: string, turn: number, is30: boolean): SchemaObject {
  const { 'x-typehog-format': format, 'x-typehog-open': open, 'x-typehog-internal': _, ...rest } = schema
  let raw: SchemaObject = rest
  if (typeof format === 'string') raw.format = format
  // A document has either these bounds or its own.
  const hasBounds = raw['minimum'] !== undefined || raw['maximum'] !== undefined
  if (raw.type === 'integer' && !hasBounds && turn % 3 === 0) {
    raw['maximum'] = 9223372036854776000
    raw['minimum'] = -9223372036854776000
  }
  if (open === true) {
    const members = raw.anyOf ?? [{ type: 'string' }]
    raw.anyOf = [...members, {}]
  }
  if (raw.const !== undefined && (is30 || turn % 2 === 0)) {
    raw.enum = [raw.const]
    delete raw.const
  }
  raw = rawNull(raw, turn, is30)
  if (raw.$ref !== undefined && Object.keys(raw).length > 1) {
    const { $ref, ...siblings } = raw
    raw = { allOf: [{ $ref }], ...siblings }
  }
  // OpenAPI 3.0 ignores the siblings of a reference, so real documents have none.
  if (raw.$ref === undefined) {
    raw['title'] = `Title of ${pointer.split('/').at(-1) ?? ''}`
    if (turn % 2 === 0) raw.description = prose(pointer)
    if (turn % 7 === 0) raw['example'] = 'an example'
  }
  return raw
}

function rawNull(schema: SchemaObject, turn: number, is30: boolean): SchemaObject {
  if (Array.isArray(schema.type) && schema.type.length === 2 && schema.type.includes('null')) {
    const { type, enum: values, ...rest } = schema
    const plain: SchemaObject = { ...rest, type: type.filter((name) => name !== 'null').join('') }
    if (values !== undefined) plain.enum = values.filter((value) => value !== null)
    if (is30) return { ...plain, nullable: true }
    if (turn % 2 === 0 && plain.readOnly === undefined)
      return { anyOf: [plain, { type: 'null' }], default: null }
    return schema
  }
  const isNull = (member: SchemaObject): boolean =>
    member.type === 'null' || (member.enum?.length === 1 && member.enum[0] === null)
  if (schema.anyOf === undefined || !schema.anyOf.some(isNull)) return schema
  const { anyOf, ...rest } = schema
  const others = anyOf.filter((member) => !isNull(member))
  const [only] = others
  if (is30) {
    if (others.length === 1 && only?.$ref !== undefined) return { ...rest, allOf: [only], nullable: true }
    return { ...rest, anyOf: others, nullable: true }
  }
  const spelled: SchemaObject = turn % 2 === 0 ? { type: 'null' } : { $ref: '#/components/schemas/NullEnum' }
  return turn % 3 === 0 ? { ...rest, oneOf: [...others, spelled] } : { ...rest, anyOf: [spelled, ...others] }
}

/** Unused numbered schemas, as large as real ones. */
function addCountedSchemas(document: OpenApiDocument): void {
  const schemas = document.components?.schemas ?? {}
  for (const [index, [, schema]] of Object.entries(schemas).entries()) {
    schemas[`Leftover${index}`] = structuredClone(schema)
  }
}

function rawPaths(document: OpenApiDocument): void {
  document.components ??= {}
  document.components.parameters = {
    ...document.components.parameters,
    EnvironmentIdPath: { name: 'environment_id', in: 'path', required: true, schema: { type: 'string' } },
  }
  let count = 0
  for (const [path, item] of Object.entries(document.paths)) {
    const environmentOnly = httpMethods.filter((method) => item[method]?.['x-typehog-environments'] === true)
    for (const method of httpMethods) {
      const operation = item[method]
      if (operation === undefined) continue
      count += 1
      rawOperation(operation, count)
    }
    if (path.endsWith('/query/{id}/') && item.post !== undefined) {
      const post = structuredClone(item.post)
      post.parameters = post.parameters?.map((entry) => renamed(entry, 'id', 'query_kind')) ?? []
      document.paths[path.replace('{id}', '{query_kind}')] = { post }
      delete item.post
    }
    if (path.startsWith('/api/projects/{project_id}/')) addTwin(document, path, environmentOnly, count)
  }
}

function rawOperation(operation: OperationObject, count: number): void {
  operation.operationId = `operation_list_${count}`
  operation.tags = [...(operation.tags ?? []), ...(operation.tags ?? []), 'Some Product']
  operation.description = prose(operation.operationId)
  operation['summary'] = 'A summary'
  operation['x-product'] = ['some_product']
  const scopes = operation['x-typehog-scopes']
  // The rule made the extension from this list of strings.
  if (scopes !== undefined) operation.security = [{ PersonalAPIKeyAuth: scopes as string[] }]
  for (const key of Object.keys(operation)) if (key.startsWith('x-typehog-')) delete operation[key]
  for (const entry of operation.parameters ?? [])
    if (!('$ref' in entry)) entry['description'] = prose(String(entry.name))
  const content = operation.requestBody?.content
  const json = content?.['application/json']
  if (content !== undefined && json !== undefined) {
    content['application/x-www-form-urlencoded'] = structuredClone(json)
    content['multipart/form-data'] = structuredClone(json)
  }
  for (const response of Object.values(operation.responses ?? {})) {
    response.description = 'No response body'
    delete response['x-typehog-body']
    const json = response.content?.['application/json']
    if (response.content !== undefined && json !== undefined && count % 5 === 0) {
      response.content['text/csv'] = structuredClone(json)
    }
  }
}

/** Adds the operations under the old prefix. Some methods exist only there. */
function addTwin(
  document: OpenApiDocument,
  path: string,
  environmentOnly: readonly HttpMethod[],
  count: number,
): void {
  const byEnvironment = count % 2 === 0
  const item = document.paths[path] ?? {}
  const twin = structuredClone(item)
  for (const method of httpMethods) {
    const operation = twin[method]
    if (operation === undefined) continue
    operation.operationId = `${operation.operationId ?? ''}_2`
    if (!byEnvironment) continue
    operation.parameters =
      operation.parameters?.map((entry) =>
        entry['$ref'] === '#/components/parameters/ProjectIdPath'
          ? { $ref: '#/components/parameters/EnvironmentIdPath' }
          : entry,
      ) ?? []
  }
  const prefix = `/api/environments/{${byEnvironment ? 'environment_id' : 'project_id'}}/`
  document.paths[path.replace('/api/projects/{project_id}/', prefix)] = twin
  for (const method of environmentOnly) delete item[method]
  if (!httpMethods.some((method) => method in item)) delete document.paths[path]
}

function renamed(
  entry: ParameterObject | ReferenceObject,
  from: string,
  to: string,
): ParameterObject | ReferenceObject {
  return entry['name'] === from ? { ...entry, name: to } : entry
}

/** Renders JSON as block YAML like the server: literal blocks for multi-line strings. */
export function toYaml(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []\n'
    return `\n${value.map((item) => `${indent}-${toYaml(item, `${indent}  `)}`).join('')}`
  }
  if (isObject(value)) {
    const entries = Object.entries(value)
    if (entries.length === 0) return ' {}\n'
    return `\n${entries.map(([key, item]) => `${indent}${yamlKey(key)}:${toYaml(item, `${indent}  `)}`).join('')}`
  }
  if (typeof value === 'string' && value.includes('\n')) {
    const lines = value.replace(/\n$/, '').split('\n')
    const text = lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n')
    return ` |${value.endsWith('\n') ? '' : '-'}\n${text}\n`
  }
  return ` ${JSON.stringify(value)}\n`
}

function yamlKey(key: string): string {
  return /^[A-Za-z_/$][\w/$.-]*$/.test(key) ? key : JSON.stringify(key)
}
