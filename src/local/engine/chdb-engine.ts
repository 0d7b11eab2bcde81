import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Session } from 'chdb'
import { parseEngineError, type SqlEngine, type SqlParameters, type SqlResult } from './sql-engine.ts'

const CONNECTION_ARGS: readonly string[] = [
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
  /** A second, read-only connection to the same data. */
  readonly reader: Session
  readonly databases: Set<string>
}

// chdb supports one data folder per process, so instances share a session and each has a database. `chain` serializes
// opening and closing.
let shared: SharedSession | undefined
let chain: Promise<unknown> = Promise.resolve()
let databaseCount = 0

/**
 * Opens ClickHouse in this process, through the optional package `chdb`.
 *
 * @param folder Folder for the data. Undefined: a temporary folder, removed when the last instance closes.
 * @param name Database name within `folder`.
 * @throws Error when `chdb` cannot be loaded, or when the process already uses another folder.
 */
export function openChdbEngine(folder: string | undefined, name: string): Promise<SqlEngine> {
  return runInOrder(async () => {
    const { Session } = await import('chdb')
    if (shared !== undefined && shared.folder !== folder) {
      throw new Error(
        `This process already runs a local PostHog on ${shared.folder ?? 'a temporary folder'}, and the embedded ` +
          'ClickHouse supports one folder per process. Close the other one first, or pass the same `dataFolder` to both.',
      )
    }
    databaseCount += 1
    const database = folder === undefined ? `typehog_${databaseCount}` : `typehog_${name}`
    if (shared?.databases.has(database)) {
      throw new Error(`A local PostHog for this project is already open on ${folder}. Close it first.`)
    }
    if (shared === undefined) {
      shared = await withRestrictedAccess(async (access) => {
        const writer = new Session(folder, { connectionArgs: [access, ...CONNECTION_ARGS] })
        const reader = new Session(writer.path, {
          connectionArgs: [access, ...CONNECTION_ARGS, ...QUERY_LIMITS, ...QUERY_SETTINGS],
        })
        await reader.queryAsync('SET readonly = 1')
        return { folder, writer, reader, databases: new Set<string>() }
      })
    }
    shared.databases.add(database)
    await shared.writer.queryAsync(`CREATE DATABASE IF NOT EXISTS ${database}`)
    return createEngine(shared, database)
  })
}

function createEngine(session: SharedSession, database: string): SqlEngine {
  let closing: Promise<void> | undefined
  return {
    database,
    available: true,
    query: (sql, parameters) => runQuery(session.reader, sql, parameters),
    command: async (sql) => {
      await withEngineErrors(() => session.writer.queryAsync(sql))
    },
    insert: async (table, lines) => {
      await withEngineErrors(() =>
        session.writer.insert({
          table: `${database}.${table}`,
          values: Buffer.from(lines),
          format: 'JSONEachRow',
        }),
      )
    },
    openDatabase: (name) => openChdbEngine(session.folder, name),
    close: () => {
      closing ??= runInOrder(() => closeDatabase(session, database))
      return closing
    },
  }
}

async function closeDatabase(session: SharedSession, database: string): Promise<void> {
  if (session.folder === undefined) await session.writer.queryAsync(`DROP DATABASE IF EXISTS ${database}`)
  session.databases.delete(database)
  if (session.databases.size > 0) return
  shared = undefined
  session.reader.close()
  session.writer.close()
}

// Queries of a session run one at a time in the engine. When one fails while it runs, chdb prepends its output so far to
// the next result, so that result is discarded.
const turns = new WeakMap<Session, Promise<unknown>>()

async function runQuery(session: Session, sql: string, parameters: SqlParameters): Promise<SqlResult> {
  const run = async (): ReturnType<Session['queryBindAsync']> => {
    try {
      return await session.queryBindAsync(sql, parameters, { format: 'JSONCompact' })
    } catch (error) {
      await session.queryAsync('SELECT 1').catch(() => {})
      throw error
    }
  }
  const turn = (turns.get(session) ?? Promise.resolve()).then(run)
  turns.set(
    session,
    turn.catch(() => {}),
  )
  const result = await withEngineErrors(() => turn)
  // The format is fixed above: apart from statistics, a JSONCompact result has exactly these two keys.
  const { meta, data } = JSON.parse(result.text()) as {
    meta: { name: string; type: string }[]
    data: unknown[][]
  }
  return { columns: meta, rows: data }
}

async function withEngineErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw parseEngineError(error instanceof Error ? error.message : String(error))
  }
}

/** Runs tasks one at a time, in the order of the calls. */
function runInOrder<T>(task: () => Promise<T>): Promise<T> {
  const result = chain.then(task)
  chain = result.catch(() => {})
  return result
}

/** Maximum run time of a caller's query in seconds: PostHog's limit for API queries. */
const QUERY_SECONDS = 10

/** Resource limits for a caller's query. The process that runs the tests must survive every query. */
const QUERY_LIMITS: readonly string[] = [
  `--max_execution_time=${QUERY_SECONDS}`,
  '--max_memory_usage=1000000000',
  '--max_result_rows=1000000',
  '--max_result_bytes=268435456',
  '--max_query_size=262144',
  '--max_parser_depth=1000',
  '--max_ast_depth=1000',
  '--max_ast_elements=50000',
  '--max_expanded_ast_elements=50000',
  '--function_range_max_elements_in_block=10000000',
  '--allow_introspection_functions=0',
  '--allow_python_table_function=0',
]

/**
 * Settings with which PostHog runs HogQL: NULL is a value of IN and NOT IN.
 *
 * Source: PostHog/posthog posthog/hogql/constants.py.
 */
const QUERY_SETTINGS: readonly string[] = ['--transform_null_in=1']

// Without `users_config` the engine uses its default users. This user may access only the databases of local PostHogs:
// no files, URLs, other servers or processes.
const configXml = (file: string): string => `<clickhouse>
  <users_config>${file.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</users_config>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
  <users>
    <default>
      <password/>
      <profile>default</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, DROP DATABASE, DROP TABLE ON typehog_*.*</query>
        <query>GRANT TABLE ENGINE ON MergeTree</query>
      </grants>
    </default>
  </users>
</clickhouse>
`

/** Calls `open` with the argument that restricts the engine. The engine reads the config file only while it opens. */
async function withRestrictedAccess<T>(open: (argument: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'typehog-engine-'))
  try {
    const file = join(folder, 'config.xml')
    await writeFile(file, configXml(file))
    return await open(`--config-file=${file}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
