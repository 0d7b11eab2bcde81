import { DecodeError } from '../errors/result-errors.ts'
import type { BodyReader } from '../transport/http-response.ts'
import { type CellOptions, decoderOf, parseColumnType } from './decode-cell.ts'
import { parseLosslessRows, responseFix } from './lossless-json.ts'
import { createRowReader } from './row-reader.ts'

/** The error for an answer without rows. */
export function noRows(): DecodeError {
  return new DecodeError({
    message: 'The answer to a query has no `results` and `columns`.',
    fix: responseFix,
  })
}

/**
 * What a parser makes of a part of an answer.
 *
 * @throws DecodeError for what is no JSON, or nested too deeply to be parsed
 */
export function parsed<Value>(parse: () => Value): Value {
  try {
    return parse()
  } catch (cause) {
    // The parser's own message quotes the body.
    if (cause instanceof SyntaxError) {
      throw new DecodeError({
        message: 'The answer to a query is not JSON, or breaks off.',
        fix: responseFix,
      })
    }
    if (!(cause instanceof RangeError)) throw cause
    throw new DecodeError({ message: 'The answer to a query is nested too deeply.', fix: responseFix })
  }
}

/** The columns that stand before the first row of an answer, if they do. */
export function columnsIn(head: string): string[] | undefined {
  try {
    const { columns } = JSON.parse(`${head}]}`)
    return isTexts(columns) ? columns : undefined
  } catch {
    return undefined
  }
}

/** Whether a value is a list of texts. */
export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/**
 * Names under which a row's cells become properties. PostHog lets two columns have one name; the second becomes
 * `name_2`, the third `name_3`, unless a column of that name is there.
 */
export function uniqueColumnNames(columns: readonly string[]): string[] {
  const taken = new Set(columns)
  /** The number of the last column of each name. */
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

/** The columns of an answer. */
export interface Columns {
  /** Keys of the rows: the names of the columns, doubled ones numbered. */
  readonly names: readonly string[]
  /** ClickHouse type of each, where PostHog told it. */
  readonly types: readonly (string | undefined)[]
}

/** Reads `columns` and `types`, which are pairs of name and type, or types alone in older answers. */
export function readColumns(columns: readonly string[], types: readonly unknown[] = []): Columns {
  const names = uniqueColumnNames(columns)
  const typeOf = (entry: unknown): string | undefined => {
    const type: unknown = Array.isArray(entry) ? entry[1] : entry
    return typeof type === 'string' ? type : undefined
  }
  return { names, types: names.map((_, index) => typeOf(types[index])) }
}

/** Makes an object of a row of cells. */
export type RowDecoder = (cells: unknown, at: number) => Record<string, unknown>

/**
 * The decoder of the rows of an answer; `written` leaves their cells as they are.
 *
 * It throws a DecodeError for a row that is no list or has another number of cells than there are columns, and for a
 * cell that the options give no way to hold exactly. `at` is the row's place in the answer, from 0.
 */
export function createRowDecoder({ names, types }: Columns, options: CellOptions | 'written'): RowDecoder {
  const decoders = types.map((type) =>
    type === undefined || options === 'written' ? undefined : decoderOf(parseColumnType(type), options),
  )
  // Filling in a copy is faster than adding properties, and `__proto__` is one like any other.
  const empty: Readonly<Record<string, unknown>> = Object.fromEntries(names.map((name) => [name, undefined]))
  return (cells, row) => {
    checkCells(cells, row, names.length)
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
 * Refuses what is no row of so many cells.
 *
 * @param at the row's place in the answer, from 0
 * @throws DecodeError
 */
export function checkCells(row: unknown, at: number, columns: number): asserts row is readonly unknown[] {
  if (Array.isArray(row) && row.length === columns) return
  const found = Array.isArray(row) ? `has ${row.length} cells` : 'is no list of cells'
  throw new DecodeError({
    message: `Row ${at + 1} of the answer ${found}; expected ${columns}, one for each column.`,
    fix: responseFix,
  })
}

/** An answer whose rows are objects already. */
export class CollectedRows {
  readonly rows: Record<string, unknown>[]
  readonly columns: Columns
  /** The answer without its results. */
  readonly rest: unknown

  constructor(rows: Record<string, unknown>[], columns: Columns, rest: unknown) {
    this.rows = rows
    this.columns = columns
    this.rest = rest
  }
}

/**
 * Makes objects of the rows of an answer while it arrives. Its text is never there as a whole, nor are its rows as
 * arrays: long answers would keep the garbage collector busier than the parser. What PostHog tells of types behind the
 * rows is applied at the end.
 */
export function collectRows(options: CellOptions): BodyReader {
  const utf8 = new TextDecoder()
  const reader = createRowReader((items) => parseLosslessRows(items))
  const rows: Record<string, unknown>[] = []
  /** Rows that came before the columns did. */
  const early: unknown[] = []
  /** Known with the first rows; undefined where the columns stand behind them. */
  let decode: RowDecoder | undefined
  let looked = false
  const take = (cells: unknown[]): void => {
    if (cells.length === 0) return
    if (!looked) {
      const names = columnsIn(reader.head)
      decode = names && createRowDecoder(readColumns(names), 'written')
      looked = true
    }
    for (const row of cells) {
      if (decode === undefined) early.push(row)
      else rows.push(decode(row, rows.length))
    }
  }
  return {
    push: (bytes) => take(parsed(() => reader.push(utf8.decode(bytes, { stream: true })))),
    end(): unknown {
      const { items, answer } = parsed(() => reader.end())
      take(items)
      const { columns: names, types, results } = Object(answer)
      // What has no rows may say why.
      if (!isTexts(names) || !Array.isArray(results)) return answer
      const columns = readColumns(names, Array.isArray(types) ? types : [])
      const decodeEarly = createRowDecoder(columns, 'written')
      for (const row of early) rows.push(decodeEarly(row, rows.length))
      applyTypes(rows, columns, options)
      return new CollectedRows(rows, columns, answer)
    },
  }
}

/** Column by column, for most need nothing. */
function applyTypes(
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
