import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { BoundValue } from '../../runtime/hogql/value.ts'
import type { CliInput } from '../cli-io.ts'
import { UsageError } from '../errors.ts'
import { splitAssignment } from '../options.ts'

/**
 * Reads the query from the argument, a file or stdin. `-` also means stdin.
 *
 * @throws UsageError without a query, or with two
 */
export async function readQuery(
  io: CliInput,
  text: string | undefined,
  file: string | undefined,
): Promise<string> {
  if (text !== undefined && text !== '-' && file !== undefined) {
    throw new UsageError('Got two queries: the argument and --file.', 'Omit one of them.')
  }
  const query = await readSource(io, text, file)
  if (query.trim() !== '') return query
  throw new UsageError(
    'Expected a query, got none.',
    'Pass one, as in typehog query "select 1", or use --file.',
  )
}

async function readSource(io: CliInput, text: string | undefined, file: string | undefined): Promise<string> {
  if (file !== undefined && file !== '-') return readFile(resolve(io.cwd, file), 'utf8')
  if (text !== undefined && text !== '-') return text
  // Without an argument, do not wait for someone to type on a terminal.
  if (text === undefined && file === undefined && io.isTTY.stdin === true) return ''
  return (await io.stdin?.()) ?? ''
}

/**
 * Parses `--param name=value` arguments. A value in JSON syntax (number, boolean, null, list, quoted string) becomes
 * that JSON value; any other value is text.
 *
 * @throws UsageError for a missing `=`, a duplicate name, an object or an integer that JSON numbers cannot hold
 */
export function readParams(params: readonly string[], option = '--param'): Record<string, BoundValue> {
  const values = new Map<string, BoundValue>()
  for (const param of params) {
    const { name, text } = splitAssignment(param, option)
    if (values.has(name)) {
      throw new UsageError(`Got ${option} ${name} twice.`, `To pass a list, write ${option} '${name}=[1,2]'.`)
    }
    values.set(name, parseValue(option, name, text))
  }
  // `fromEntries` creates an own property even for `__proto__`.
  return Object.fromEntries(values)
}

function parseValue(option: string, name: string, text: string): BoundValue {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text
  }
  if (typeof value === 'number' && !isExact(value, text)) {
    throw new UsageError(
      `${option} ${name}=${text} is too large for a JSON number, which would round it.`,
      `Pass it as text and convert it in the query: ${option} '${name}="${text}"' and toInt({${name}}).`,
    )
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value as BoundValue
  throw new UsageError(
    `${option} ${name} is an object, which HogQL cannot represent as a constant.`,
    'Pass its fields as separate parameters.',
  )
}

function isExact(value: number, text: string): boolean {
  return Number.isFinite(value) && (!/^-?\d+$/.test(text) || Number.isSafeInteger(value))
}
