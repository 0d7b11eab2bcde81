import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Reads a Parquet or Arrow file with ClickHouse, in a process of its own: one process may open one database.
 *
 * @returns the types of the columns, and the rows
 */
export async function readWithClickHouse(
  path: string,
  format: 'Parquet' | 'Arrow',
): Promise<{ readonly types: readonly string[]; readonly rows: readonly unknown[][] }> {
  const settings = `session_timezone = 'UTC', output_format_json_quote_64bit_integers = 1,
    output_format_json_quote_decimals = 1`
  const program = `
    const { query } = await import(${JSON.stringify(import.meta.resolve('chdb'))})
    process.stdout.write(query(${JSON.stringify(
      `SELECT * FROM file('${path}', '${format}') SETTINGS ${settings}`,
    )}, 'JSONCompact'))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program])
  const { meta, data } = JSON.parse(stdout)
  return { types: meta.map(({ type }: { readonly type: string }) => type), rows: data }
}
