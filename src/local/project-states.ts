import { resolve } from 'node:path'
import type { ResettableClock } from './clock.ts'
import { missingEngine, openEngine } from './engine/open-engine.ts'
import type { SqlEngine } from './engine/sql-engine.ts'
import type { LocalKey } from './http/auth.ts'
import {
  createQueryGate,
  MAX_CONCURRENT_QUERIES,
  MAX_CONCURRENT_TABLE_READS,
  MAX_QUERY_WAIT_MS,
} from './http/query-gate.ts'
import { createThrottles } from './http/throttles.ts'
import type { LocalPostHogOptions } from './options.ts'
import { createEndpointStore, ENDPOINTS } from './resources/endpoints/endpoint-store.ts'
import { dropTable } from './resources/endpoints/materialization.ts'
import { addMissingProjects, projectIds } from './resources/organizations/projects.ts'
import { createAsyncQueries } from './resources/query/async-queries.ts'
import { createQueryLog } from './resources/query/query-log.ts'
import { openSampleTables, type SampleTables } from './sample/sample-tables.ts'
import type { ServerState } from './server-state.ts'
import { emptyStore, openStateFile } from './state-file.ts'
import { collectionOf } from './store/collection.ts'

/** The states of all projects of a local PostHog. */
export interface ProjectStates {
  /** The state of the current project. `reset` replaces it. */
  readonly current: ServerState
  /** Opens the state of an existing project. */
  of(project: number): Promise<ServerState>
  /** Discards all changes since the start. */
  reset(): Promise<void>
  close(): Promise<void>
}

/** What all projects share. */
type SharedState = Omit<
  ServerState,
  | 'projectId'
  | 'hasSample'
  | 'engine'
  | 'endpoints'
  | 'insightResults'
  | 'queries'
  | 'queryLog'
  | 'withTableLock'
>

interface OpenProject {
  readonly state: ServerState
  readonly tables: SampleTables
}

/** Opens the current project with its engine, its state file and its sample data. The others open on first use. */
export async function openProjects(
  options: LocalPostHogOptions,
  keys: readonly LocalKey[],
  clock: ResettableClock,
): Promise<ProjectStates> {
  const { projectId = 1, queryWaitMs = MAX_QUERY_WAIT_MS } = options
  const startedAt = clock.now()
  const folder = options.dataFolder === undefined ? undefined : resolve(options.dataFolder)
  const file = folder === undefined ? undefined : openStateFile(folder, projectId)
  const engine = options.engine ?? (await openEngine(folder, `project_${projectId}`))
  const projects = [projectId, ...new Set((options.projects ?? []).filter((id) => id !== projectId))] as const
  const gate = createQueryGate(options.maxConcurrentQueries ?? MAX_CONCURRENT_QUERIES, queryWaitMs)
  const tableGate = createQueryGate(MAX_CONCURRENT_TABLE_READS, queryWaitMs)

  const share = (store: ServerState['store']): SharedState => {
    addMissingProjects({ store, projectId, projects, hasSample: false, startedAt })
    return {
      projects,
      keys,
      now: clock.now,
      startedAt,
      throttles: createThrottles(options.throttle, clock.now),
      gate,
      tableGate,
      pageSize: options.pageSize ?? Number.POSITIVE_INFINITY,
      store,
      schema: options.schema,
      persist: async () => file?.save(store),
    }
  }
  const open = async (shared: SharedState, id: number, database: SqlEngine): Promise<OpenProject> => {
    const index = projects.indexOf(id)
    const { seed = 1, events = 5_000, onSampleProgress } = options
    const hasSample = index >= 0 && seed !== false
    // Each project has a sample of its own.
    const sample = hasSample
      ? { seed: seed + index, events, at: startedAt, onProgress: index === 0 ? onSampleProgress : undefined }
      : undefined
    const tables = await openSampleTables(database, sample, folder === undefined)
    return { state: projectState(shared, id, hasSample, database), tables }
  }
  const start = async (): Promise<{ shared: SharedState; current: OpenProject }> => {
    try {
      const shared = share((await file?.load()) ?? emptyStore())
      return { shared, current: await open(shared, projectId, engine) }
    } catch (error) {
      await engine.close()
      throw error
    }
  }

  let { shared, current } = await start()
  const others = new Map<number, Promise<OpenProject>>()
  const openOther = async (id: number): Promise<OpenProject> =>
    open(shared, id, await otherDatabase(engine, `project_${projectId}_${id}`))
  const find = (id: number): Promise<OpenProject> => {
    if (id === projectId) return Promise.resolve(current)
    const opened = others.get(id) ?? openOther(id)
    others.set(id, opened)
    // The next request tries again.
    opened.catch(() => others.delete(id))
    return opened
  }
  return {
    get current() {
      return current.state
    },
    of: async (id) => (await find(id)).state,
    async reset() {
      // A data folder also has the tables of projects that this process has not used.
      const ids = folder === undefined ? others.keys() : projectIds(current.state).slice(1)
      const opened = [current, ...(await Promise.all([...ids].map(find)))]
      for (const project of opened) await project.state.withTableLock(() => restore(project))
      clock.reset()
      shared = share(emptyStore())
      others.clear()
      const [first, ...rest] = opened.map(({ state, tables }) => ({
        state: projectState(shared, state.projectId, state.hasSample, state.engine),
        tables,
      }))
      current = first ?? current
      for (const project of rest) others.set(project.state.projectId, Promise.resolve(project))
      await shared.persist()
    },
    async close() {
      const opened = await Promise.allSettled(others.values())
      for (const project of opened)
        if (project.status === 'fulfilled') await project.value.state.engine.close()
      await engine.close()
    },
  }
}

async function restore({ state, tables }: OpenProject): Promise<void> {
  for (const { versions } of state.endpoints.all()) {
    for (const version of versions) await dropTable(state, version)
  }
  await tables.restore()
}

function otherDatabase(engine: SqlEngine, name: string): Promise<SqlEngine> | SqlEngine {
  if (engine.openDatabase !== undefined) return engine.openDatabase(name)
  return missingEngine(
    'This project has no SQL: the `engine` option serves the current project only. ' +
      'Add `openDatabase` to the engine, or use the default engine.',
  )
}

function projectState(
  shared: SharedState,
  projectId: number,
  hasSample: boolean,
  engine: SqlEngine,
): ServerState {
  const project = { ...shared, projectId, hasSample }
  return {
    ...project,
    engine,
    endpoints: createEndpointStore(collectionOf(project, ENDPOINTS)),
    insightResults: new Map(),
    queries: createAsyncQueries(projectId, shared.now),
    queryLog: createQueryLog(),
    withTableLock: createLock(),
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
