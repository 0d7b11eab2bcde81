import type { SqlEngine } from './engine/sql-engine.ts'
import type { LocalKey } from './http/auth.ts'
import type { QueryGate } from './http/query-gate.ts'
import type { Throttles } from './http/throttles.ts'
import type { EndpointStore } from './resources/endpoints/endpoint-store.ts'
import type { InsightResult } from './resources/insights/insight-result.ts'
import type { AsyncQueries } from './resources/query/async-queries.ts'
import type { QueryLog } from './resources/query/query-log.ts'
import type { CollectionStore } from './store/collection.ts'

/** The state of one project of a local PostHog. To avoid import cycles, the modules of its types must not import it. */
export interface ServerState {
  readonly projectId: number
  /** Ids of the projects that a new server has, the current one first. */
  readonly projects: readonly [current: number, ...others: number[]]
  /** Whether the project started with sample data. */
  readonly hasSample: boolean
  readonly engine: SqlEngine
  readonly keys: readonly LocalKey[]
  readonly now: () => Date
  readonly startedAt: Date
  readonly throttles: Throttles
  /** Limits concurrent queries. */
  readonly gate: QueryGate
  /** Limits concurrent reads of materialized tables. */
  readonly tableGate: QueryGate
  /** Maximum number of items per page. */
  readonly pageSize: number
  /** Queries that run in the background. */
  readonly queries: AsyncQueries
  /** Recent queries. */
  readonly queryLog: QueryLog
  /** All records of all resources of all projects. */
  readonly store: CollectionStore
  readonly endpoints: EndpointStore
  /** The latest result of each insight, by insight id. A restart discards them. */
  readonly insightResults: Map<number, InsightResult>
  /** The OpenAPI document. */
  readonly schema: (() => Promise<string>) | undefined
  /** Saves the store to the data folder, if there is one. Call it after every change. */
  readonly persist: () => Promise<void>
  /** Runs tasks that read and then write database tables, one at a time. */
  readonly withTableLock: <T>(task: () => Promise<T>) => Promise<T>
}
