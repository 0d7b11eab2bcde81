import { renderCsv, toJson } from '../../runtime/rows/write-rows.ts'
import type { Context } from '../context.ts'
import { renderTable } from './table.ts'
import { formatCount } from './text.ts'

/** Output formats of rows. */
export type RowFormat = 'table' | 'json' | 'ndjson' | 'csv'

/** Choices of `--format`. */
export const rowFormats: readonly RowFormat[] = ['table', 'json', 'ndjson', 'csv']

/** Help text of `--raw-csv`. */
export const rawCsvHelp: string =
  'leave formulas in CSV cells unescaped (default: prefix them with a single quote)'

/** Rows and their columns. */
export interface PrintedResult {
  readonly rows: readonly unknown[]
  readonly columns: readonly string[]
}

/** Options of `printResult`. */
export interface PrintOptions {
  readonly format?: RowFormat
  readonly rawCsv?: boolean
}

/** A one-line summary of a result. `incomplete` means that rows are missing that the user may expect. */
export interface ResultSummary {
  readonly text: string
  readonly incomplete: boolean
}

/**
 * Prints rows to stdout and a summary to stderr. `--json` prints the full result. `--quiet` hides only the
 * summary of a complete result.
 */
export async function printResult(
  context: Context,
  result: PrintedResult,
  { format = 'table', rawCsv = false }: PrintOptions,
  summary: ResultSummary,
): Promise<void> {
  if (context.options.json === true) await context.printData(result)
  else await context.printData(renderRows(result, format, { width: context.io.columns, rawCsv }))
  if (summary.incomplete) context.warn(summary.text)
  else context.note(summary.text)
}

/** Options of `renderRows`. */
interface RenderOptions {
  /** Terminal cells that a table may take; undefined for no limit. */
  readonly width: number | undefined
  /** Leaves formulas in CSV cells unescaped. */
  readonly rawCsv: boolean
}

function renderRows(
  { rows, columns }: PrintedResult,
  format: RowFormat,
  { width, rawCsv }: RenderOptions,
): string {
  if (format === 'json') return `${toJson(rows)}\n`
  if (format === 'ndjson') return rows.map((row) => `${toJson(row, 0)}\n`).join('')
  const objects = rows.map(toFields)
  const header = columns.length > 0 ? columns : [...new Set(objects.flatMap((row) => [...row.keys()]))]
  const cells = objects.map((row) => header.map((column) => row.get(column)))
  if (format === 'csv') return renderCsv(header, cells, { disarmFormulas: !rawCsv })
  return header.length === 0 ? '' : `${renderTable(header, cells, width)}\n`
}

/** Insights return items of any shape. An item that is not an object becomes a row with the single field `value`. */
function toFields(row: unknown): Map<string, unknown> {
  const isObject = typeof row === 'object' && row !== null && !Array.isArray(row)
  return new Map<string, unknown>(isObject ? Object.entries(row) : [['value', row]])
}

/** Formats a row count, such as `1 row` or `20 rows`. */
export function formatRowCount(rows: number): string {
  return formatCount(rows, 'row')
}
