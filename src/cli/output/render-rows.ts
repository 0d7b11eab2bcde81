import { renderCsv, toJson } from '../../runtime/rows/write-rows.ts'
import { renderTable } from './table.ts'

/** How rows are written. */
export type RowFormat = 'table' | 'json' | 'ndjson' | 'csv'

/** The formats, for `--format`. */
export const rowFormats: readonly RowFormat[] = ['table', 'json', 'ndjson', 'csv']

/** Help of `--raw-csv`. */
export const rawCsvHelp: string =
  "CSV cells as they are; by default those that a spreadsheet would run as a formula get a leading '"

/** How rows become text. */
export interface RenderOptions {
  /** Cuts a table to the terminal. */
  readonly width: number | undefined
  /** Leaves CSV cells that a spreadsheet would run as formulas as they are. */
  readonly rawCsv: boolean
}

/** Rows as text. */
export function renderRows(
  { rows, columns }: { readonly rows: readonly unknown[]; readonly columns: readonly string[] },
  format: RowFormat,
  { width, rawCsv }: RenderOptions,
): string {
  if (format === 'json') return `${toJson(rows)}\n`
  if (format === 'ndjson') return rows.map((row) => `${toJson(row, 0)}\n`).join('')
  const objects = rows.map(fieldsOf)
  const heads = columns.length > 0 ? columns : [...new Set(objects.flatMap((row) => [...row.keys()]))]
  const cells = objects.map((row) => heads.map((head) => row.get(head)))
  if (format === 'csv') return renderCsv(heads, cells, { disarmFormulas: !rawCsv })
  return heads.length === 0 ? '' : `${renderTable(heads, cells, width)}\n`
}

/** Insights answer items of any shape: what is no object becomes one with a single field. */
function fieldsOf(row: unknown): Map<string, unknown> {
  const isObject = typeof row === 'object' && row !== null && !Array.isArray(row)
  return new Map<string, unknown>(isObject ? Object.entries(row) : [['value', row]])
}
