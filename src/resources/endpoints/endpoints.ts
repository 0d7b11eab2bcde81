import type { List } from '../../runtime/paging/list.ts'
import type { CallOptions, ListOptions, Requester, RequestOutput } from '../requester.ts'
import type { Endpoint } from './endpoint.ts'
import type { EndpointResult } from './result.ts'
import type { RunArguments } from './run.ts'

/** An endpoint as PostHog's API describes it. */
export type EndpointObject = RequestOutput<'GET /api/projects/{project_id}/endpoints/'>['results'][number]

/** Filters of the list of endpoints. */
export interface ListEndpoints {
  /** Only active, or only inactive ones. Default: both. */
  readonly isActive?: boolean
  /** Endpoints per request. Default: PostHog's 100. */
  readonly pageSize?: number
}

/** Which version to read. */
export interface AtVersion {
  /** Default: the current one. */
  readonly version?: number
}

/** A team's own endpoints: named, versioned queries behind an HTTP route. */
export interface Endpoints {
  /**
   * Runs an endpoint with its variables, at the version that it is pinned to, and returns its rows as objects.
   * Sent again after failures like any read.
   *
   * @throws MissingVariablesError when PostHog requires a variable that was not sent
   * @throws BadRequestError for unknown variables and options that the endpoint does not take
   * @throws NotFoundError when the endpoint or the version is gone or inactive
   * @throws VersionDriftError when PostHog ran another version (see the option `onVersionDrift`)
   * @example
   * const { rows, version } = await posthog.endpoints.run(endpoints.signupsByCountry, { country: 'DE' })
   */
  run<Variables, Row>(
    endpoint: Endpoint<Variables, Row>,
    ...args: RunArguments<NoInfer<Variables>>
  ): Promise<EndpointResult<Row>>

  /**
   * The endpoints of the project: await it for the first page, loop over it for all. Needs a personal API key with
   * `endpoint:read`.
   *
   * @example
   * for await (const endpoint of posthog.endpoints.list()) console.log(endpoint.name)
   */
  list(filters?: ListEndpoints, options?: ListOptions): List<EndpointObject>

  /** One endpoint, at a version if you name one. Needs a personal API key with `endpoint:read`. */
  get(name: string, at?: AtVersion, options?: CallOptions): Promise<EndpointObject>

  /**
   * The OpenAPI document that PostHog writes for one endpoint. Needs a personal API key: project secret keys are
   * refused here, although they may run endpoints.
   */
  openapi(name: string, at?: AtVersion, options?: CallOptions): Promise<unknown>
}

/** Binds the endpoint calls to a client. */
export function createEndpoints(requester: Requester): Endpoints {
  return {
    async run(endpoint, ...[variables, options]) {
      const { runEndpoint } = await import('./run.ts')
      return runEndpoint(requester, endpoint, variables, options)
    },
    list: ({ isActive, pageSize } = {}, options = {}) => {
      const query = {
        ...(pageSize === undefined ? {} : { limit: pageSize }),
        ...(isActive === undefined ? {} : { is_active: isActive }),
      }
      return requester.list('GET /api/projects/{project_id}/endpoints/', { query }, options)
    },
    async get(name, at = {}, options = {}) {
      const input = { path: { name }, query: versionQuery(at) }
      return requester.request('GET /api/projects/{project_id}/endpoints/{name}/', input, options)
    },
    async openapi(name, at = {}, options = {}) {
      const input = { path: { name }, query: versionQuery(at) }
      return requester.request(
        'GET /api/projects/{project_id}/endpoints/{name}/openapi.json/',
        input,
        options,
      )
    },
  }
}

const versionQuery = ({ version }: AtVersion): { version?: number } =>
  version === undefined ? {} : { version }
