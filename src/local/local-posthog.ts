import { resolve } from 'node:path'
import { openEngine } from './engine/open-engine.ts'
import type { SqlEngine } from './engine/sql-engine.ts'
import type { Fault } from './faults/fault.ts'
import { createFaultScript, type FaultScript } from './faults/fault-script.ts'
import { createApiHandler } from './http/api-handler.ts'
import { keyOrRandom, type LocalKey } from './http/auth.ts'
import { isLoopback } from './http/foreign-requests.ts'
import { type ListenOptions, type LocalServer, listen } from './http/listen.ts'
import {
  createQueryGate,
  MAX_CONCURRENT_QUERIES,
  MAX_CONCURRENT_TABLE_READS,
  MAX_QUERY_WAIT_MS,
} from './http/query-gate.ts'
import { createRequestHandler, type RequestHandler } from './http/request-handler.ts'
import { createRequestLog, type ReceivedRequest } from './http/request-log.ts'
import type { WindowLimit } from './http/throttles.ts'
import { createThrottles, type ThrottleRates } from './http/throttles.ts'
import { ingestRoutes } from './ingest/ingest-routes.ts'
import { servePage } from './page/serve-page.ts'
import { createEndpointStore, ENDPOINTS } from './resources/endpoints/endpoint-store.ts'
import { createAsyncQueries } from './resources/query/async-queries.ts'
import { createQueryLog } from './resources/query/query-log.ts'
import { apiRoutes } from './routes.ts'
import { createSampleTables } from './sample/sample-tables.ts'
import type { ServerState } from './server-state.ts'
import { emptyStore, openStateFile } from './state-file.ts'
import { collectionOf } from './store/collection.ts'

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

/** Options of a local PostHog. All have defaults. */
export interface LocalPostHogOptions {
  /** Id of the project that `@current` means. Default: 1. */
  readonly projectId?: number | undefined
  /** Ids of more projects. They share all data with the first except feature flags. Default: none. */
  readonly projects?: readonly number[] | undefined
  /** Seed of the sample data. The same seed, count and start time give the same data. Default: 1. */
  readonly seed?: number | undefined
  /** Number of sample events in the 90 days before the start, one person per 20 events. Default: 5,000. */
  readonly events?: number | undefined
  /** Folder that stores all data. Default: a temporary folder, deleted on close. */
  readonly dataFolder?: string | undefined
  /** SQL engine. Default: `chdb`. If it is not installed, SQL fails with an error that says what to install. */
  readonly engine?: SqlEngine | undefined
  /** Key with all scopes; starts with `phx_`. Default: random for each start. */
  readonly personalApiKey?: string | undefined
  /** Key that can only run endpoints; starts with `phs_`. Default: random for each start. */
  readonly projectSecretKey?: string | undefined
  /** More keys. Default: none. */
  readonly keys?: readonly LocalKey[] | undefined
  /** Clock. Default: the system clock. */
  readonly now?: (() => Date) | undefined
  /** OpenAPI document of `/api/schema/`. Default: none; that route responds 404. */
  readonly schema?: (() => Promise<string>) | undefined
  /** Rate limits per key. `false` turns them off. Default: PostHog's published limits. */
  readonly throttle?: false | ThrottleRates | readonly WindowLimit[] | undefined
  /** Maximum number of concurrent queries. Default: 3. */
  readonly maxConcurrentQueries?: number | undefined
  /** Milliseconds that a query over that maximum waits before it gets 429. Default: 30,000. */
  readonly queryWaitMs?: number | undefined
  /** Maximum number of items per page, even if a request asks for more. Default: unlimited. */
  readonly pageSize?: number | undefined
  /** Faults to inject from the start. Default: none. */
  readonly faults?: readonly Fault[] | undefined
}

/** A local server of PostHog's API. */
export interface LocalPostHog extends AsyncDisposable {
  readonly projectId: number
  /** A key with all scopes. */
  readonly personalApiKey: string
  /** A key that can only run endpoints. */
  readonly projectSecretKey: string
  /** Faults to inject. */
  readonly faults: FaultScript
  /** The last 10,000 requests, oldest first, without keys. */
  readonly requests: readonly ReceivedRequest[]
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
  const { projectId = 1 } = options
  const personalApiKey = keyOrRandom('personal', options.personalApiKey)
  const projectSecretKey = keyOrRandom('project_secret', options.projectSecretKey)
  const state = await openState(options, projectId, [
    { value: personalApiKey, kind: 'personal', scopes: ['*'] },
    { value: projectSecretKey, kind: 'project_secret', scopes: ['endpoint:read'] },
    ...(options.keys ?? []),
  ])
  const handle = createApiHandler(state, apiRoutes, ingestRoutes)
  const script = createFaultScript(options.faults ?? [])
  const log = createRequestLog(state.now)
  const requestHandler = createRequestHandler(handle, script, log)
  const withPage = ({ page = false, host = '127.0.0.1' }: ListenOptions): RequestHandler => {
    if (!page) return requestHandler
    if (isLoopback(host)) return servePage(requestHandler, { state, log, personalApiKey, projectSecretKey })
    throw new Error(
      `Expected a loopback host for the page, got ${host}: the page contains the keys. Omit \`host\` or \`page\`.`,
    )
  }
  const closed = new AbortController()
  const servers: LocalServer[] = []
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed.abort()
    closing ??= Promise.all(servers.map((server) => server.close())).then(() => state.engine.close())
    return closing
  }
  return {
    projectId,
    personalApiKey,
    projectSecretKey,
    faults: script,
    requests: log.requests,
    handle: async (request) => {
      return (await requestHandler(request, AbortSignal.any([request.signal, closed.signal]))).response
    },
    listen: async (listenOptions = {}) => {
      const server = await listen(withPage(listenOptions), listenOptions)
      servers.push(server)
      return server
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Opens the engine and the state file, and creates the sample data if it is missing. */
export async function openState(
  options: LocalPostHogOptions,
  projectId: number,
  keys: readonly LocalKey[],
): Promise<ServerState> {
  const { seed = 1, events = 5_000, now = () => new Date(), queryWaitMs = MAX_QUERY_WAIT_MS } = options
  const startedAt = now()
  const folder = options.dataFolder === undefined ? undefined : resolve(options.dataFolder)
  const engine = options.engine ?? (await openEngine(folder, `project_${projectId}`))
  const file = folder === undefined ? undefined : openStateFile(folder, projectId)
  const store = await prepare(engine, async () => {
    await createSampleTables(engine, seed, events, startedAt)
    return (await file?.load()) ?? emptyStore()
  })
  const projects = [projectId, ...new Set((options.projects ?? []).filter((id) => id !== projectId))] as const
  const endpoints = collectionOf({ store, projectId, projects, startedAt }, ENDPOINTS)
  return {
    projectId,
    projects,
    engine,
    keys,
    now,
    startedAt,
    throttles: createThrottles(options.throttle, now),
    gate: createQueryGate(options.maxConcurrentQueries ?? MAX_CONCURRENT_QUERIES, queryWaitMs),
    tableGate: createQueryGate(MAX_CONCURRENT_TABLE_READS, queryWaitMs),
    queries: createAsyncQueries(projectId, now),
    queryLog: createQueryLog(),
    pageSize: options.pageSize ?? Number.POSITIVE_INFINITY,
    store,
    endpoints: createEndpointStore(endpoints),
    insightResults: new Map(),
    schema: options.schema,
    persist: async () => file?.save(store),
    withTableLock: createLock(),
  }
}

/** Runs a task with a new engine, and closes the engine if the task fails. */
async function prepare<T>(engine: SqlEngine, task: () => Promise<T>): Promise<T> {
  try {
    return await task()
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** Runs tasks one at a time, in the order of the calls. */
function createLock(): ServerState['withTableLock'] {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = last.then(task)
    last = result.catch(() => {})
    return result
  }
}
