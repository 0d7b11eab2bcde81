import { type Command, InvalidArgumentError, Option } from 'commander'
import type { RunCommand } from '../context.ts'
import { integerInRange } from '../options.ts'
import type { ChangeOptions } from './apply-change.ts'
import { getFlag } from './get-command.ts'
import { type ListFlagsOptions, listFlags } from './ls-command.ts'
import { type RolloutCommandOptions, setFlagRollout } from './rollout-command.ts'
import { switchFlag } from './switch-command.ts'

/** Adds `typehog flags …`. */
export function addFlagCommands(program: Command, run: RunCommand): void {
  const flags = program
    .command('flags')
    .description('list and change feature flags; needs feature_flag:read, and feature_flag:write for changes')

  flags
    .command('ls')
    .description('list the feature flags of the project, without archived ones')
    .option('--active', 'only enabled flags')
    .addOption(new Option('--stale', 'only flags that PostHog considers stale').conflicts('active'))
    .option('--search <text>', 'only flags whose key or name contains a text')
    .action((options: ListFlagsOptions, command: Command) =>
      run(command, (context) => listFlags(context, options)),
    )

  flags
    .command('get')
    .description('print a feature flag and its release conditions')
    .argument('<key>', 'key of the flag')
    .action((key: string, _: object, command: Command) => run(command, (context) => getFlag(context, key)))

  const addChange = (command: Command): Command =>
    command
      .option('--yes', 'apply without confirmation')
      .option('--dry-run', 'print the change and send nothing')

  for (const [name, active] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    addChange(flags.command(name))
      .description(active ? 'enable a feature flag' : 'disable a feature flag for everyone')
      .argument('<key>', 'key of the flag')
      .action((key: string, options: ChangeOptions, command: Command) =>
        run(command, (context) => switchFlag(context, key, active, options)),
      )
  }

  addChange(flags.command('rollout'))
    .description('set the rollout percentage of a release condition')
    .argument('<key>', 'key of the flag')
    .argument('<percentage>', 'number from 0 to 100', percentage)
    .addOption(
      new Option(
        '--condition <number>',
        'number of the condition, from 1, as `flags get` lists them; required if there are several',
      ).argParser(integerInRange(1)),
    )
    .action((key: string, to: number, options: RolloutCommandOptions, command: Command) =>
      run(command, (context) => setFlagRollout(context, key, to, options)),
    )
}

/** Commander parser for a percentage, with or without the sign. */
function percentage(text: string): number {
  const value = /^\d+(?:\.\d+)?%?$/.test(text) ? Number(text.replace('%', '')) : Number.NaN
  if (value >= 0 && value <= 100) return value
  throw new InvalidArgumentError('Expected a number from 0 to 100.')
}
