import type {
  HttpMethod,
  OpenApiDocument,
  OperationObject,
  PathItemObject,
  SchemaObject,
} from '../../../src/codegen/schema/document.ts'

/** A document with the given parts only. */
export function documentWith(parts: Partial<OpenApiDocument>): OpenApiDocument {
  return { openapi: '3.1.0', info: { title: 'PostHog API', version: '1' }, paths: {}, ...parts }
}

/** A document whose only component is `Thing`. */
export function documentWithThing(schema: SchemaObject): OpenApiDocument {
  return documentWith({ components: { schemas: { Thing: schema } } })
}

/** The component `Thing` of a document. */
export function thingOf(document: OpenApiDocument): SchemaObject | undefined {
  return document.components?.schemas?.['Thing']
}

/** A document with one operation; by default a GET of the list of things. */
export function documentWithOperation(
  operation: OperationObject,
  method: HttpMethod = 'get',
  path = '/api/projects/{project_id}/things/',
): OpenApiDocument {
  return documentWith({ paths: { [path]: { [method]: operation } } })
}

/** A response with a JSON body. */
export function jsonResponse(schema: SchemaObject): NonNullable<OperationObject['responses']>[string] {
  return { description: '', content: { 'application/json': { schema } } }
}

/** A document with these paths and components. */
export function documentOf(
  paths: Record<string, PathItemObject>,
  schemas: Record<string, SchemaObject> = {},
): OpenApiDocument {
  return { openapi: '3.1.0', info: { title: 'PostHog API', version: '1' }, paths, components: { schemas } }
}

/** An operation of a resource that returns a schema. */
export function operationReturning(tag: string, operationId: string, schema: SchemaObject): OperationObject {
  return {
    operationId,
    tags: [tag],
    responses: { 200: { description: '', content: { 'application/json': { schema } } } },
  }
}

/** A reference to a component. */
export const referenceTo = (name: string): SchemaObject => ({ $ref: `#/components/schemas/${name}` })

/** An object with these properties. */
export const object = (properties: Record<string, SchemaObject>): SchemaObject => ({
  type: 'object',
  properties,
})
