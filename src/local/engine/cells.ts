import { type ClickHouseType, parseType } from './column-type.ts'
import type { SqlResult } from './sql-engine.ts'

/** A function from the engine's cell to the JSON value PostHog would write. `bigint` keeps 64-bit digits exact. */
type CellWriter = (cell: unknown) => unknown

/**
 * Rows as PostHog writes them: numbers with full digits, decimals as text, date-times in ISO form with their zone,
 * NaN and infinities as null.
 *
 * @param zoneless Date-times without a zone suffix: the form of answers read from a materialised table.
 */
export function wireRows(result: SqlResult, zoneless: boolean): unknown[][] {
  const writers = result.columns.map((column) => cellWriter(parseType(column.type), zoneless))
  return result.rows.map((row) => row.map((cell, index) => writers[index]?.(cell) ?? null))
}

function cellWriter(type: ClickHouseType, zoneless: boolean): CellWriter {
  const [first, second] = type.parameters
  if (first !== undefined && (type.name === 'Nullable' || type.name === 'LowCardinality')) {
    return cellWriter(first, zoneless)
  }
  if (first !== undefined && type.name === 'Array') {
    const write = cellWriter(first, zoneless)
    return (cell) => (Array.isArray(cell) ? cell.map(write) : cell)
  }
  if (type.name === 'Tuple') {
    const writers = type.parameters.map((part) => cellWriter(part, zoneless))
    return (cell) => (Array.isArray(cell) ? cell.map((part, index) => writers[index]?.(part) ?? null) : cell)
  }
  if (second !== undefined && type.name === 'Map') {
    const write = cellWriter(second, zoneless)
    return (cell) => Object.fromEntries(Object.entries(cell ?? {}).map(([key, value]) => [key, write(value)]))
  }
  if (type.name === 'Int64' || type.name === 'UInt64') return exactInteger
  if (type.name === 'DateTime' || type.name === 'DateTime64') {
    const zone = /'([^']+)'/.exec(type.inner)?.[1]
    const suffix = zone === undefined || zoneless ? '' : zone === 'UTC' ? 'Z' : undefined
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
  return `${seconds}${digits}${suffix ?? offsetOf(seconds, zone)}`
}

// The engine writes local wall time; the offset of that zone at about that time completes it.
function offsetOf(seconds: string, zone: string): string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  const name = format
    .formatToParts(new Date(`${seconds}Z`))
    .find((part) => part.type === 'timeZoneName')?.value
  return name === undefined || name === 'GMT' ? '+00:00' : name.slice(3)
}
