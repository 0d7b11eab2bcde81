import { isObject } from '../../shared/is-object.ts'
import { DecodeError } from '../errors/result-errors.ts'

/** A ClickHouse type taken apart: `Array(Nullable(String))` is Array of Nullable of String. */
export interface ColumnType {
  readonly name: string
  /** What stands between the brackets, as types. Names of tuple elements are left out. */
  readonly parameters: readonly ColumnType[]
}

/** Deepest nesting that is read. Code that walks types recurses, so they need a bound. */
const maxDepth = 32

/** Reads a type. What it does not understand, or what is nested too deeply, has no parameters; nothing makes it fail. */
export function parseColumnType(text: string): ColumnType {
  return parse(text, 1)
}

function parse(text: string, depth: number): ColumnType {
  const open = text.indexOf('(')
  if (open < 0 || !text.endsWith(')') || depth > maxDepth) return { name: text.trim(), parameters: [] }
  const parameters = split(text.slice(open + 1, -1)).map((part) => parse(unnamed(part), depth + 1))
  return { name: text.slice(0, open).trim(), parameters }
}

/** The parts between commas that stand in no brackets and no quotes. */
function split(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === "'" || character === '`') at = endOfQuoted(text, at)
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  parts.push(text.slice(from).trim())
  return parts
}

/** Elements of a tuple may have a name before their type: `a String`. */
function unnamed(part: string): string {
  const quoted = part.startsWith('`')
  const rest = quoted ? part.slice(endOfQuoted(part, 0) + 1) : part
  return (quoted ? /^\s+([A-Z][\s\S]*)$/ : /^\w+\s+([A-Z][\s\S]*)$/).exec(rest)?.[1] ?? part
}

/** The index of the quote that closes the one at `start`; the length of the text where that is missing. */
function endOfQuoted(text: string, start: number): number {
  const quote = text.charAt(start)
  let at = start + 1
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' ? 2 : 1
  return at
}

/** How cells become values. */
export interface CellOptions {
  /** `date`: dates and times as Date objects, those without a zone read as UTC. Default: `string`, as PostHog wrote it. */
  readonly dates?: 'string' | 'date' | undefined
  /**
   * Integers of 64, 128 and 256 bits. `number` (default) throws DecodeError for one that a number cannot hold; `bigint`
   * and `string` hold all of them.
   */
  readonly int64?: 'number' | 'bigint' | 'string' | undefined
}

/** Makes a value of a cell. */
export type CellDecoder = (cell: unknown) => unknown

const wide = /^U?Int(?:64|128|256)$/
const times = /^DateTime(?:64)?$/
const days = /^Date(?:32)?$/

/** The decoder of a type; undefined where cells are values already. */
export function decoderOf(type: ColumnType, options: CellOptions): CellDecoder | undefined {
  const { name, parameters } = type
  const [first, second] = parameters
  switch (name) {
    case 'Nullable':
    case 'LowCardinality':
      return first && decoderOf(first, options)
    case 'Array': {
      const decode = first && decoderOf(first, options)
      return decode && ((cell) => (Array.isArray(cell) ? cell.map(decode) : cell))
    }
    case 'Tuple': {
      const decoders = parameters.map((part) => decoderOf(part, options))
      if (decoders.every((decode) => decode === undefined)) return undefined
      return (cell) => (Array.isArray(cell) ? cell.map((part, at) => decoders[at]?.(part) ?? part) : cell)
    }
    case 'Map': {
      const decode = second && decoderOf(second, options)
      if (decode === undefined) return undefined
      return (cell) => (isObject(cell) ? mapped(cell, decode) : cell)
    }
    case 'Bool':
      return (cell) => (cell === 0 || cell === 1 ? cell === 1 : cell)
    case 'JSON':
      return parsed
    case 'Float32':
    case 'Float64':
      // One without a fraction was read as an integer where its type was not known yet.
      return (cell) => (typeof cell === 'bigint' ? Number(cell) : cell)
  }
  if (wide.test(name)) return integer(options.int64 ?? 'number', name)
  if (options.dates !== 'date') return undefined
  if (times.test(name)) return instant
  return days.test(name) ? day : undefined
}

function integer(as: NonNullable<CellOptions['int64']>, type: string): CellDecoder {
  return (cell) => {
    const number = integerIn(cell)
    if (number === undefined) return cell
    if (as === 'bigint') return BigInt(number)
    if (as === 'string') return String(number)
    if (typeof number === 'number') return number
    throw new DecodeError({
      message: `A cell of type ${type} is ${number}, which a JavaScript number cannot hold exactly.`,
      fix: "Pass `int64: 'bigint'` or `int64: 'string'`, or use toString(…) in the query.",
    })
  }
}

/** The integer of a cell: servers may write wide ones as texts. Undefined for a cell that is none. */
function integerIn(cell: unknown): number | bigint | undefined {
  if (typeof cell === 'bigint') return cell
  if (typeof cell === 'number') return Number.isInteger(cell) ? cell : undefined
  if (typeof cell !== 'string' || !/^-?\d{1,80}$/.test(cell)) return undefined
  const number = Number(cell)
  return Number.isSafeInteger(number) ? number : BigInt(cell)
}

function instant(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(cell)
  return dateOf(`${cell.replace(' ', 'T')}${zoned ? '' : 'Z'}`, cell)
}

function day(cell: unknown): unknown {
  return typeof cell === 'string' ? dateOf(`${cell}T00:00:00Z`, cell) : cell
}

function dateOf(text: string, cell: string): Date {
  const date = new Date(text)
  if (!Number.isNaN(date.getTime())) return date
  throw new DecodeError({
    message: `A cell that should be a date is ${JSON.stringify(cell)}.`,
    fix: "Pass `dates: 'string'` to get it as it is.",
  })
}

function parsed(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell
  try {
    return JSON.parse(cell) as unknown
  } catch {
    return cell
  }
}

function mapped(cell: Readonly<Record<string, unknown>>, decode: CellDecoder): Record<string, unknown> {
  // `fromEntries` defines properties, so that a key `__proto__` is a key.
  return Object.fromEntries(Object.entries(cell).map(([key, value]) => [key, decode(value)]))
}
