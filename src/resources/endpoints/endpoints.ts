import type { CallOptions, Requester, RequestOutput } from '../requester.ts'
import type { Endpoint } from './endpoint.ts'
import type { EndpointResult } from './result.ts'
import { type RunArguments, runEndpoint } from './run.ts'

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
   * Every endpoint of the project, page after page. Needs a personal API key with `endpoint:read`.
   *
   * @example
   * for await (const endpoint of posthog.endpoints.list()) console.log(endpoint.name)
   */
  list(filters?: ListEndpoints, options?: CallOptions): AsyncIterable<EndpointObject>

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
    run: (endpoint, ...[variables, options]) => runEndpoint(requester, endpoint, variables, options),
    list: (filters, options) => listEndpoints(requester, filters, options),
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

async function* listEndpoints(
  requester: Requester,
  { isActive, pageSize = 100 }: ListEndpoints = {},
  options: CallOptions = {},
): AsyncGenerator<EndpointObject> {
  let offset = 0
  for (;;) {
    const query = { limit: pageSize, offset, ...(isActive === undefined ? {} : { is_active: isActive }) }
    const page = await requester.request('GET /api/projects/{project_id}/endpoints/', { query }, options)
    yield* page.results
    offset += page.results.length
    if (!page.next || page.results.length === 0) return
  }
}
