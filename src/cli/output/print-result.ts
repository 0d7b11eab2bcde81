import type { Context } from '../context.ts'
import { type RowFormat, renderRows } from './render-rows.ts'

/** Rows and their columns. */
export interface PrintedResult {
  readonly rows: readonly unknown[]
  readonly columns: readonly string[]
}

/** How a result is printed. */
export interface PrintOptions {
  readonly format?: RowFormat
  readonly rawCsv?: boolean
}

/**
 * Prints rows to stdout, with `--json` the whole result, and one line about them to stderr. `--quiet` does not hide the
 * line when rows are missing that somebody may expect.
 */
export async function printResult(
  context: Context,
  result: PrintedResult,
  { format = 'table', rawCsv = false }: PrintOptions,
  summary: { readonly text: string; readonly missing: boolean },
): Promise<void> {
  if (context.options.json === true) await context.printData(result)
  else await context.printData(renderRows(result, format, { width: context.io.columns, rawCsv }))
  const say = summary.missing ? context.warn : context.note
  say(summary.text)
}
