import { createClock, type LocalClock } from './clock.ts'
import { createFaultScript, type FaultScript } from './faults/fault-script.ts'
import { createApiHandler } from './http/api-handler.ts'
import { keyOrRandom, type LocalKey } from './http/auth.ts'
import { isLoopback } from './http/foreign-requests.ts'
import { type ListenOptions, type LocalServer, listen } from './http/listen.ts'
import { createRequestHandler, type RequestHandler } from './http/request-handler.ts'
import { createRequestLog, type ReceivedRequest } from './http/request-log.ts'
import { createScopeLog } from './http/scope-log.ts'
import { ingestRoutes } from './ingest/ingest-routes.ts'
import { insertEvents, type LocalEvents } from './ingest/insert-events.ts'
import type { LocalPostHogOptions } from './options.ts'
import { servePage } from './page/serve-page.ts'
import { openProjects, type ProjectStates } from './project-states.ts'
import { projectIds } from './resources/organizations/projects.ts'
import { apiRoutes } from './routes.ts'
import type { ServerState } from './server-state.ts'

export type { LocalClock } from './clock.ts'
export type { SqlEngine, SqlParameters, SqlResult } from './engine/sql-engine.ts'
export { EngineError } from './engine/sql-engine.ts'
export type { Fault, FaultEffect, FaultTarget } from './faults/fault.ts'
export type { FaultScript } from './faults/fault-script.ts'
export { faults } from './faults/faults.ts'
export type { LocalKey, LocalKeyKind } from './http/auth.ts'
export { type CloudRegion, cloudFetch } from './http/cloud-fetch.ts'
export type { ListenOptions, LocalServer } from './http/listen.ts'
export type { ReceivedRequest } from './http/request-log.ts'
export type { ThrottleRates, WindowLimit } from './http/throttles.ts'
export type { InsertEventsOptions, LocalEvent, LocalEvents } from './ingest/insert-events.ts'
export type { LocalPostHogOptions } from './options.ts'

/** A local server of PostHog's API. */
export interface LocalPostHog extends AsyncDisposable {
  readonly projectId: number
  /** A key with all scopes. */
  readonly personalApiKey: string
  /** A key that can only run endpoints. */
  readonly projectSecretKey: string
  /** The clock. */
  readonly clock: LocalClock
  /** Inserts events in bulk. */
  readonly events: LocalEvents
  /** Faults to inject. */
  readonly faults: FaultScript
  /** The last 10,000 requests, oldest first, without keys. */
  readonly requests: readonly ReceivedRequest[]
  /**
   * Returns the scopes that all requests since the start needed, sorted: the scopes of the key to create. A write scope
   * includes the read scope of the same object. Counts requests with missing scopes too, but none with an unknown key.
   *
   * @example
   * console.log(local.scopesUsed()) // [ 'annotation:write', 'query:read' ]
   */
  scopesUsed(): string[]
  /**
   * Handles a request without a socket. Rejects like `fetch` when a fault breaks the connection. It does not check
   * `Host` and `Origin`: if you serve it yourself, reject foreign ones as `listen` does.
   */
  handle(request: Request): Promise<Response>
  /**
   * Listens for HTTP requests. Default: any free port on 127.0.0.1. Requests with a foreign host or origin get 403.
   *
   * @throws Error when the port is not available, and for `page` on a host that is not a loopback address.
   */
  listen(options?: ListenOptions): Promise<LocalServer>
  /**
   * Returns to the state of a new start: the sample data, the options' faults, an unmoved clock, an empty request log and
   * unused rate limits. Servers, keys and `scopesUsed` stay. Await running requests first. A data folder is emptied and
   * filled with the sample data.
   *
   * @example
   * await local.reset()
   */
  reset(): Promise<void>
  /** Closes the servers and the engine. Nothing keeps the process alive afterwards. */
  close(): Promise<void>
}

/**
 * Starts a local PostHog: a server with PostHog's routes, keys, rate limits and errors, and with sample events in an
 * embedded ClickHouse. It needs no account and no network.
 *
 * @throws Error when this process already uses the data folder, when the folder has an unreadable state file, when a
 * key has the wrong form, and in a worker thread if chdb is installed: the embedded ClickHouse crashes there.
 * @example
 * await using posthog = await startLocalPostHog()
 * const { url } = await posthog.listen()
 */
export async function startLocalPostHog(options: LocalPostHogOptions = {}): Promise<LocalPostHog> {
  const { projectId = 1, faults = [] } = options
  const personalApiKey = keyOrRandom('personal', options.personalApiKey)
  const projectSecretKey = keyOrRandom('project_secret', options.projectSecretKey)
  const clock = createClock(options.now)
  const keys: LocalKey[] = [
    { value: personalApiKey, kind: 'personal', scopes: ['*'] },
    { value: projectSecretKey, kind: 'project_secret', scopes: ['endpoint:read'] },
    ...(options.keys ?? []),
  ]
  const states = await openProjects(options, keys, clock)
  const scopes = createScopeLog()
  const script = createFaultScript(faults)
  const log = createRequestLog(clock.now)
  const requestHandler = createRequestHandler(
    createApiHandler(states, apiRoutes, ingestRoutes, scopes),
    script,
    log,
  )
  const page = {
    // A reset replaces the state.
    get state() {
      return states.current
    },
    log,
    personalApiKey,
    projectSecretKey,
  }
  const withPage = ({ page: hasPage = false, host = '127.0.0.1' }: ListenOptions): RequestHandler => {
    if (!hasPage) return requestHandler
    if (isLoopback(host)) return servePage(requestHandler, page)
    throw new Error(
      `Expected a loopback host for the page, got ${host}: the page contains the keys. Omit \`host\` or \`page\`.`,
    )
  }
  const closed = new AbortController()
  const servers: LocalServer[] = []
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed.abort()
    closing ??= Promise.all(servers.map((server) => server.close())).then(() => states.close())
    return closing
  }
  return {
    projectId,
    personalApiKey,
    projectSecretKey,
    clock: { now: clock.now, advance: clock.advance },
    events: {
      insert: async (events, { projectId: id = projectId } = {}) => {
        await insertEvents(await findProject(states, id), events)
      },
    },
    faults: script,
    requests: log.requests,
    scopesUsed: scopes.all,
    handle: async (request) => {
      return (await requestHandler(request, AbortSignal.any([request.signal, closed.signal]))).response
    },
    listen: async (listenOptions = {}) => {
      const server = await listen(withPage(listenOptions), listenOptions)
      servers.push(server)
      return server
    },
    reset: async () => {
      script.clear()
      script.add(...faults)
      log.clear()
      await states.reset()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Finds the state of a project that the caller names. */
function findProject(states: ProjectStates, id: number): Promise<ServerState> {
  const ids = projectIds(states.current)
  if (ids.includes(id)) return states.of(id)
  throw new Error(
    `The local PostHog has no project ${id}. Its projects: ${ids.join(', ')}. ` +
      'Pass one of them, or add it to the `projects` option.',
  )
}
