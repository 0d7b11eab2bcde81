import type { Command } from 'commander'
import type { RunCommand } from '../context.ts'
import { whoami } from './whoami-command.ts'

/** Adds `typehog whoami`. */
export function addWhoamiCommand(program: Command, run: RunCommand): void {
  program
    .command('whoami')
    .description('describe the key: its kind, user, scopes, organizations and projects; needs no project')
    .action((_: object, command: Command) => run(command, whoami))
}
