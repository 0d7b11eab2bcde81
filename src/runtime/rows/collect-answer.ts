import type { BodySink } from '../transport/body-sink.ts'
import { columnsIn, isTexts, parsed } from './answer-faults.ts'
import { createAnswerReader } from './answer-reader.ts'
import { parseColumnType } from './column-type.ts'
import { type CellOptions, decoderOf } from './decode-cell.ts'
import { type Columns, createRowDecoder, type RowDecoder, readColumns } from './decode-rows.ts'
import { parseRowsExactly } from './parse-exactly.ts'

/** An answer whose rows are objects already. */
export class CollectedAnswer {
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
export function collectAnswer(options: CellOptions): BodySink {
  const utf8 = new TextDecoder()
  const reader = createAnswerReader((items) => parseRowsExactly(items))
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
      return new CollectedAnswer(rows, columns, answer)
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
