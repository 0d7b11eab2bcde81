import type { VersionRecord } from './endpoint-record.ts'
import { refusalReason } from './materialization-rules.ts'

/** The state of a version's table, as the status route and the endpoint object show it. */
export function materializationStatus(version: VersionRecord): Record<string, unknown> {
  const table = version.materialization
  if (table === null) {
    const reason = refusalReason(version.query)
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
