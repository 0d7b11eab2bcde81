import { toJson } from '../runtime/rows/to-json.ts'
import type { CliIo } from './cli-io.ts'
import { createProgress, type Progress, type ProgressOptions } from './output/progress.ts'
import { createRowProgress, type RowProgress } from './output/row-progress.ts'
import { createStyle, type Style, wantsColor } from './output/style.ts'

/** Options that every command takes. */
export interface GlobalOptions {
  readonly host?: string
  readonly project?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
  readonly debug?: boolean
}

/** What a command works with. */
export interface Context {
  readonly io: CliIo
  readonly options: GlobalOptions
  /** For text on stdout. */
  readonly style: Style
  /** Writes a line to stdout. */
  print(line: string): void
  /** Writes a value to stdout as JSON. */
  printJson(value: unknown): void
  /** Writes a line to stderr, unless `--quiet`. */
  note(line: string): void
  /** Writes a line to stderr whatever the options. */
  warn(line: string): void
  progress(label: string, total: number): Progress
  /** Progress of rows whose number nobody knows. */
  rowProgress(): RowProgress
}

/** Joins the process and the global options. */
export function createContext(io: CliIo, options: GlobalOptions): Context {
  const quiet = options.quiet === true
  const warn = (line: string): void => void io.stderr.write(`${line}\n`)
  const shown: ProgressOptions = {
    stderr: io.stderr,
    mode: quiet ? 'off' : io.isTTY.stderr ? 'rewrite' : 'lines',
    columns: io.columns,
  }
  return {
    io,
    options,
    style: createStyle(wantsColor(io.env, io.isTTY.stdout, options.color)),
    print: (line) => void io.stdout.write(`${line}\n`),
    printJson: (value) => void io.stdout.write(`${toJson(value)}\n`),
    note: (line) => {
      if (!quiet) warn(line)
    },
    warn,
    progress: (label, total) => createProgress(label, total, shown),
    rowProgress: () => createRowProgress(shown),
  }
}
