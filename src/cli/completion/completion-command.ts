import { Argument, type Command } from 'commander'
import { exitCodes } from '../cli-io.ts'
import type { RunCommand } from '../context.ts'
import { type CompletedCommand, describeCommands } from './command-line.ts'
import { renderBash } from './render-bash.ts'
import { renderFish } from './render-fish.ts'
import { renderZsh } from './render-zsh.ts'

type Render = (program: string, commands: readonly CompletedCommand[]) => string

const renderers: ReadonlyMap<string, Render> = new Map([
  ['bash', renderBash],
  ['zsh', renderZsh],
  ['fish', renderFish],
])

/** Adds `typehog completion`, which prints a script for a shell. The script completes without starting Node. */
export function addCompletionCommand(program: Command, run: RunCommand): void {
  program
    .command('completion')
    .description('print a script for the shell that completes commands, options and their values')
    .addArgument(new Argument('<shell>', 'shell of the script').choices([...renderers.keys()]))
    .action((shell: string, _: object, command: Command) =>
      run(command, async (context) => {
        // commander has checked the name.
        const render = renderers.get(shell) ?? renderBash
        await context.printData(render(program.name(), describeCommands(program)))
        return exitCodes.ok
      }),
    )
}
