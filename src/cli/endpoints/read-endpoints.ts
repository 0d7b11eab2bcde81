import {
  describeEndpoint,
  type EndpointDescription,
  type ListedEndpoint,
} from '../../codegen/endpoints/describe-endpoint.ts'
import { byCodeUnit } from '../../codegen/source-text.ts'
import type { ManageEndpoints } from '../../resources/endpoints/manage-endpoints.ts'
import { NotFoundError } from '../../runtime/errors/api-errors.ts'
import { isPostHogError } from '../../runtime/errors/posthog-error.ts'
import { uniqueColumnNames } from '../../runtime/rows/decode-rows.ts'
import { suggestName, UsageError } from '../errors.ts'

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
  return toDescription(name, endpoint, openapi)
}

/** Describes an endpoint from two API responses: the endpoint and its OpenAPI document. */
export function toDescription(name: string, endpoint: unknown, openapi: unknown): EndpointDescription {
  return describeEndpoint(endpoint, openapi, { name, uniqueColumnNames })
}

/** Resolves to undefined when the endpoint or its version does not exist. A missing route still throws. */
export async function ignoreNotFound<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (isPostHogError(error) && error instanceof NotFoundError && !error.routeUnknown) return undefined
    throw error
  }
}

/** The endpoints of a pull. */
export interface Selection {
  readonly selected: readonly ListedEndpoint[]
  /** Names of the skipped inactive endpoints. */
  readonly inactive: readonly string[]
}

/**
 * Selects the named endpoints, or all without names, sorted by name.
 *
 * @throws UsageError when a named endpoint does not exist, or is inactive without `includeInactive`
 */
export function selectEndpoints(
  listed: readonly ListedEndpoint[],
  names: readonly string[],
  includeInactive: boolean,
): Selection {
  // Pages shift when someone creates endpoints during the list, so it can contain an endpoint twice.
  const byName = new Map(listed.map((endpoint) => [endpoint.name, endpoint]))
  const allNames = [...byName.keys()].sort(byCodeUnit)
  for (const name of names) {
    const endpoint = byName.get(name)
    if (endpoint === undefined) {
      throw new UsageError(`The project has no endpoint "${name}".`, suggestName(name, allNames))
    }
    if (!endpoint.isActive && !includeInactive) {
      throw new UsageError(
        `Endpoint "${name}" is inactive and cannot run.`,
        'Activate it in PostHog, or pass --include-inactive.',
      )
    }
  }
  const requested = allNames
    .filter((name) => names.length === 0 || names.includes(name))
    .flatMap((name) => byName.get(name) ?? [])
  const isSelected = ({ isActive }: ListedEndpoint): boolean => isActive || includeInactive
  return {
    selected: requested.filter(isSelected),
    inactive: requested.filter((endpoint) => !isSelected(endpoint)).map(({ name }) => name),
  }
}
