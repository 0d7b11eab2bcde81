import { renderCsv, toJson } from '../../runtime/rows/write-rows.ts'
import { type ChartKind, renderChart } from '../chart/chart.ts'
import type { Table } from '../chart/chart-data.ts'
import type { Context } from '../context.ts'
import { renderTable } from './table.ts'
import { formatCount } from './text.ts'

/** Output formats of rows. */
export type RowFormat = 'table' | 'json' | 'ndjson' | 'csv'

/** Choices of `--format`. */
export const rowFormats: readonly RowFormat[] = ['table', 'json', 'ndjson', 'csv']

/** Formats of files that a terminal cannot show. */
export type FileOnlyFormat = 'parquet' | 'arrow'

/** Choices of `--format` with `--output`. */
export const fileOnlyFormats: readonly FileOnlyFormat[] = ['parquet', 'arrow']

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
  readonly chart?: ChartKind
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
  { format = 'table', rawCsv = false, chart }: PrintOptions,
  summary: ResultSummary,
): Promise<void> {
  if (chart !== undefined) printChart(context, result, chart)
  else if (context.options.json === true) await context.printData(result)
  else await context.printData(renderRows(result, format, { width: context.io.columns, rawCsv }))
  if (summary.incomplete) context.warn(summary.text)
  else context.note(summary.text)
}

function printChart(context: Context, result: PrintedResult, chart: ChartKind): void {
  const lines = renderChart(toTable(result), chart, context.io.columns)
  if (lines.length === 0) context.note('There are no values to draw.')
  context.print(...lines)
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
  const { header, cells } = toTable({ rows, columns })
  if (format === 'csv') return renderCsv(header, cells, { disarmFormulas: !rawCsv })
  return header.length === 0 ? '' : `${renderTable(header, cells, width)}\n`
}

function toTable({ rows, columns }: PrintedResult): Table {
  const objects = rows.map(toFields)
  const header = columns.length > 0 ? columns : [...new Set(objects.flatMap((row) => [...row.keys()]))]
  return { header, cells: objects.map((row) => header.map((column) => row.get(column))) }
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
