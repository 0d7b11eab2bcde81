/** Methods in the order in which PostHog's document prints them. */
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

/** A method that a path item can hold an operation for. */
export type HttpMethod = (typeof httpMethods)[number]

/** A JSON schema as OpenAPI 3.0 and 3.1 write it; only the keys that the pipeline reads are named. */
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

/** Tells the members of a union apart by one property. */
export interface DiscriminatorObject {
  propertyName: string
  mapping?: Record<string, string>
  [key: string]: unknown
}

/** A pointer to a component. */
export interface ReferenceObject {
  $ref: string
  [key: string]: unknown
}

/** A parameter in a path, query, header or cookie. */
export interface ParameterObject {
  name: string
  in: string
  required?: boolean
  deprecated?: boolean
  schema?: SchemaObject
  [key: string]: unknown
}

/** One representation of a body. */
export interface MediaTypeObject {
  schema?: SchemaObject
  [key: string]: unknown
}

/** What a caller sends. */
export interface RequestBodyObject {
  required?: boolean
  content?: Record<string, MediaTypeObject>
  [key: string]: unknown
}

/** What the server answers with one status. */
export interface ResponseObject {
  description?: string
  content?: Record<string, MediaTypeObject>
  [key: string]: unknown
}

/** One method on one path. */
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

/** The methods of one path. */
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

/** Named parts that the rest of a document points to. */
export interface ComponentsObject {
  schemas?: Record<string, SchemaObject>
  parameters?: Record<string, ParameterObject>
  requestBodies?: Record<string, RequestBodyObject>
  responses?: Record<string, ResponseObject>
  securitySchemes?: Record<string, Record<string, unknown>>
  [key: string]: unknown
}

/** An OpenAPI 3.x document, structurally: what the pipeline relies on and nothing more. */
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
