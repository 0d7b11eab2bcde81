import { requireObject } from '../resources/check-arguments.ts'
import { createHogQL, type RunHogQL } from '../resources/query/query.ts'
import type { HogQLOptions } from '../resources/query/query-options.ts'
import type { RowStream } from '../resources/query/stream/row-stream.ts'
import type { StreamOptions } from '../resources/query/stream/stream-options.ts'
import type { ListFunction, Requester, RequestFunction } from '../resources/requester.ts'
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
import { type ApiClient, createApiClient } from './api-client.ts'
import { createLister, type Lister } from './create-list.ts'
import { type Explain, explain } from './explain.ts'
import { createSend, type Send } from './send.ts'
import { version } from './version.ts'

/** A client of PostHog's private API for one project. */
export interface TypehogClient extends Resources {
  /** What options, environment and defaults came to. Never holds the key. */
  readonly config: Config
  /**
   * Runs HogQL whose values are bound; rows come as objects, and an incomplete result says so.
   *
   * @example
   * const { rows } = await posthog.hogql<{ event: string }>`select event from events where timestamp > ${since} limit 10`
   */
  readonly hogql: RunHogQL
  /**
   * The rows of a query as a stream, for writing them to a file: what `hogql(query, options).stream(stream)` gives.
   *
   * @example
   * const query = hogql`select uuid, timestamp, event from events where timestamp > ${since}`
   * await posthog.export(query, { orderBy: ['timestamp', 'uuid'] }).toFile('events.csv')
   */
  export<Row>(query: HogQL<Row>, stream?: StreamOptions, options?: HogQLOptions): RowStream<Row>
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
  readonly request: RequestFunction
  /**
   * A list of the API, typed by its method and path: await it for the first page, loop over it for all items.
   *
   * @throws what `request` throws, when it is awaited or looped over
   * @example
   * for await (const cohort of posthog.list('GET /api/projects/{project_id}/cohorts/')) console.log(cohort.name)
   */
  readonly list: ListFunction
  /**
   * What a call would do, without sending it: the request as a curl command with the key left out, the scopes that it
   * needs, the rate limit that counts it, whether it is sent again after a failure, and the timeouts.
   *
   * @example
   * console.log((await posthog.explain('POST /api/projects/{project_id}/query/', { body })).curl)
   */
  readonly explain: Explain
  /**
   * Who the key is: its kind, scopes, projects, and where it belongs.
   *
   * @throws AuthenticationError when PostHog does not know the key; WrongRegionError when the other region does
   * @example const { scopes } = await posthog.whoami()
   */
  whoami(): Promise<Whoami>
  /** How PostHog's rate limits stand, by this client's own count. Lists those that were asked for so far. */
  limits(): Promise<readonly LimitState[]>
  /**
   * A client like this one with one more middleware around every attempt, inside those it has. They share limits.
   *
   * @example
   * const traced = posthog.use((request, next) => {
   *   request.headers.set('traceparent', currentTrace())
   *   return next(request)
   * })
   */
  use(middleware: Middleware): TypehogClient
  /**
   * A client like this one with other options. Those that are left out or undefined stay as they are, also within
   * `retry` and `limits`; `headers` replace all that the client has. Both clients share retry budget and limits while
   * key, host and `limits` stay the same.
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
export const createClient: CreateClient = /* @__PURE__ */ Object.assign(
  (options: ClientOptions = {}) => create(options),
  { optional },
)

function create(options: ClientOptions, inherited?: SharedState): TypehogClient {
  requireObject('options', options)
  const platform = createPlatform({ fetch: options.fetch })
  const config = resolveConfig(options, platform.env, { version })
  const shared = inherited ?? createSharedState(config, platform)
  const send = createSend(config, createPipeline(config, platform, shared, createObserver(config)))
  const listPages = createLister(send, config)
  // The generated map of operations types the input and the response of each route.
  const requester: Requester = {
    config,
    log: config.log,
    platform,
    request: send as Requester['request'],
    list: listPages as Requester['list'],
  }
  const hogql = createHogQL(requester)
  // Not frozen, so that tests may spy on its methods.
  return {
    config,
    ...createResources(requester),
    hogql,
    export: <Row>(query: HogQL<Row>, stream?: StreamOptions, options?: HogQLOptions) => {
      return hogql(query, options).stream(stream)
    },
    api: createApiClient(send),
    // Internal options stay internal.
    request: ((...[route, input, options]: Parameters<Send>) =>
      send(route, input, options)) as RequestFunction,
    list: ((...[route, input, options]: Parameters<Lister>) =>
      listPages(route, input, options)) as ListFunction,
    explain: async (...call: Parameters<Explain>) => explain(config, ...call),
    whoami: () => whoami(requester),
    limits: () => shared.limiter.state(),
    use: (middleware: Middleware) => {
      return create({ ...options, middleware: [...config.middleware, middleware] }, shared)
    },
    with: (changes: ClientOptions) => change(options, changes, shared),
    project: (id: number | string) => {
      if (id === undefined) throw unexpected('The id of `project`', id, 'the number of a project')
      return create({ ...options, projectId: id }, shared)
    },
    organization: (id: string) => {
      if (id === undefined) throw unexpected('The id of `organization`', id, 'a text')
      return create({ ...options, organizationId: id }, shared)
    },
  }
}

/** Another server, key or way to count starts afresh, and a host and a region put each other out of force. */
function change(options: ClientOptions, wanted: ClientOptions, shared: SharedState): TypehogClient {
  requireObject('options', wanted)
  const changes = givenFields({
    ...wanted,
    retry: merged(options.retry, wanted.retry),
    limits: merged(options.limits, wanted.limits),
  })
  const { host, region, ...rest } = options
  const elsewhere = changes.host !== undefined || changes.region !== undefined
  const next = { ...rest, ...(elsewhere ? {} : { host, region }), ...changes }
  const afresh = elsewhere || changes.apiKey !== undefined || changes.limits !== undefined
  return create(next, afresh ? undefined : shared)
}

/** Nested options over those that a client has; undefined when they change nothing. */
function merged<Nested extends object>(
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
