import type { SqlResult } from './sql-engine.ts'

/** Converts a cell of the engine to the JSON value that PostHog sends. A `bigint` keeps all digits of 64-bit integers. */
type CellConverter = (cell: unknown) => unknown

/**
 * Converts rows to PostHog's JSON values: integers with all digits, decimals as text, date-times in ISO form with zone,
 * and null for NaN and infinities.
 *
 * @param omitZone Whether to omit the zone of date-times, as PostHog does for materialized tables.
 */
export function toWireRows(result: SqlResult, omitZone: boolean): unknown[][] {
  const converters = result.columns.map((column) => cellConverter(parseType(column.type), omitZone))
  return result.rows.map((row) => row.map((cell, index) => converters[index]?.(cell) ?? null))
}

function cellConverter(type: ClickHouseType, omitZone: boolean): CellConverter {
  const [first, second] = type.parameters
  if (first !== undefined && (type.name === 'Nullable' || type.name === 'LowCardinality')) {
    return cellConverter(first, omitZone)
  }
  if (first !== undefined && type.name === 'Array') {
    const convert = cellConverter(first, omitZone)
    return (cell) => (Array.isArray(cell) ? cell.map(convert) : cell)
  }
  if (type.name === 'Tuple') {
    const converters = type.parameters.map((part) => cellConverter(part, omitZone))
    return (cell) =>
      Array.isArray(cell) ? cell.map((part, index) => converters[index]?.(part) ?? null) : cell
  }
  if (second !== undefined && type.name === 'Map') {
    const convert = cellConverter(second, omitZone)
    return (cell) =>
      Object.fromEntries(Object.entries(cell ?? {}).map(([key, value]) => [key, convert(value)]))
  }
  if (type.name === 'Int64' || type.name === 'UInt64') return exactInteger
  if (type.name === 'DateTime' || type.name === 'DateTime64') {
    const zone = /'([^']+)'/.exec(type.inner)?.[1]
    const suffix = zone === undefined || omitZone ? '' : zone === 'UTC' ? 'Z' : undefined
    return (cell) => (typeof cell === 'string' ? isoDateTime(cell, suffix, zone ?? 'UTC') : cell)
  }
  return (cell) => cell
}

function exactInteger(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell
  const number = Number(cell)
  return Number.isSafeInteger(number) ? number : BigInt(cell)
}

function isoDateTime(cell: string, suffix: string | undefined, zone: string): string {
  const [seconds = '', fraction = ''] = cell.replace(' ', 'T').split('.')
  const digits = /[1-9]/.test(fraction) ? `.${fraction.slice(0, 6).padEnd(6, '0')}` : ''
  return `${seconds}${digits}${suffix ?? zoneOffset(seconds, zone)}`
}

// The engine writes local wall time without an offset, so the zone's offset at about that time is added.
function zoneOffset(seconds: string, zone: string): string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  const name = format
    .formatToParts(new Date(`${seconds}Z`))
    .find((part) => part.type === 'timeZoneName')?.value
  return name === undefined || name === 'GMT' ? '+00:00' : name.slice(3)
}

/** A parsed ClickHouse type: `Array(Nullable(String))` is Array of Nullable of String. */
export interface ClickHouseType {
  readonly name: string
  readonly parameters: readonly ClickHouseType[]
  /** Text between the parentheses. */
  readonly inner: string
}

/** Parses the type of a result column. Never throws: an unknown form has no parameters. */
function parseType(text: string): ClickHouseType {
  const open = text.indexOf('(')
  if (open < 0 || !text.endsWith(')')) return { name: text.trim(), parameters: [], inner: '' }
  const inner = text.slice(open + 1, -1)
  const parameters = splitParameters(inner).map((part) => parseType(withoutElementName(part)))
  return { name: text.slice(0, open).trim(), parameters, inner }
}

/** Returns the type inside Nullable and LowCardinality. */
function unwrapType(type: ClickHouseType): ClickHouseType {
  const inner = type.parameters[0]
  return inner !== undefined && (type.name === 'Nullable' || type.name === 'LowCardinality')
    ? unwrapType(inner)
    : type
}

/** Returns PostHog's name of a column type, as in `columns` of an endpoint. */
export function columnKind(text: string): string {
  const { name } = unwrapType(parseType(text))
  if (/^U?Int\d+$/.test(name)) return 'integer'
  if (/^(?:Float\d+|BFloat16|Decimal\d*)$/.test(name)) return 'float'
  if (/^(?:String|FixedString|UUID|Enum8|Enum16|IPv4|IPv6)$/.test(name)) return 'string'
  if (/^DateTime(?:64)?$/.test(name)) return 'datetime'
  if (/^Date(?:32)?$/.test(name)) return 'date'
  if (name === 'Bool') return 'boolean'
  if (name === 'Array') return 'array'
  if (/^(?:Map|Tuple|JSON|Object|Nested)$/.test(name)) return 'json'
  return 'unknown'
}

function splitParameters(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quoted = false
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (quoted && character === '\\') at += 1
    else if (character === "'") quoted = !quoted
    else if (!quoted && character === '(') depth += 1
    else if (!quoted && character === ')') depth -= 1
    else if (!quoted && character === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  return [...parts, text.slice(from).trim()]
}

// Elements of a tuple may have names: `Tuple(a String, b UInt8)`.
function withoutElementName(part: string): string {
  const match = /^(?:`[^`]*`|\w+) +([A-Z].*)$/s.exec(part)
  return match?.[1] ?? part
}
