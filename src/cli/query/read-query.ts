import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { CliInput } from '../cli-io.ts'
import { UsageError } from '../usage-error.ts'

/**
 * The text of a query: the argument, a file, or what comes in on stdin, which `-` says as well.
 *
 * @throws UsageError when there is none, or more than one
 */
export async function readQuery(
  io: CliInput,
  text: string | undefined,
  file: string | undefined,
): Promise<string> {
  if (text !== undefined && text !== '-' && file !== undefined) {
    throw new UsageError('The query is given twice, as an argument and as --file.', 'Leave one of them out.')
  }
  const query = await read(io, text, file)
  if (query.trim() !== '') return query
  throw new UsageError('There is no query.', 'Write: typehog query "select 1", or name a file with --file.')
}

async function read(io: CliInput, text: string | undefined, file: string | undefined): Promise<string> {
  if (file !== undefined && file !== '-') return readFile(resolve(io.cwd, file), 'utf8')
  if (text !== undefined && text !== '-') return text
  // A person at a terminal would wait for the command, and the command for the person.
  return text === undefined && file === undefined && io.isTTY.stdin === true
    ? ''
    : ((await io.stdin?.()) ?? '')
}
