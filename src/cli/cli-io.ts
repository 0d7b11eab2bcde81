/** Where text goes. */
export interface Output {
  /** Gives `false` when its reader is behind, and tells with `drain` when it is not any more. */
  write(text: string): unknown
  once?(event: 'drain', told: () => void): unknown
}

/** What a run of the command line takes from the process around it. */
export interface CliIo {
  /** Arguments after the name of the program. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder that relative paths start from. */
  readonly cwd: string
  readonly stdout: Output
  readonly stderr: Output
  /** All that comes in, as text; undefined where nothing can. */
  readonly stdin?: () => Promise<string>
  /** Whether a person is at each of them; pipes and files get neither colours nor a rewritten line. */
  readonly isTTY: { readonly stdout: boolean; readonly stderr: boolean; readonly stdin?: boolean }
  /** Width of the terminal; undefined when there is none. */
  readonly columns: number | undefined
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal
}

/** What a command takes from the process; it writes through its context. */
export type CliInput = Omit<CliIo, 'stdout' | 'stderr'>
