import { DecodeError } from '../errors/decode-error.ts'
import { answerFix } from './answer-faults.ts'
import { uniqueColumnNames } from './column-names.ts'
import { parseColumnType } from './column-type.ts'
import { type CellOptions, decoderOf } from './decode-cell.ts'

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
    fix: answerFix,
  })
}
