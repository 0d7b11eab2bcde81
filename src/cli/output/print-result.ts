import type { Context } from '../context.ts'
import { type RowFormat, renderRows } from './render-rows.ts'

/** Rows, and whether they are all. */
export interface PrintedResult {
  readonly rows: readonly unknown[]
  readonly columns: readonly string[]
  readonly complete: unknown
}

/** Prints rows to stdout, with `--json` the whole result, and one line about them to stderr. */
export function printResult(
  context: Context,
  result: PrintedResult,
  format: RowFormat,
  summary: string,
): void {
  if (context.options.json === true) context.printJson(result)
  else context.io.stdout.write(renderRows(result, format, context.io.columns))
  // `--quiet` does not hide that rows may be missing.
  const say = result.complete === true ? context.note : context.warn
  say(summary)
}
