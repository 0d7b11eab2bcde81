import {
  describeEndpoint,
  type EndpointDescription,
} from '../../../../src/codegen/endpoints/describe-endpoint.ts'
import { uniqueColumnNames } from '../../../../src/runtime/rows/decode-rows.ts'

/** The differences from a minimal endpoint. */
export interface Shape {
  readonly endpoint?: Readonly<Record<string, unknown>>
  readonly properties?: Readonly<Record<string, unknown>>
  readonly required?: readonly unknown[]
}

/** An endpoint object of the API. */
export function endpointObject(over: Shape['endpoint'] = {}): Record<string, unknown> {
  return {
    name: 'top-pages',
    description: 'Most viewed pages.',
    query: { kind: 'HogQLQuery', query: 'select 1' },
    is_active: true,
    is_materialized: false,
    current_version: 3,
    columns: [
      { name: 'path', type: 'string' },
      { name: 'views', type: 'integer' },
    ],
    ...over,
  }
}

/** An `openapi.json` with these variables. Without variables it has no `Variables` component. */
export function openapiDocument({ properties, required }: Shape = {}): Record<string, unknown> {
  const variables = {
    type: 'object',
    properties,
    additionalProperties: false,
    ...(required ? { required } : {}),
  }
  return {
    openapi: '3.0.3',
    info: { title: 'top-pages', version: '3' },
    paths: { '/api/projects/1/endpoints/top-pages/run': { post: {} } },
    components: { schemas: properties === undefined ? {} : { Variables: variables } },
  }
}

/** The description of an endpoint with these differences. */
export function described(shape: Shape = {}): EndpointDescription {
  return describeEndpoint(endpointObject(shape.endpoint), openapiDocument(shape), { uniqueColumnNames })
}
