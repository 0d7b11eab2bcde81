import { type CsvOptions, csvLine } from './csv.ts'
import { toJson } from './to-json.ts'

/** Rows that came together. */
interface RowsOfColumns {
  readonly rows: readonly unknown[]
  readonly columns: readonly string[]
}

/** Rows as lines, one after the other. `first` writes the header of CSV before them. */
export function rowLines(
  { rows, columns }: RowsOfColumns,
  format: 'ndjson' | 'csv',
  first: boolean,
  options?: CsvOptions,
): string {
  if (format === 'ndjson') return rows.map((row) => `${toJson(row, 0)}\n`).join('')
  const lines = rows.map((row) =>
    csvLine(
      columns.map((name) => Object(row)[name] as unknown),
      options,
    ),
  )
  return `${first ? csvLine(columns, options) : ''}${lines.join('')}`
}
