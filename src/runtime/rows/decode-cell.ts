import type { ColumnType } from '../../shared/column-type.ts'
import { isObject } from '../../shared/is-object.ts'
import { DecodeError } from '../errors/result-errors.ts'

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
