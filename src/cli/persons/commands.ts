import type { Command } from 'commander'
import type { RunCommand } from '../context.ts'
import { type EraseCommandOptions, erasePersons } from './erase-command.ts'
import { getPerson } from './get-command.ts'

/** Adds `typehog persons …`. */
export function addPersonCommands(program: Command, run: RunCommand): void {
  const persons = program.command('persons').description('print and erase persons')

  persons
    .command('get')
    .description('print a person; the key needs person:read')
    .argument('<id>', 'distinct id, email address or UUID of the person')
    .action((id: string, _: object, command: Command) => run(command, (context) => getPerson(context, id)))

  persons
    .command('erase')
    .description('delete persons with their events and recordings; the key needs person:write')
    .argument('<distinct-ids...>', 'any distinct id of each person')
    .option('--yes', 'erase without confirmation')
    .option('--dry-run', 'list the persons and erase nothing')
    .option('--keep-events', 'keep the events of the persons')
    .option('--keep-recordings', 'keep the recordings of the persons')
    .action((distinctIds: string[], options: EraseCommandOptions, command: Command) =>
      run(command, (context) => erasePersons(context, distinctIds, options)),
    )
}
