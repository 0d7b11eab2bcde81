import { DecodeError } from '../errors/result-errors.ts'
import type { BodyReader } from '../transport/http-response.ts'
import { type CellOptions, decoderOf, parseColumnType } from './decode-cell.ts'
import { parseLosslessRows, responseFix } from './lossless-json.ts'
import { createRowReader } from './row-reader.ts'

/** The error for a query response without rows. */
export function missingRowsError(): DecodeError {
  return new DecodeError({
    message: 'Expected `results` and `columns` in the response to a query.',
    fix: responseFix,
  })
}

/**
 * Runs a parser on part of a query response.
 *
 * @throws DecodeError for invalid or too deeply nested JSON
 */
export function parseOrThrow<Value>(parse: () => Value): Value {
  try {
    return parse()
  } catch (cause) {
    // The parser's own message quotes the body, which may contain personal data.
    if (cause instanceof SyntaxError) {
      throw new DecodeError({
        message: 'The response to a query is not JSON, or is truncated.',
        fix: responseFix,
      })
    }
    if (!(cause instanceof RangeError)) throw cause
    throw new DecodeError({ message: 'The response to a query is nested too deeply.', fix: responseFix })
  }
}

/** Column names from the part of a response before its first row; undefined if they come later. */
export function parseColumnNames(head: string): string[] | undefined {
  try {
    const { columns } = JSON.parse(`${head}]}`)
    return isStringArray(columns) ? columns : undefined
  } catch {
    return undefined
  }
}

/** Whether a value is an array of strings. */
export function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/**
 * Property names of the columns. PostHog allows duplicate column names: the second becomes `name_2`, the third
 * `name_3`, unless a column with that name exists.
 */
export function uniqueColumnNames(columns: readonly string[]): string[] {
  const taken = new Set(columns)
  /** The last number used for each name. */
  const counts = new Map<string, number>()
  return columns.map((column) => {
    const last = counts.get(column)
    if (last === undefined) {
      counts.set(column, 1)
      return column
    }
    let count = last + 1
    while (taken.has(`${column}_${count}`)) count += 1
    counts.set(column, count)
    return `${column}_${count}`
  })
}

/** The columns of a query response. */
export interface Columns {
  /** Keys of the rows: the column names, with duplicates numbered. */
  readonly names: readonly string[]
  /** ClickHouse type of each column, if PostHog reported it. */
  readonly types: readonly (string | undefined)[]
}

/** Reads `columns` and `types`. Entries of `types` are pairs of name and type, or only types in older responses. */
export function readColumns(columns: readonly string[], types: readonly unknown[] = []): Columns {
  const names = uniqueColumnNames(columns)
  const typeOf = (entry: unknown): string | undefined => {
    const type: unknown = Array.isArray(entry) ? entry[1] : entry
    return typeof type === 'string' ? type : undefined
  }
  return { names, types: names.map((_, index) => typeOf(types[index])) }
}

/** Decodes a row of cells to an object. */
export type RowDecoder = (cells: unknown, at: number) => Record<string, unknown>

/**
 * Creates a decoder of rows. `raw` leaves cells undecoded.
 *
 * The decoder throws a DecodeError for a row that is not an array with one cell per column, and for a cell that the
 * options cannot represent exactly. Its `at` is the index of the row in the response.
 */
export function createRowDecoder({ names, types }: Columns, options: CellOptions | 'raw'): RowDecoder {
  const decoders = types.map((type) =>
    type === undefined || options === 'raw' ? undefined : decoderOf(parseColumnType(type), options),
  )
  // Filling in a copy is faster than adding properties, and treats `__proto__` as an ordinary key.
  const empty: Readonly<Record<string, unknown>> = Object.fromEntries(names.map((name) => [name, undefined]))
  return (cells, row) => {
    assertCells(cells, row, names.length)
    const result = { ...empty }
    for (let at = 0; at < names.length; at++) {
      const cell = cells[at]
      const decode = decoders[at]
      result[names[at] as string] =
        decode === undefined || cell === null || cell === undefined ? cell : decode(cell)
    }
    return result
  }
}

/**
 * Asserts that a row is an array with one cell per column.
 *
 * @param at index of the row in the response
 * @throws DecodeError
 */
export function assertCells(row: unknown, at: number, columns: number): asserts row is readonly unknown[] {
  if (Array.isArray(row) && row.length === columns) return
  const found = Array.isArray(row) ? `has ${row.length} cells` : 'is not an array of cells'
  throw new DecodeError({
    message: `Row ${at + 1} of the response ${found}; expected ${columns}, one per column.`,
    fix: responseFix,
  })
}

/** A response whose rows are already decoded. */
export class CollectedRows {
  readonly rows: Record<string, unknown>[]
  readonly columns: Columns
  /** The response without its results. */
  readonly rest: unknown

  constructor(rows: Record<string, unknown>[], columns: Columns, rest: unknown) {
    this.rows = rows
    this.columns = columns
    this.rest = rest
  }
}

/**
 * Decodes the rows of a response while it arrives. It never holds the complete text or all rows as arrays, because long
 * responses would otherwise spend more time in garbage collection than in parsing. PostHog sends `types` after the rows,
 * so cells are decoded at the end.
 */
export function collectRows(options: CellOptions): BodyReader {
  const utf8 = new TextDecoder()
  const reader = createRowReader((items) => parseLosslessRows(items))
  const rows: Record<string, unknown>[] = []
  /** Rows that arrived before the column names. */
  const pending: unknown[] = []
  /** Created with the first rows; undefined if the column names follow them. */
  let decode: RowDecoder | undefined
  let hasReadHead = false
  const take = (cells: unknown[]): void => {
    if (cells.length === 0) return
    if (!hasReadHead) {
      const names = parseColumnNames(reader.head)
      decode = names && createRowDecoder(readColumns(names), 'raw')
      hasReadHead = true
    }
    for (const row of cells) {
      if (decode === undefined) pending.push(row)
      else rows.push(decode(row, rows.length))
    }
  }
  return {
    push: (bytes) => take(parseOrThrow(() => reader.push(utf8.decode(bytes, { stream: true })))),
    end(): unknown {
      const { items, response } = parseOrThrow(() => reader.end())
      take(items)
      const { columns: names, types, results } = Object(response)
      // A response without rows may contain an error.
      if (!isStringArray(names) || !Array.isArray(results)) return response
      const columns = readColumns(names, Array.isArray(types) ? types : [])
      const decodePending = createRowDecoder(columns, 'raw')
      for (const row of pending) rows.push(decodePending(row, rows.length))
      decodeCells(rows, columns, options)
      return new CollectedRows(rows, columns, response)
    },
  }
}

/** Decodes cells column by column, because most columns need no decoding. */
function decodeCells(
  rows: readonly Record<string, unknown>[],
  { names, types }: Columns,
  options: CellOptions,
): void {
  names.forEach((name, at) => {
    const type = types[at]
    const decode = type === undefined ? undefined : decoderOf(parseColumnType(type), options)
    if (decode === undefined) return
    for (const row of rows) {
      const cell = row[name]
      if (cell !== null && cell !== undefined) row[name] = decode(cell)
    }
  })
}
