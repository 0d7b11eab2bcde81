import type { Command } from 'commander'
import { toJson } from '../runtime/rows/write-rows.ts'
import type { CliInput, CliIo, ExitCode } from './cli-io.ts'
import type { Flags } from './library-fixes.ts'
import {
  createProgressDisplay,
  createRowProgress,
  type Progress,
  type ProgressOptions,
  type RowProgress,
} from './output/progress.ts'
import type { Line } from './output/style.ts'
import { createTerminal } from './output/terminal.ts'

/** Options of every command. */
export interface GlobalOptions {
  readonly host?: string
  readonly project?: string
  /** Name of a profile. Default: TYPEHOG_PROFILE. */
  readonly profile?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
  readonly debug?: boolean
  /** Configuration file. Default: the nearest one from the working directory upwards. */
  readonly config?: string
  /** Files in place of `.env` and `.env.local`; false for none. */
  readonly envFile?: readonly string[] | false
}

/** The input, options and output of a command. Commands write only through their context; see `Terminal`. */
export interface Context {
  /** Its variables include those of `.env` files. */
  readonly io: CliInput
  /** The `.env` file that a variable comes from, by the name of the variable. */
  readonly envFiles: ReadonlyMap<string, string>
  readonly options: GlobalOptions
  /** The flags that the command accepts. */
  readonly flags: Flags
  /** Writes lines to stdout. */
  print(...lines: readonly Line[]): void
  /** Writes a report to stdout as JSON, with secrets redacted. */
  printJson(value: unknown): void
  /** Writes data to stdout: strings unchanged, other values as JSON. Escapes control characters on a terminal. */
  printData(value: unknown): Promise<void>
  /** Writes a line to stderr, unless `--quiet` is set. */
  note(line: Line): void
  /** Writes a line to stderr, even with `--quiet`. */
  warn(line: Line): void
  /** Redacts a secret from all later lines and reports. */
  redactSecret(secret: string): void
  /** Shows progress of a known number of steps. Several at once share one line. */
  progress(label: string, total: number): Progress
  /** Shows on a terminal what the command waits for, until the returned function runs. */
  wait(label: string): () => void
  /** Shows progress of an unknown number of rows. */
  rowProgress(): RowProgress
}

/** Runs a command with the context of its global options, and records its exit code. */
export type RunCommand = (command: Command, action: (context: Context) => Promise<ExitCode>) => Promise<void>

/** Creates the context of a command. Lines never show `secrets`. */
export function createContext(
  io: CliIo,
  options: GlobalOptions,
  flags: Flags,
  secrets: Set<string>,
  envFiles: ReadonlyMap<string, string>,
): Context {
  const quiet = options.quiet === true
  const terminal = createTerminal(io, secrets, options.color)
  const progressOptions: ProgressOptions = {
    stderr: io.stderr,
    mode: quiet ? 'off' : io.isTTY.stderr ? 'rewrite' : 'lines',
    columns: io.columns,
  }
  const display = createProgressDisplay(progressOptions)
  const warn = (line: Line): void => display.above(() => terminal.err(line))
  return {
    io,
    options,
    flags,
    envFiles,
    print: (...lines) => display.above(() => terminal.out(...lines)),
    printJson: terminal.json,
    printData: (value) => terminal.data(typeof value === 'string' ? value : `${toJson(value)}\n`),
    note: (line) => {
      if (!quiet) warn(line)
    },
    warn,
    redactSecret: (secret) => void secrets.add(secret),
    progress: display.start,
    // Log lines of --debug say it already.
    wait: options.debug === true ? () => () => {} : display.wait,
    rowProgress: () => createRowProgress(progressOptions),
  }
}
