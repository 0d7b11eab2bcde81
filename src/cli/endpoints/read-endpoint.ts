import { describeEndpoint, type EndpointDescription } from '../../codegen/endpoints/describe-endpoint.ts'
import type { ManageEndpoints } from '../../resources/endpoints/manage-endpoints.ts'
import { NotFoundError } from '../../runtime/errors/api-errors.ts'
import { isPostHogError } from '../../runtime/errors/posthog-error.ts'
import { uniqueColumnNames } from '../../runtime/rows/decode-rows.ts'

/** Reads one version of an endpoint and its OpenAPI document, and describes it. */
export async function readEndpoint(
  endpoints: ManageEndpoints,
  name: string,
  version: number,
  signal: AbortSignal,
): Promise<EndpointDescription> {
  const [endpoint, openapi] = await Promise.all([
    endpoints.get(name, { version }, { signal }),
    endpoints.openapi(name, { version }, { signal }),
  ])
  return describe(name, endpoint, openapi)
}

/** Describes what the API answered about an endpoint. */
export function describe(name: string, endpoint: unknown, openapi: unknown): EndpointDescription {
  return describeEndpoint(endpoint, openapi, { name, uniqueColumnNames })
}

/** The value, or undefined when the endpoint or its version does not exist. A missing route is still an error. */
export async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (isPostHogError(error) && error instanceof NotFoundError && !error.routeUnknown) return undefined
    throw error
  }
}
