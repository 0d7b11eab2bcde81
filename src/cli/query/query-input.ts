import { resolve } from 'node:path'
import { readComments } from '../../codegen/queries/file-comments.ts'
import type { BaseType, ParameterType } from '../../codegen/queries/parameter-type.ts'
import { normalizeText } from '../../codegen/source-text.ts'
import type { BoundValue } from '../../runtime/hogql/value.ts'
import type { CliInput } from '../cli-io.ts'
import { UsageError } from '../errors.ts'
import { splitAssignments } from '../options.ts'
import { shellQuote } from '../output/shell.ts'
import { readText } from '../read-text.ts'

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
  if (file !== undefined && file !== '-') return readText(resolve(io.cwd, file))
  if (text !== undefined && text !== '-') return text
  // Without an argument, do not wait for someone to type on a terminal.
  if (text === undefined && file === undefined && io.isTTY.stdin === true) return ''
  return (await io.stdin?.()) ?? ''
}

/** Types of parameters that `-- @param` lines of a query declare, by name. */
export function declaredTypes(query: string): ReadonlyMap<string, ParameterType> {
  const { parameters } = readComments({ path: '', text: normalizeText(query) }, 0, () => {
    // `queries pull` reports invalid lines; here they declare nothing.
  })
  return new Map(parameters.map(({ name, type }) => [name, type]))
}

/** Types whose values are text, even if they look like numbers. */
const textTypes: ReadonlySet<BaseType> = new Set<BaseType>(['String', 'UUID', 'Date', 'DateTime'])

/**
 * Parses `--param name=value` arguments. A value in JSON syntax (number, boolean, null, list, quoted string) becomes
 * that JSON value; any other value is text. A number or boolean for a parameter that is declared as text stays text.
 *
 * @throws UsageError for a missing `=`, a duplicate name, an object or an integer that JSON numbers cannot hold
 */
export function readParams(
  params: readonly string[],
  option = '--param',
  types: ReadonlyMap<string, ParameterType> = new Map(),
): Record<string, BoundValue> {
  const values = new Map<string, BoundValue>()
  for (const [name, text] of splitAssignments(params, option)) {
    const isText = isDeclaredAsText(types.get(name)) && /^(?:-?\d|true$|false$)/.test(text)
    values.set(name, isText ? text : parseValue(option, name, text))
  }
  // `fromEntries` creates an own property even for `__proto__`.
  return Object.fromEntries(values)
}

function isDeclaredAsText(type: ParameterType | undefined): boolean {
  return type !== undefined && !type.isArray && textTypes.has(type.base)
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
      `Pass it as text and convert it in the query: ${option} ${shellQuote(`${name}="${text}"`)} and toInt({${name}}).`,
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
