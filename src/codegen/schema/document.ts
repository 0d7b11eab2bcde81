import { appendPointer } from './walk/json-pointer.ts'

/** HTTP methods, in the order of PostHog's document. */
export const httpMethods: readonly ['get', 'put', 'post', 'patch', 'delete', 'head', 'options', 'trace'] = [
  'get',
  'put',
  'post',
  'patch',
  'delete',
  'head',
  'options',
  'trace',
]

/** An HTTP method of a path item. */
export type HttpMethod = (typeof httpMethods)[number]

/** A JSON schema of OpenAPI 3.0 or 3.1, with the keys that the pipeline reads. */
export interface SchemaObject {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  default?: unknown
  format?: string
  nullable?: boolean
  readOnly?: boolean
  writeOnly?: boolean
  deprecated?: boolean
  description?: string
  properties?: Record<string, SchemaObject>
  required?: string[]
  additionalProperties?: boolean | SchemaObject
  items?: SchemaObject
  anyOf?: SchemaObject[]
  oneOf?: SchemaObject[]
  allOf?: SchemaObject[]
  discriminator?: DiscriminatorObject
  [key: string]: unknown
}

/** The property that identifies the members of a union. */
export interface DiscriminatorObject {
  propertyName: string
  mapping?: Record<string, string>
  [key: string]: unknown
}

/** A reference to a component. */
export interface ReferenceObject {
  $ref: string
  [key: string]: unknown
}

/** A path, query, header or cookie parameter. */
export interface ParameterObject {
  name: string
  in: string
  required?: boolean
  deprecated?: boolean
  schema?: SchemaObject
  [key: string]: unknown
}

/** A body of one content type. */
export interface MediaTypeObject {
  schema?: SchemaObject
  [key: string]: unknown
}

/** A request body. */
export interface RequestBodyObject {
  required?: boolean
  content?: Record<string, MediaTypeObject>
  [key: string]: unknown
}

/** The response for one status. */
export interface ResponseObject {
  description?: string
  content?: Record<string, MediaTypeObject>
  [key: string]: unknown
}

/** An operation: one method of one path. */
export interface OperationObject {
  operationId?: string
  tags?: string[]
  deprecated?: boolean
  description?: string
  parameters?: (ParameterObject | ReferenceObject)[]
  requestBody?: RequestBodyObject
  responses?: Record<string, ResponseObject>
  security?: Record<string, string[]>[]
  [key: string]: unknown
}

/** The operations of one path. */
export interface PathItemObject {
  get?: OperationObject
  put?: OperationObject
  post?: OperationObject
  patch?: OperationObject
  delete?: OperationObject
  head?: OperationObject
  options?: OperationObject
  trace?: OperationObject
  parameters?: (ParameterObject | ReferenceObject)[]
  [key: string]: unknown
}

/** Shared parts of a document. */
export interface ComponentsObject {
  schemas?: Record<string, SchemaObject>
  parameters?: Record<string, ParameterObject>
  requestBodies?: Record<string, RequestBodyObject>
  responses?: Record<string, ResponseObject>
  securitySchemes?: Record<string, Record<string, unknown>>
  [key: string]: unknown
}

/** An OpenAPI 3.0 or 3.1 document, with the keys that the pipeline reads. */
export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string; [key: string]: unknown }
  servers?: { url: string; [key: string]: unknown }[]
  security?: Record<string, string[]>[]
  tags?: { name: string; [key: string]: unknown }[]
  paths: Record<string, PathItemObject>
  components?: ComponentsObject
  [key: string]: unknown
}

/** An operation with its route and JSON pointer. */
export interface LocatedOperation {
  readonly path: string
  readonly method: HttpMethod
  readonly operation: OperationObject
  readonly pointer: string
}

/** Yields every operation of a document: paths in document order, methods in the order of `httpMethods`. */
export function* operationsOf(document: OpenApiDocument): Generator<LocatedOperation> {
  for (const [path, item] of Object.entries(document.paths)) {
    const pointer = appendPointer('/paths', path)
    for (const method of httpMethods) {
      const operation = item[method]
      if (operation !== undefined) yield { path, method, operation, pointer: `${pointer}/${method}` }
    }
  }
}
