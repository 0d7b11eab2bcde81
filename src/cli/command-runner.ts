import type { Command } from 'commander'
import type { Context } from './context.ts'
import type { ExitCode } from './exit-codes.ts'

/** Runs a command with the context of its global options, and keeps what the process should end with. */
export type RunCommand = (command: Command, work: (context: Context) => Promise<ExitCode>) => Promise<void>
