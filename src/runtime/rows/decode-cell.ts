import { isObject } from '../../shared/is-object.ts'
import { DecodeError } from '../errors/result-errors.ts'

/** A parsed ClickHouse type: `Array(Nullable(String))` is an Array with the parameter Nullable. */
export interface ColumnType {
  readonly name: string
  /** Types between the brackets, without the names of tuple elements. */
  readonly parameters: readonly ColumnType[]
}

/** Maximum nesting depth. Code that walks types recurses, so it needs a bound. */
const maxDepth = 32

/** Parses a type. Never throws: a type that is unknown or nested too deeply has no parameters. */
export function parseColumnType(text: string): ColumnType {
  return parse(text, 1)
}

function parse(text: string, depth: number): ColumnType {
  const open = text.indexOf('(')
  if (open < 0 || !text.endsWith(')') || depth > maxDepth) return { name: text.trim(), parameters: [] }
  const parameters = splitParameters(text.slice(open + 1, -1)).map((part) =>
    parse(withoutElementName(part), depth + 1),
  )
  return { name: text.slice(0, open).trim(), parameters }
}

/** Splits at commas outside of brackets and quotes. */
function splitParameters(text: string): string[] {
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

/** Removes the name of a tuple element: `a String` becomes `String`. */
function withoutElementName(part: string): string {
  const quoted = part.startsWith('`')
  const rest = quoted ? part.slice(endOfQuoted(part, 0) + 1) : part
  return (quoted ? /^\s+([A-Z][\s\S]*)$/ : /^\w+\s+([A-Z][\s\S]*)$/).exec(rest)?.[1] ?? part
}

/** The index of the quote that closes the quote at `start`; the length of the text if it is missing. */
function endOfQuoted(text: string, start: number): number {
  const quote = text.charAt(start)
  let at = start + 1
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' ? 2 : 1
  return at
}

/** Options for decoding cells. */
export interface CellOptions {
  /** `date` decodes dates and times to Date objects, in UTC if they have no zone. Default: `string`, as PostHog sends. */
  readonly dates?: 'string' | 'date' | undefined
  /**
   * Type of 64-, 128- and 256-bit integers. `number` (default) throws a DecodeError for an unsafe integer; `bigint` and
   * `string` are exact.
   */
  readonly int64?: 'number' | 'bigint' | 'string' | undefined
}

/** Decodes a cell. */
export type CellDecoder = (cell: unknown) => unknown

const wideInteger = /^U?Int(?:64|128|256)$/
const dateTimeType = /^DateTime(?:64)?$/
const dateType = /^Date(?:32)?$/

/** The decoder of a type; undefined if its cells need no decoding. */
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
      return (cell) => (isObject(cell) ? decodeMap(cell, decode) : cell)
    }
    case 'Bool':
      return (cell) => (cell === 0 || cell === 1 ? cell === 1 : cell)
    case 'JSON':
      return parseJsonCell
    case 'Float32':
    case 'Float64':
      // The lossless parser reads a float without a fraction as an integer.
      return (cell) => (typeof cell === 'bigint' ? Number(cell) : cell)
  }
  if (wideInteger.test(name)) return integerDecoder(options.int64 ?? 'number', name)
  if (options.dates !== 'date') return undefined
  if (dateTimeType.test(name)) return decodeDateTime
  return dateType.test(name) ? decodeDate : undefined
}

function integerDecoder(as: NonNullable<CellOptions['int64']>, type: string): CellDecoder {
  return (cell) => {
    const number = readInteger(cell)
    if (number === undefined) return cell
    if (as === 'bigint') return BigInt(number)
    if (as === 'string') return String(number)
    if (typeof number === 'number') return number
    throw new DecodeError({
      message: `A cell of type ${type} is ${number}, which a JavaScript number cannot represent exactly.`,
      fix: "Pass `int64: 'bigint'` or `int64: 'string'`, or use toString(…) in the query.",
    })
  }
}

/** Reads an integer; undefined for other cells. Servers may send wide integers as strings. */
function readInteger(cell: unknown): number | bigint | undefined {
  if (typeof cell === 'bigint') return cell
  if (typeof cell === 'number') return Number.isInteger(cell) ? cell : undefined
  if (typeof cell !== 'string' || !/^-?\d{1,80}$/.test(cell)) return undefined
  const number = Number(cell)
  return Number.isSafeInteger(number) ? number : BigInt(cell)
}

function decodeDateTime(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(cell)
  return toDate(`${cell.replace(' ', 'T')}${zoned ? '' : 'Z'}`, cell)
}

function decodeDate(cell: unknown): unknown {
  return typeof cell === 'string' ? toDate(`${cell}T00:00:00Z`, cell) : cell
}

function toDate(text: string, cell: string): Date {
  const date = new Date(text)
  if (!Number.isNaN(date.getTime())) return date
  throw new DecodeError({
    message: `Expected a date in a cell of a date column, got ${JSON.stringify(cell)}.`,
    fix: "Pass `dates: 'string'` to get dates as PostHog sends them.",
  })
}

function parseJsonCell(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell
  try {
    return JSON.parse(cell) as unknown
  } catch {
    return cell
  }
}

function decodeMap(cell: Readonly<Record<string, unknown>>, decode: CellDecoder): Record<string, unknown> {
  // `fromEntries` defines own properties, so a `__proto__` key does not set the prototype.
  return Object.fromEntries(Object.entries(cell).map(([key, value]) => [key, decode(value)]))
}
