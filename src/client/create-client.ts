import { requireObject } from '../resources/check-arguments.ts'
import type { ProjectNames, ProjectRegistry } from '../resources/project-names.ts'
import { createHogQL, type RunHogQL } from '../resources/query/query.ts'
import type { HogQLOptions } from '../resources/query/query-options.ts'
import type { RowStream } from '../resources/query/stream/row-stream.ts'
import type { StreamOptions } from '../resources/query/stream/stream-options.ts'
import type { CallOptions, Requester } from '../resources/requester.ts'
import { createResources, type Resources } from '../resources/resources.ts'
import { type Whoami, whoami } from '../resources/whoami.ts'
import { givenFields, unexpected } from '../runtime/config/check-options.ts'
import type { ClientOptions } from '../runtime/config/options.ts'
import { type Config, isConfigured, resolveConfig } from '../runtime/config/resolve.ts'
import type { HogQL } from '../runtime/hogql/hogql.ts'
import type { LimitState } from '../runtime/limits/bucket.ts'
import { createObserver } from '../runtime/observe/hooks.ts'
import { createPlatform } from '../runtime/platform.ts'
import type { Middleware } from '../runtime/transport/middleware.ts'
import { createPipeline, createSharedState, type SharedState } from '../runtime/transport/pipeline.ts'
import {
  type AcrossOptions,
  type OpenProject,
  type ProjectOptions,
  type ProjectResult,
  runAcross,
} from './across.ts'
import { type ApiClient, createApiClient } from './api-client.ts'
import { createLister, type Lister } from './create-list.ts'
import { type Explain, explain } from './explain.ts'
import { createPathMethods, type PathMethods } from './path-methods.ts'
import type { ListFunction, RequestFunction } from './request-function.ts'
import { createSend, type Send, withSignal } from './send.ts'
import { createStatePool, type StatePool } from './state-pool.ts'
import { version } from './version.ts'

/** A client that knows the names of a project; see `ProjectNames`. `createClient<Project>()` creates one. */
export interface ProjectClient<Project> extends Resources<Project>, PathMethods {
  /** The configuration resolved from options, environment and defaults. Never contains the key. */
  readonly config: Config
  /**
   * Runs a HogQL query with bound values. Returns rows as objects and reports an incomplete result.
   *
   * @example
   * const { rows } = await posthog.hogql<{ event: string }>`select event from events where timestamp > ${since} limit 10`
   */
  readonly hogql: RunHogQL
  /**
   * Streams the rows of a query, for example to a file. Short for `hogql(query, options).stream(stream)`.
   *
   * @example
   * const query = hogql`select uuid, timestamp, event from events where timestamp > ${since}`
   * await posthog.export(query, { orderBy: ['timestamp', 'uuid'] }).toFile('events.csv')
   */
  export<Row>(query: HogQL<Row>, stream?: StreamOptions, options?: HogQLOptions): RowStream<Row>
  /** The `client` option for the functions of `typehog/api`. */
  readonly api: ApiClient
  /**
   * Calls any operation of the API, typed by its method and path. Fills in `project_id` and `organization_id`. Await it
   * for the data, or call `.withResponse()` (data, response, request id, attempts) or `.asResponse()`.
   *
   * @throws APIError or one of its subclasses for any status other than 2xx
   * @throws ConnectionError or TimeoutError when no response arrived
   * @example
   * const flags = await posthog.request('GET /api/projects/{project_id}/feature_flags/', { query: { limit: 10 } })
   */
  readonly request: RequestFunction
  /**
   * A list of the API, typed by its method and path. Await it for the first page, or loop over it for all items.
   *
   * @throws the errors of `request`, when you await it or loop over it
   * @example
   * for await (const cohort of posthog.list('GET /api/projects/{project_id}/cohorts/')) console.log(cohort.name)
   */
  readonly list: ListFunction
  /**
   * Describes a call without sending it: the request as a curl command without the key, the required scopes, the rate
   * limit, the retry class and the timeouts.
   *
   * @example
   * console.log((await posthog.explain('POST /api/projects/{project_id}/query/', { body })).curl)
   */
  readonly explain: Explain
  /**
   * Describes the key: its kind, scopes, projects and region. Sends up to three requests, each with the options.
   *
   * @throws AuthenticationError when PostHog rejects the key; WrongRegionError when the other region accepts it
   * @example const { scopes } = await posthog.whoami()
   */
  whoami(options?: CallOptions): Promise<Whoami>
  /** State of PostHog's rate limits, as counted by this client. Lists the limits used so far. */
  limits(): Promise<readonly LimitState[]>
  /**
   * Returns a copy of this client with one more middleware, inside the existing ones. Both clients share rate limits.
   *
   * @example
   * const traced = posthog.use((request, next) => {
   *   request.headers.set('traceparent', currentTrace())
   *   return next(request)
   * })
   */
  use(middleware: Middleware): this
  /**
   * Returns a copy of this client with other options. Omitted and undefined options stay unchanged, also within `retry`
   * and `limits`; `headers` replace all headers of the client. Both clients share the retry budget and rate limits while
   * key, host and `limits` stay the same.
   *
   * @throws ConfigurationError as `createClient` does
   * @example const patient = posthog.with({ timeout: 120_000 })
   */
  with(options: ClientOptions): this
  /**
   * Returns a copy of this client for another project.
   *
   * @example const { results } = await posthog.project(456).request('GET /api/projects/{project_id}/cohorts/')
   */
  project(id: number | string): this
  /**
   * Returns a copy of this client for another organization, by id.
   *
   * @example await posthog.organization(id).request('GET /api/organizations/{organization_id}/members/')
   */
  organization(id: string): this
  /**
   * Runs a callback for several projects, and settles each on its own. A project is an id, or client options with
   * `projectId` for another region, host or key. Results have the order of the projects.
   *
   * Projects of one key share its rate limits, as PostHog counts requests per key. Each project has its own limit of
   * concurrent queries.
   *
   * @throws ConfigurationError for invalid arguments or a project that is listed twice, before the first call; the reason
   * of `signal`
   * @example
   * const results = await posthog.across([1, 2], (project) => project.featureFlags.list().toArray({ max: 1_000 }))
   * for (const result of results) console.log(result.label, result.status)
   */
  across<Value>(
    projects: Iterable<number | string | ProjectOptions>,
    callback: (client: this) => Value | PromiseLike<Value>,
    options?: AcrossOptions,
  ): Promise<ProjectResult<Value>[]>
}

/** A client of PostHog's private API for one project. Its names are those of `ProjectRegistry`. */
export interface TypehogClient extends ProjectClient<ProjectRegistry> {}

/** Creates clients. */
export interface CreateClient {
  /**
   * Creates a client. Omitted options come from the environment (`POSTHOG_PERSONAL_API_KEY`, `POSTHOG_PROJECT_ID`,
   * `POSTHOG_HOST`). Sends nothing until the first call.
   *
   * @throws ConfigurationError when there is no valid key, or an option is unknown, out of range or contradicts another
   * @example
   * const posthog = createClient({ apiKey: process.env['MY_KEY'] ?? '', projectId: 123, region: 'eu' })
   */
  (options?: ClientOptions): TypehogClient
  /**
   * Creates a client that knows the names of a project. `typehog project pull` writes the type.
   *
   * @throws ConfigurationError as without names
   * @example
   * const posthog = createClient<Project>()
   */
  <Project extends ProjectNames>(options?: ClientOptions): ProjectClient<Project>
  /**
   * Like `createClient`, but returns undefined when no key is configured, as in forks and local builds.
   *
   * @example
   * const rows = (await createClient.optional()?.endpoints.run(endpoints.traffic))?.rows ?? []
   */
  optional(options?: ClientOptions): TypehogClient | undefined
  /**
   * Like `createClient.optional`, for a client that knows the names of a project.
   *
   * @example
   * const posthog = createClient.optional<Project>()
   */
  optional<Project extends ProjectNames>(options?: ClientOptions): ProjectClient<Project> | undefined
}

/** Creates a client of PostHog's private API. */
export const createClient: CreateClient = /* @__PURE__ */ Object.assign(
  (options: ClientOptions = {}) => create(options),
  { optional },
)

/** What a client inherits from the one that it was derived from. */
interface Inherited {
  readonly shared?: SharedState | undefined
  /** States to choose from, unless `shared` is given. */
  readonly pool?: StatePool | undefined
  /** Cancels all calls. */
  readonly signal?: AbortSignal | undefined
}

function create(options: ClientOptions, inherited: Inherited = {}): TypehogClient {
  requireObject('options', options)
  const platform = createPlatform({ fetch: options.fetch })
  const config = resolveConfig(options, platform.env, { version })
  const { pool, signal } = inherited
  const shared = inherited.shared ?? pool?.stateOf(config, platform) ?? createSharedState(config, platform)
  const derived: Inherited = { shared, signal }
  const pipeline = createPipeline(config, platform, shared, createObserver(config))
  const send = withSignal(createSend(config, pipeline), signal)
  const listPages = createLister(send, config)
  // The generated map of operations types the input and response of each route.
  const requester: Requester = {
    config,
    log: config.log,
    platform,
    request: send as Requester['request'],
    list: listPages as Requester['list'],
  }
  const hogql = createHogQL(requester)
  const projectOpener = (): OpenProject<TypehogClient> => {
    const pool = createStatePool(config, shared)
    return (project, projectSignal = signal) => {
      const inherit = { shared, pool, signal: projectSignal }
      if (typeof project !== 'object') return create({ ...options, projectId: project }, inherit)
      return withChanges(options, project, inherit)
    }
  }
  // Not frozen, so that tests can spy on its methods.
  return {
    config,
    ...createResources(requester),
    hogql,
    export: <Row>(query: HogQL<Row>, stream?: StreamOptions, options?: HogQLOptions) => {
      return hogql(query, options).stream(stream)
    },
    api: createApiClient(send),
    // Without the fourth parameter, internal options stay internal.
    request: ((...[route, input, options]: Parameters<Send>) =>
      send(route, input, options)) as RequestFunction,
    list: ((...[route, input, options]: Parameters<Lister>) =>
      listPages(route, input, options)) as ListFunction,
    ...createPathMethods(send),
    explain: (async (...[route, input, options]: Parameters<Send>) =>
      explain(config, route, input, options)) as Explain,
    whoami: (options) => whoami(requester, options),
    limits: () => shared.limiter.state(),
    use: (middleware: Middleware) => {
      return create({ ...options, middleware: [...config.middleware, middleware] }, derived)
    },
    with: (changes: ClientOptions) => withChanges(options, changes, derived),
    project: (id: number | string) => {
      if (id === undefined) throw unexpected('The id of `project`', id, 'a project id')
      return create({ ...options, projectId: id }, derived)
    },
    organization: (id: string) => {
      if (id === undefined) throw unexpected('The id of `organization`', id, 'a string')
      return create({ ...options, organizationId: id }, derived)
    },
    across: async (projects, callback, acrossOptions) =>
      runAcross(projectOpener(), projects, callback, acrossOptions),
  }
}

/**
 * Another host, key or `limits` option gets other shared state: one of the pool, or a new one. A new host or region
 * replaces both.
 */
function withChanges(options: ClientOptions, wanted: ClientOptions, inherited: Inherited): TypehogClient {
  requireObject('options', wanted)
  const changes = givenFields({
    ...wanted,
    retry: mergeNested(options.retry, wanted.retry),
    limits: mergeNested(options.limits, wanted.limits),
  })
  const { host, region, ...rest } = options
  const movesHost = changes.host !== undefined || changes.region !== undefined
  const next = { ...rest, ...(movesHost ? {} : { host, region }), ...changes }
  const { shared, pool, signal } = inherited
  // Limits of its own do not fit the state of a pool.
  if (changes.limits !== undefined) return create(next, { signal })
  return create(next, movesHost || changes.apiKey !== undefined ? { pool, signal } : { shared, signal })
}

/** Merges nested options over those of the client. Returns undefined when they change nothing. */
function mergeNested<Nested extends object>(
  before: Nested | false | undefined,
  wanted: Nested | false | undefined,
): Nested | false | undefined {
  if (typeof wanted !== 'object' || wanted === null) return wanted
  const given = givenFields(wanted)
  if (Object.keys(given).length === 0) return undefined
  return before === false ? given : { ...before, ...given }
}

function optional(options: ClientOptions = {}): TypehogClient | undefined {
  return isConfigured(options, createPlatform().env) ? create(options) : undefined
}
