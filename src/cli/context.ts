import { toJson } from '../runtime/rows/write-rows.ts'
import type { CliInput, CliIo } from './cli-io.ts'
import { createProgress, type Progress, type ProgressOptions } from './output/progress.ts'
import { createRowProgress, type RowProgress } from './output/row-progress.ts'
import type { Line } from './output/style.ts'
import { createTerminal } from './output/terminal.ts'

/** Options that every command takes. */
export interface GlobalOptions {
  readonly host?: string
  readonly project?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
  readonly debug?: boolean
}

/** What a command works with. Everything that it writes goes through here: see `Terminal`. */
export interface Context {
  readonly io: CliInput
  readonly options: GlobalOptions
  /** Writes lines to stdout. */
  print(...lines: readonly Line[]): void
  /** Writes a report to stdout as JSON, without secrets. */
  printJson(value: unknown): void
  /** Writes data to stdout: text as it is, other values as JSON. Only a terminal gets control characters as escapes. */
  printData(value: unknown): Promise<void>
  /** Writes a line to stderr, unless `--quiet`. */
  note(line: Line): void
  /** Writes a line to stderr whatever the options. */
  warn(line: Line): void
  /** Keeps a secret out of every line and report from now on. */
  conceal(secret: string): void
  progress(label: string, total: number): Progress
  /** Progress of rows whose number nobody knows. */
  rowProgress(): RowProgress
}

/** Joins the process and the global options. `secrets` are never shown in lines. */
export function createContext(io: CliIo, options: GlobalOptions, secrets: Set<string>): Context {
  const quiet = options.quiet === true
  const terminal = createTerminal(io, secrets, options.color)
  const shown: ProgressOptions = {
    stderr: io.stderr,
    mode: quiet ? 'off' : io.isTTY.stderr ? 'rewrite' : 'lines',
    columns: io.columns,
  }
  return {
    io,
    options,
    print: terminal.out,
    printJson: terminal.json,
    printData: (value) => terminal.data(typeof value === 'string' ? value : `${toJson(value)}\n`),
    note: (line) => {
      if (!quiet) terminal.err(line)
    },
    warn: (line) => terminal.err(line),
    conceal: (secret) => void secrets.add(secret),
    progress: (label, total) => createProgress(label, total, shown),
    rowProgress: () => createRowProgress(shown),
  }
}
