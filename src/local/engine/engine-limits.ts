import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Longest run of a caller's query, in seconds: PostHog's limit for queries over the API. */
const QUERY_SECONDS = 10

/** What one query of a caller may cost. A process that holds tests must survive each. */
export const QUERY_LIMITS: readonly string[] = [
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

// Without `users_config` the engine takes its own users. Its only user may use the databases of local PostHogs. It
// has no right to sources of rows outside: files, addresses, other servers, processes.
const configAt = (file: string): string => `<clickhouse>
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

/** Calls `open` with the argument that limits what the engine may reach. The engine reads its file only then. */
export async function withRestrictedAccess<T>(open: (argument: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'typehog-engine-'))
  try {
    const file = join(folder, 'config.xml')
    await writeFile(file, configAt(file))
    return await open(`--config-file=${file}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
