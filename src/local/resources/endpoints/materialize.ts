import { invalid } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import type { Materialization, VersionRecord } from './endpoint-record.ts'
import { refusalReason } from './materialization-rules.ts'

/** Name that a version's frozen tables start with. */
export function tablePrefix(table: Materialization): string {
  return `m_${table.savedQueryId.replaceAll('-', '')}_`
}

/**
 * Switches materialisation on: freezes the source tables as they are now. A materialised run reads the frozen rows,
 * so it shows the data of this moment until it is built again.
 *
 * @throws ApiError 400 when the query cannot have a table.
 */
export async function materialize(world: ServerState, version: VersionRecord): Promise<void> {
  const reason = refusalReason(version.query)
  if (reason !== null) throw invalid(null, `Cannot materialize endpoint: ${reason}`)
  await dropTable(world, version)
  const table = { savedQueryId: crypto.randomUUID(), builtAt: world.now() }
  if (world.engine.available) {
    const { database } = world.engine
    for (const source of ['events', 'persons']) {
      await world.engine.command(
        `CREATE TABLE ${database}.${tablePrefix(table)}${source} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM ${database}.${source}`,
      )
    }
  }
  version.materialization = table
}

/** Switches materialisation off and drops what it kept. */
export async function dropTable(world: ServerState, version: VersionRecord): Promise<void> {
  const table = version.materialization
  version.materialization = null
  if (table === null || !world.engine.available) return
  for (const source of ['events', 'persons']) {
    await world.engine.command(`DROP TABLE IF EXISTS ${world.engine.database}.${tablePrefix(table)}${source}`)
  }
}
