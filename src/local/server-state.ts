import type { SqlEngine } from './engine/sql-engine.ts'
import type { LocalKey } from './http/auth/keys.ts'
import type { QueryGate } from './http/limits/query-gate.ts'
import type { Throttles } from './http/limits/throttles.ts'
import type { LocalData } from './local-data.ts'
import type { EndpointStore } from './resources/endpoints/endpoint-store.ts'
import type { AsyncQueries } from './resources/query/async-queries.ts'
import type { QueryLog } from './resources/query/query-log.ts'
import type { InsightVariable } from './resources/variables/insight-variable.ts'
import type { CollectionStore } from './store/collection.ts'

/** Everything one local PostHog holds. */
export interface ServerState {
  readonly projectId: number
  /** Ids of all projects; the first is `projectId`. */
  readonly projects: readonly [current: number, ...others: number[]]
  readonly engine: SqlEngine
  readonly keys: readonly LocalKey[]
  readonly now: () => Date
  readonly startedAt: Date
  readonly throttles: Throttles
  /** Queries at once. */
  readonly gate: QueryGate
  /** Reads of materialised tables at once. */
  readonly tableGate: QueryGate
  /** Items on a page at most. */
  readonly pageSize: number
  /** Queries in the background. */
  readonly queries: AsyncQueries
  /** Queries that ran. */
  readonly queryLog: QueryLog
  readonly endpoints: EndpointStore
  /** By id. */
  readonly variables: Map<string, InsightVariable>
  /** Feature flags, cohorts, groups, definitions, and what else stands beside the tables. */
  readonly data: LocalData
  /** What the resources that callers manage hold. */
  readonly managed: CollectionStore
  readonly schema: (() => Promise<string>) | undefined
  /** Called after each change of what a folder keeps. */
  readonly persist: () => Promise<void>
}
