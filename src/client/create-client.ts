import { createEndpoints, type Endpoints } from '../resources/endpoints/endpoints.ts'
import type { Requester, Route } from '../resources/requester.ts'
import type { ClientOptions } from '../runtime/config/options.ts'
import { type Config, isConfigured, resolveConfig } from '../runtime/config/resolve.ts'
import { createPlatform } from '../runtime/platform.ts'
import { createPipeline } from '../runtime/transport/pipeline.ts'
import { type ApiClient, createApiClient } from './api-client.ts'
import { createSender } from './sender.ts'
import { version } from './version.ts'

/** A client of PostHog's private API for one project. */
export interface TypehogClient {
  /** What options, environment and defaults came to. Never holds the key. */
  readonly config: Config
  /** The team's own endpoints. */
  readonly endpoints: Endpoints
  /** Pass this as `client` to the functions of `typehog/api`. */
  readonly api: ApiClient
  /**
   * Calls any operation of the API, typed by its method and path. `project_id` and `organization_id` are filled in.
   * Await it for the data, or ask for `.withResponse()` (data, response, request id, attempts) or `.asResponse()`.
   *
   * @throws APIError for any status that is not 2xx: one of its subclasses where there is one
   * @throws ConnectionError and TimeoutError when there was no answer
   * @example
   * const flags = await posthog.request('GET /api/projects/{project_id}/feature_flags/', { query: { limit: 10 } })
   */
  readonly request: Requester['request']
}

/** Makes clients. */
export interface CreateClient {
  /**
   * A client with these options; what they leave out comes from the environment (`POSTHOG_PERSONAL_API_KEY`,
   * `POSTHOG_PROJECT_ID`, `POSTHOG_HOST`). Nothing is sent until the first call.
   *
   * @throws ConfigurationError when there is no usable key, or an option is unknown, out of range or contradicts another
   * @example
   * const posthog = createClient({ apiKey: process.env['MY_KEY'] ?? '', projectId: 123, region: 'eu' })
   */
  (options?: ClientOptions): TypehogClient
  /**
   * Like `createClient`, or undefined when no key is configured at all: for forks and local builds that go without.
   *
   * @example
   * const rows = (await createClient.optional()?.endpoints.run(endpoints.traffic))?.rows ?? []
   */
  optional(options?: ClientOptions): TypehogClient | undefined
}

/** Creates a client of PostHog's private API. */
export const createClient: CreateClient = /* @__PURE__ */ Object.assign(create, { optional })

function create(options: ClientOptions = {}): TypehogClient {
  const platform = createPlatform({ fetch: options.fetch })
  const config = resolveConfig(options, platform.env, { version })
  const send = createSender(config, createPipeline(config, platform))
  const request = ((route: Route, input?: object, callOptions?: object) => {
    const gap = route.indexOf(' ')
    return send(route.slice(0, gap), route.slice(gap + 1), input, callOptions)
    // The generated map of operations proves input and output of each route.
  }) as Requester['request']
  const requester: Requester = { config, log: config.log, request }
  return Object.freeze({
    config,
    endpoints: createEndpoints(requester),
    api: createApiClient(send),
    request,
  })
}

function optional(options: ClientOptions = {}): TypehogClient | undefined {
  return isConfigured(options, createPlatform().env) ? create(options) : undefined
}
