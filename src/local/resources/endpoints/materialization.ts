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
  const reason = unsupportedReason(version.query)
  if (reason !== null) throw invalid(null, `Cannot materialize endpoint: ${reason}`)
  await dropTable(state, version)
  const table = { savedQueryId: crypto.randomUUID(), builtAt: state.now() }
  if (state.engine.available) {
    const { database } = state.engine
    for (const source of SOURCES) {
      await state.engine.command(
        `CREATE TABLE ${database}.${tablePrefix(table)}${source} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM ${database}.${source}`,
      )
    }
  }
  version.materialization = table
}

/** Ends the materialization of a version and drops its tables. */
export async function dropTable(state: ServerState, version: VersionRecord): Promise<void> {
  const table = version.materialization
  version.materialization = null
  if (table === null || !state.engine.available) return
  for (const source of SOURCES) {
    await state.engine.command(`DROP TABLE IF EXISTS ${state.engine.database}.${tablePrefix(table)}${source}`)
  }
}

/** The materialization status of a version, as the status route and the endpoint return it. */
export function materializationStatus(version: VersionRecord): Record<string, unknown> {
  const table = version.materialization
  if (table === null) {
    const reason = unsupportedReason(version.query)
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
