import type { Platform } from '../runtime/platform.ts'

/** A writable stream of the process. */
export interface Output {
  /** Returns `false` when the buffer is full; `drain` follows once it is empty. */
  write(text: string): unknown
  once?(event: 'drain', listener: () => void): unknown
}

/** The parts of the process that a CLI run uses. */
export interface CliIo {
  /** Arguments after the program name. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Working directory, the base of relative paths. */
  readonly cwd: string
  readonly stdout: Output
  readonly stderr: Output
  /** Reads all of stdin as text; undefined when there is no stdin. */
  readonly stdin?: () => Promise<string>
  /** Asks a question on the terminal; undefined at the end of the input. Absent without a terminal. */
  readonly prompt?: (question: string, options?: PromptOptions) => Promise<string | undefined>
  /** Whether each stream is a terminal. Pipes and files get no colors and no rewritten lines. */
  readonly isTTY: { readonly stdout: boolean; readonly stderr: boolean; readonly stdin?: boolean }
  /** Width of the terminal in cells; undefined without a terminal. */
  readonly columns: number | undefined
  /** Opens a URL in a browser, and resolves to whether that worked. Default: the program of the platform. */
  readonly openUrl?: (url: string) => Promise<boolean>
  /** Calls `expire` after `ms`, unless the returned function runs first. Default: a timer of the process. */
  readonly startTimer?: (ms: number, expire: () => void) => () => void
  /** Aborts when the user presses Ctrl-C. */
  readonly signal: AbortSignal
  /** Operating system. Default: that of the process. */
  readonly os?: NodeJS.Platform
  /** `fetch`, clocks and timers of logins and token refreshes. Default: those of the process. */
  readonly platform?: Platform
}

/** Options of a question on the terminal. */
export interface PromptOptions {
  /** Whether the terminal hides the answer. Default: false. */
  readonly hidden?: boolean
  /** Ends the question; its reason is thrown. */
  readonly signal?: AbortSignal
}

/** `CliIo` without the output streams: commands write through their `Context`. */
export type CliInput = Omit<CliIo, 'stdout' | 'stderr'>

/** Exit codes, as documented by `typehog --help`. */
export const exitCodes: {
  readonly ok: 0
  readonly drift: 1
  readonly usage: 2
  readonly failure: 3
  readonly interrupted: 130
} = { ok: 0, drift: 1, usage: 2, failure: 3, interrupted: 130 }

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
