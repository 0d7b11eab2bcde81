import type {
  OpenApiDocument,
  OperationObject,
  PathItemObject,
  SchemaObject,
} from '../../../../src/codegen/schema/document.ts'

/** A document with these paths and components. */
export function documentOf(
  paths: Record<string, PathItemObject>,
  schemas: Record<string, SchemaObject> = {},
): OpenApiDocument {
  return { openapi: '3.1.0', info: { title: 'PostHog API', version: '1' }, paths, components: { schemas } }
}

/** An operation of a resource that returns a schema. */
export function answering(tag: string, operationId: string, schema: SchemaObject): OperationObject {
  return {
    operationId,
    tags: [tag],
    responses: { 200: { description: '', content: { 'application/json': { schema } } } },
  }
}

/** A reference to a component. */
export const to = (name: string): SchemaObject => ({ $ref: `#/components/schemas/${name}` })

/** An object with these properties. */
export const object = (properties: Record<string, SchemaObject>): SchemaObject => ({
  type: 'object',
  properties,
})
