import { DecodeError } from '../runtime/errors/result-errors.ts'
import { type ColumnType, parseColumnType } from '../runtime/rows/decode-cell.ts'
import { toJson } from '../runtime/rows/write-rows.ts'

/** The value of a column in a file. Null is possible in each column. */
export type ColumnValue = boolean | number | bigint | string | null

/** Type of a column in a file, for a ClickHouse type. */
export type ValueType =
  | { readonly kind: 'boolean' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float' | 'double' | 'text' }
  /** Days since 1970. */
  | { readonly kind: 'date' }
  /** Microseconds or nanoseconds since 1970, in UTC. */
  | { readonly kind: 'time'; readonly digits: 6 | 9 }
  /** Integers that are divided by ten to the power of `scale`. */
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }

/** Returns the type of a column in a file. Types that files cannot hold become text. */
export function valueTypeOf(clickHouseType: string | undefined): ValueType {
  let type: ColumnType | undefined = parseColumnType(clickHouseType ?? '')
  while (type.name === 'Nullable' || type.name === 'LowCardinality')
    type = type.parameters[0] ?? { name: '', parameters: [] }
  const { name, parameters } = type
  const [first, second] = parameters.map((parameter) => Number(parameter.name))
  if (name === 'Bool') return { kind: 'boolean' }
  if (/^(?:Int(?:8|16|32)|UInt(?:8|16))$/.test(name)) return { kind: 'int32' }
  if (name === 'UInt32') return { kind: 'uint32' }
  if (name === 'Int64') return { kind: 'int64' }
  if (name === 'UInt64') return { kind: 'uint64' }
  if (name === 'Float32') return { kind: 'float' }
  if (name === 'Float64') return { kind: 'double' }
  if (name === 'Date' || name === 'Date32') return { kind: 'date' }
  if (name === 'DateTime') return { kind: 'time', digits: 6 }
  if (name === 'DateTime64') return { kind: 'time', digits: (first ?? 0) > 6 ? 9 : 6 }
  if (name === 'Decimal' && first !== undefined && second !== undefined && first <= 38)
    return { kind: 'decimal', precision: first, scale: second }
  return { kind: 'text' }
}

/**
 * Converts an exported cell to the value of its column.
 *
 * @throws DecodeError for a cell that the type cannot hold exactly
 */
export function toColumnValue(cell: unknown, type: ValueType, column: string): ColumnValue {
  if (cell === null || cell === undefined) return null
  const value = convert(cell, type)
  if (value !== undefined) return value
  throw new DecodeError({
    message: `A cell of the column ${column} does not fit its type, ${type.kind}.`,
    fix: 'Convert the column with toString(…) in the query, or export CSV.',
  })
}

/** Returns undefined for a cell that the type cannot hold. */
function convert(cell: unknown, type: ValueType): ColumnValue | undefined {
  switch (type.kind) {
    case 'boolean':
      return typeof cell === 'boolean' ? cell : cell === 0 || cell === 1 ? cell === 1 : undefined
    case 'int32':
      return integer(cell, -(2n ** 31n), 2n ** 31n, Number)
    case 'uint32':
      return integer(cell, 0n, 2n ** 32n, Number)
    case 'int64':
      return integer(cell, -(2n ** 63n), 2n ** 63n, BigInt)
    case 'uint64':
      return integer(cell, 0n, 2n ** 64n, BigInt)
    case 'float':
    case 'double':
      return float(cell)
    case 'date':
      return date(cell)
    case 'time':
      return time(cell, type.digits)
    case 'decimal':
      return decimal(cell, type.scale)
    case 'text':
      return typeof cell === 'string' ? cell : toJson(cell, 0)
  }
}

/** Reads an integer from `min` up to, but not including, `end`. The export writes unsafe integers as strings. */
function integer<Value>(
  cell: unknown,
  min: bigint,
  end: bigint,
  create: (value: bigint) => Value,
): Value | undefined {
  const isInteger = typeof cell === 'number' ? Number.isSafeInteger(cell) : /^-?\d{1,20}$/.test(String(cell))
  if (!isInteger) return undefined
  const value = BigInt(String(cell))
  return value >= min && value < end ? create(value) : undefined
}

function float(cell: unknown): number | undefined {
  if (typeof cell === 'number') return cell
  const special = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i.exec(String(cell))
  if (special !== null) {
    const [, sign, nan] = special
    return nan === undefined ? (sign === '-' ? -1 : 1) * Number.POSITIVE_INFINITY : Number.NaN
  }
  const number = typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : Number.NaN
  return Number.isNaN(number) ? undefined : number
}

function date(cell: unknown): number | undefined {
  const days = /^\d{4}-\d\d-\d\d$/.test(String(cell))
    ? Date.parse(`${cell}T00:00:00Z`) / 86_400_000
    : Number.NaN
  return Number.isNaN(days) ? undefined : days
}

/** Reads a time; without a zone it is in UTC. */
function time(cell: unknown, digits: 6 | 9): bigint | undefined {
  const pattern = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/
  const [, day, clock, fraction = '', zone = 'Z'] = pattern.exec(String(cell)) ?? []
  const ms = Date.parse(`${day}T${clock}${zone}`)
  const rest = fraction.padEnd(9, '0')
  if (Number.isNaN(ms) || /[1-9]/.test(rest.slice(digits))) return undefined
  return (BigInt(ms) * 10n ** BigInt(digits)) / 1_000n + BigInt(rest.slice(0, digits))
}

function decimal(cell: unknown, scale: number): bigint | undefined {
  const text = typeof cell === 'number' && /e/.test(String(cell)) ? cell.toFixed(scale) : String(cell)
  const [, sign, whole, fraction = ''] = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text) ?? []
  if (whole === undefined || /[1-9]/.test(fraction.slice(scale))) return undefined
  const value = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'))
  return sign === '-' ? -value : value
}
