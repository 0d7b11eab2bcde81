import { resolve } from 'node:path'
import { openEngine } from './engine/open-engine.ts'
import type { SqlEngine } from './engine/sql-engine.ts'
import type { Fault } from './faults/fault.ts'
import { createScript, type FaultScript } from './faults/script.ts'
import { keyOrRandom, type LocalKey } from './http/auth/keys.ts'
import { createHandler } from './http/handler.ts'
import {
  createQueryGate,
  QUERIES_AT_ONCE,
  QUERY_WAIT_MS,
  TABLE_READS_AT_ONCE,
} from './http/limits/query-gate.ts'
import type { WindowLimit } from './http/limits/sliding-window.ts'
import { createThrottles, type ThrottleRates } from './http/limits/throttles.ts'
import { type ListenOptions, type LocalServer, listen } from './http/listen.ts'
import { createRequestHandler } from './http/request-handler.ts'
import { createRequestLog, type ReceivedRequest } from './http/request-log.ts'
import { ingestRoutes } from './ingest/ingest-routes.ts'
import { createEndpointStore, ENDPOINTS } from './resources/endpoints/endpoint-store.ts'
import { createAsyncQueries } from './resources/query/async-queries.ts'
import { createQueryLog } from './resources/query/query-log.ts'
import { apiRoutes } from './routes.ts'
import { createSampleTables } from './sample/sample-tables.ts'
import type { ServerState } from './server-state.ts'
import { emptyStore, openStateFile } from './state-file.ts'
import { collectionOf } from './store/collection.ts'

export { EngineError } from './engine/engine-error.ts'
export type { SqlEngine, SqlParameters, SqlResult } from './engine/sql-engine.ts'
export type { Fault, FaultEffect, FaultTarget } from './faults/fault.ts'
export { faults } from './faults/faults.ts'
export type { FaultScript } from './faults/script.ts'
export type { LocalKey, LocalKeyKind } from './http/auth/keys.ts'
export { type CloudRegion, cloudFetch } from './http/cloud-fetch.ts'
export type { WindowLimit } from './http/limits/sliding-window.ts'
export type { ThrottleRates } from './http/limits/throttles.ts'
export type { ListenOptions, LocalServer } from './http/listen.ts'
export type { ReceivedRequest } from './http/request-log.ts'

/** How a local PostHog is set up. Everything has a default. */
export interface LocalPostHogOptions {
  /** The project that keys and `@current` lead to. Default 1. */
  readonly projectId?: number | undefined
  /** Further projects. They share everything with the first but its feature flags. Default: none. */
  readonly projects?: readonly number[] | undefined
  /** The same seed, count and start give the same sample. Default 1. */
  readonly seed?: number | undefined
  /** Sample events over the 90 days before the start; one person for 20 of them. Default 5,000. */
  readonly events?: number | undefined
  /** Folder that keeps the tables and everything that was created. Default: a temporary folder, removed on close. */
  readonly dataFolder?: string | undefined
  /** What runs SQL. Default: `chdb` when it is installed, else an engine that answers what to install. */
  readonly engine?: SqlEngine | undefined
  /** The key with every scope; begins with `phx_`. Default: a random one for each start. */
  readonly personalApiKey?: string | undefined
  /** The key that runs endpoints and does nothing else; begins with `phs_`. Default: a random one for each start. */
  readonly projectSecretKey?: string | undefined
  /** Keys beside these two. */
  readonly keys?: readonly LocalKey[] | undefined
  /** The clock. Default: the real one. */
  readonly now?: (() => Date) | undefined
  /** The OpenAPI document at `/api/schema/`. Default: none, and that route is not found. */
  readonly schema?: (() => Promise<string>) | undefined
  /** Requests for each key. Default: PostHog's published rates for each bucket; `false` counts nothing. */
  readonly throttle?: false | ThrottleRates | readonly WindowLimit[] | undefined
  /** Queries at once. Default 3. */
  readonly queriesAtOnce?: number | undefined
  /** How long a fourth query waits for a place before its 429, in milliseconds. Default 30,000. */
  readonly queryWaitMs?: number | undefined
  /** Items on a page at most, whatever a request asks for. Default: what it asks for, else 100. */
  readonly pageSize?: number | undefined
  /** What goes wrong from the start on. */
  readonly faults?: readonly Fault[] | undefined
}

/** PostHog's API on this machine. */
export interface LocalPostHog extends AsyncDisposable {
  readonly projectId: number
  /** A key with every scope, another one for each start unless the options fix it. */
  readonly personalApiKey: string
  /** A key that runs endpoints and does nothing else, another one for each start unless the options fix it. */
  readonly projectSecretKey: string
  /** What is to go wrong. */
  readonly faults: FaultScript
  /** What it was asked, oldest first, without keys. The last 10,000. */
  readonly requests: readonly ReceivedRequest[]
  /**
   * Answers one request, as the server would; rejects as a `fetch` does where a fault breaks the connection. `Host` and
   * `Origin` are not looked at: a server of your own in front of it has to refuse foreign ones, as `listen` does.
   */
  handle(request: Request): Promise<Response>
  /**
   * Listens on HTTP. Default 127.0.0.1, any free port. Requests that name a foreign host or origin are answered by 403.
   */
  listen(options?: ListenOptions): Promise<LocalServer>
  /** Closes the servers and the engine. Nothing is left that keeps the process alive. */
  close(): Promise<void>
}

/**
 * Starts a PostHog on this machine: its routes, keys, limits and errors, over a sample of events in an embedded
 * ClickHouse. It needs no account and no network.
 *
 * @throws Error when the data folder is in use by this process, when a key is no key, and in a worker thread when chdb
 * is installed: the embedded ClickHouse crashes there.
 * @example
 * await using posthog = await startLocalPostHog()
 * const { url } = await posthog.listen()
 */
export async function startLocalPostHog(options: LocalPostHogOptions = {}): Promise<LocalPostHog> {
  const {
    projectId = 1,
    seed = 1,
    events = 5_000,
    now = () => new Date(),
    queryWaitMs = QUERY_WAIT_MS,
  } = options
  const personalApiKey = keyOrRandom('personal', options.personalApiKey)
  const projectSecretKey = keyOrRandom('project_secret', options.projectSecretKey)
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
  const world: ServerState = {
    projectId,
    projects,
    engine,
    keys: [
      { value: personalApiKey, kind: 'personal', scopes: ['*'] },
      { value: projectSecretKey, kind: 'project_secret', scopes: ['endpoint:read'] },
      ...(options.keys ?? []),
    ],
    now,
    startedAt,
    throttles: createThrottles(options.throttle, now),
    gate: createQueryGate(options.queriesAtOnce ?? QUERIES_AT_ONCE, queryWaitMs),
    tableGate: createQueryGate(TABLE_READS_AT_ONCE, queryWaitMs),
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
  const handle = createHandler(world, apiRoutes, ingestRoutes)
  const script = createScript(options.faults ?? [])
  const log = createRequestLog()
  const front = createRequestHandler(handle, script, log)
  const closed = new AbortController()
  const servers: LocalServer[] = []
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed.abort()
    closing ??= Promise.all(servers.map((server) => server.close())).then(() => engine.close())
    return closing
  }
  return {
    projectId,
    personalApiKey,
    projectSecretKey,
    faults: script,
    requests: log.requests,
    handle: async (request) => {
      return (await front(request, AbortSignal.any([request.signal, closed.signal]))).response
    },
    listen: async (where = {}) => {
      const server = await listen(front, where)
      servers.push(server)
      return server
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Does the first work on an engine, and closes the engine when that fails. */
async function prepare<T>(engine: SqlEngine, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
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
