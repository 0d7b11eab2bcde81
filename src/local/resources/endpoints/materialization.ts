import { invalid } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import type { Materialization, VersionRecord } from './endpoint-store.ts'
import { unsupportedReason } from './materialization-rules.ts'

/** Tables of the engine that a materialized version keeps a copy of. */
const SOURCES = ['events', 'persons', 'person_distinct_ids']

/** Name prefix of the table snapshots. */
export function tablePrefix(table: Materialization): string {
  return `m_${table.savedQueryId.replaceAll('-', '')}_`
}

/**
 * Materializes a version: copies the source tables. Its runs read the copied rows until the version is materialized
 * again.
 *
 * @throws ApiError 400 when the query cannot be materialized.
 */
export async function materialize(state: ServerState, version: VersionRecord): Promise<void> {
  const reason = unsupportedReason(version.query, version.bucketOverrides)
  if (reason !== null) throw invalid(null, `Cannot materialize endpoint: ${reason}`)
  const before = version.materialization
  version.materialization = await copySources(state)
  await dropSources(state, before)
}

async function copySources(state: ServerState): Promise<Materialization> {
  const table = { savedQueryId: crypto.randomUUID(), builtAt: state.now() }
  if (state.engine.available) {
    const { database } = state.engine
    for (const source of SOURCES) {
      await state.engine.command(
        `CREATE TABLE ${database}.${tablePrefix(table)}${source} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM ${database}.${source}`,
      )
    }
  }
  return table
}

/** Whether a table is older than its refresh period. Its version then runs the original query. */
export function isStale(
  { freshnessSeconds }: VersionRecord,
  { builtAt }: Materialization,
  now: Date,
): boolean {
  return now.getTime() - builtAt.getTime() >= freshnessSeconds * 1_000
}

/**
 * Rebuilds the stale table of a version. PostHog does so on a schedule; here it happens after the first run that finds
 * the table stale.
 */
export async function refreshTable(state: ServerState, version: VersionRecord): Promise<void> {
  const needsRefresh = (): boolean =>
    version.materialization !== null && isStale(version, version.materialization, state.now())
  if (!needsRefresh()) return
  await state.withTableLock(async () => {
    if (needsRefresh()) await materialize(state, version)
  })
  await state.persist()
}

/** Ends the materialization of a version and drops its tables. */
export async function dropTable(state: ServerState, version: VersionRecord): Promise<void> {
  const table = version.materialization
  version.materialization = null
  await dropSources(state, table)
}

async function dropSources(state: ServerState, table: Materialization | null): Promise<void> {
  if (table === null || !state.engine.available) return
  for (const source of SOURCES) {
    await state.engine.command(`DROP TABLE IF EXISTS ${state.engine.database}.${tablePrefix(table)}${source}`)
  }
}

/** The materialization status of a version, as the status route and the endpoint return it. */
export function materializationStatus(version: VersionRecord): Record<string, unknown> {
  const table = version.materialization
  if (table === null) {
    const reason = unsupportedReason(version.query, version.bucketOverrides)
    return { enabled: false, ready: false, hibernated: false, can_materialize: reason === null, reason }
  }
  return {
    enabled: true,
    ready: true,
    hibernated: false,
    can_materialize: true,
    status: 'Completed',
    last_materialized_at: table.builtAt.toISOString(),
    error: '',
    saved_query_id: table.savedQueryId,
  }
}
