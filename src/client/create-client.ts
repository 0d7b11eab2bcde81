import { createEndpoints, type Endpoints } from '../resources/endpoints/endpoints.ts'
import type { Requester, Route } from '../resources/requester.ts'
import { defaults } from '../runtime/config/defaults.ts'
import type { ClientOptions } from '../runtime/config/options.ts'
import { type Config, isConfigured, resolveConfig } from '../runtime/config/resolve.ts'
import { createPlatform } from '../runtime/platform.ts'
import { createBudget, type RetryBudget } from '../runtime/retry/budget.ts'
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
  /**
   * A client like this one with other options. They share their retry budget while key and host stay the same.
   *
   * @throws ConfigurationError as `createClient` does
   * @example const patient = posthog.with({ timeout: 120_000 })
   */
  with(options: ClientOptions): TypehogClient
  /**
   * A client for another project.
   *
   * @example const { results } = await posthog.project(456).request('GET /api/projects/{project_id}/cohorts/')
   */
  project(id: number | string): TypehogClient
  /**
   * A client for another organization, by its id.
   *
   * @example await posthog.organization(id).request('GET /api/organizations/{organization_id}/members/')
   */
  organization(id: string): TypehogClient
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
  return derive(options, createBudget(defaults.retryBudget, createPlatform().monotonic))
}

function derive(options: ClientOptions, budget: RetryBudget): TypehogClient {
  const platform = createPlatform({ fetch: options.fetch })
  const config = resolveConfig(options, platform.env, { version })
  const send = createSender(config, createPipeline(config, platform, budget))
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
    with: (changes: ClientOptions) => change(options, changes, budget),
    project: (id: number | string) => derive({ ...options, projectId: id }, budget),
    organization: (id: string) => derive({ ...options, organizationId: id }, budget),
  })
}

/** Another server or key has another budget, and a host and a region put each other out of force. */
function change(options: ClientOptions, changes: ClientOptions, budget: RetryBudget): TypehogClient {
  const { host, region, ...rest } = options
  const elsewhere = changes.host !== undefined || changes.region !== undefined
  const place = { ...(host === undefined ? {} : { host }), ...(region === undefined ? {} : { region }) }
  const next = { ...rest, ...(elsewhere ? {} : place), ...changes }
  return elsewhere || changes.apiKey !== undefined ? create(next) : derive(next, budget)
}

function optional(options: ClientOptions = {}): TypehogClient | undefined {
  return isConfigured(options, createPlatform().env) ? create(options) : undefined
}
