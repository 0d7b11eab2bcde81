import type { Session } from 'chdb'
import { parseEngineError } from './engine-error.ts'
import { QUERY_LIMITS, withRestrictedAccess } from './engine-limits.ts'
import type { SqlEngine, SqlParameters, SqlResult } from './sql-engine.ts'

const CONNECTION: readonly string[] = [
  '--output_format_json_quote_64bit_integers=1',
  '--output_format_json_quote_decimals=1',
  '--output_format_decimal_trailing_zeros=1',
  '--output_format_json_named_tuples_as_objects=0',
  '--session_timezone=UTC',
  '--async_load_databases=0',
]

interface SharedSession {
  readonly folder: string | undefined
  readonly writer: Session
  /** A second connection to the same data that may only read. */
  readonly reader: Session
  readonly databases: Set<string>
}

// chdb allows one data folder in a process, so instances share a session and have a database each. The chain keeps
// opening and closing in order.
let shared: SharedSession | undefined
let chain: Promise<unknown> = Promise.resolve()
let opened = 0

/**
 * ClickHouse inside this process, through the optional package `chdb`.
 *
 * @param folder Where the data stays. Left out: a temporary folder, removed when the last instance closes.
 * @param name Database name inside a kept folder.
 * @throws Error when `chdb` cannot be loaded, or the process already uses another folder.
 */
export function openChdbEngine(folder: string | undefined, name: string): Promise<SqlEngine> {
  return inOrder(async () => {
    const { Session } = await import('chdb')
    if (shared !== undefined && shared.folder !== folder) {
      throw new Error(
        `This process already runs a local PostHog on ${shared.folder ?? 'a temporary folder'}, and the embedded ` +
          'ClickHouse takes one folder a process. Close it first, or give both the same dataFolder.',
      )
    }
    opened += 1
    const database = folder === undefined ? `typehog_${opened}` : `typehog_${name}`
    if (shared?.databases.has(database)) {
      throw new Error(`A local PostHog for this project is already open on ${folder}. Close it first.`)
    }
    if (shared === undefined) {
      shared = await withRestrictedAccess(async (access) => {
        const writer = new Session(folder, { connectionArgs: [access, ...CONNECTION] })
        const reader = new Session(writer.path, { connectionArgs: [access, ...CONNECTION, ...QUERY_LIMITS] })
        await reader.queryAsync('SET readonly = 1')
        return { folder, writer, reader, databases: new Set<string>() }
      })
    }
    shared.databases.add(database)
    await shared.writer.queryAsync(`CREATE DATABASE IF NOT EXISTS ${database}`)
    return engineOn(shared, database)
  })
}

function engineOn(session: SharedSession, database: string): SqlEngine {
  let closing: Promise<void> | undefined
  return {
    database,
    available: true,
    query: (sql, parameters) => runQuery(session.reader, sql, parameters),
    command: async (sql) => {
      await attempt(() => session.writer.queryAsync(sql))
    },
    insert: async (table, lines) => {
      await attempt(() =>
        session.writer.insert({
          table: `${database}.${table}`,
          values: Buffer.from(lines),
          format: 'JSONEachRow',
        }),
      )
    },
    close: () => {
      closing ??= inOrder(() => release(session, database))
      return closing
    },
  }
}

async function release(session: SharedSession, database: string): Promise<void> {
  if (session.folder === undefined) await session.writer.queryAsync(`DROP DATABASE IF EXISTS ${database}`)
  session.databases.delete(database)
  if (session.databases.size > 0) return
  shared = undefined
  session.reader.close()
  session.writer.close()
}

async function runQuery(session: Session, sql: string, parameters: SqlParameters): Promise<SqlResult> {
  const result = await attempt(() => session.queryBindAsync(sql, parameters, { format: 'JSONCompact' }))
  // The format is fixed above: a JSONCompact answer has exactly these two keys besides statistics.
  const answer = JSON.parse(result.text()) as { meta: { name: string; type: string }[]; data: unknown[][] }
  return { columns: answer.meta, rows: answer.data }
}

async function attempt<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw parseEngineError(error instanceof Error ? error.message : String(error))
  }
}

function inOrder<T>(task: () => Promise<T>): Promise<T> {
  const result = chain.then(task)
  chain = result.catch(() => {})
  return result
}
