import type { ExitCode } from './cli-io.ts'
import type { Context } from './context.ts'
import type { Line } from './output/style.ts'

/** The result of a pull or a check of one area: endpoints, queries, the project's names or the schema. */
export interface AreaReport {
  readonly exitCode: ExitCode
  /** The report of `--json`. */
  readonly json: Readonly<Record<string, unknown>>
  /** The report as lines for stdout. With `--quiet`, only what made the command fail. */
  readonly lines: readonly Line[]
}

/** Prints the report of a command about one area and returns its exit code. */
export function printReport(context: Context, report: AreaReport): ExitCode {
  if (context.options.json === true) context.printJson(report.json)
  else if (report.lines.length > 0) context.print(...report.lines)
  return report.exitCode
}
