import { type Command, InvalidArgumentError, Option } from 'commander'
import type { RunCommand } from '../context.ts'
import { integerInRange, splitNames } from '../options.ts'
import { maxLines } from './find-execution.ts'
import { type LogsOptions, logs } from './logs-command.ts'

/** Adds `typehog logs`. */
export function addLogsCommand(program: Command, run: RunCommand): void {
  program
    .command('logs')
    .description(
      'print the log of an endpoint run, or of all runs of an endpoint; the key needs endpoint:read',
    )
    .argument('[execution-id]', '`executionId` in the result of a run, as `endpoints run --json` prints it')
    .option(
      '--endpoint <name>',
      'endpoint that ran (default: search the endpoints, the latest run first, one request each)',
    )
    .option('--level <levels>', 'only these levels, separated by commas: info, error', readLevels)
    .addOption(
      new Option('--limit <number>', 'maximum number of lines; prints the newest ones')
        .argParser(integerInRange(1, maxLines))
        .default(50),
    )
    .action((executionId: string | undefined, options: LogsOptions, command: Command) =>
      run(command, (context) => logs(context, executionId, options)),
    )
}

/** Commander parser for log levels. Endpoints log INFO and ERROR; PostHog may add others. */
function readLevels(text: string): string[] {
  const levels = splitNames(text.toUpperCase())
  if (levels.length > 0 && levels.every((level) => /^[A-Z]+$/.test(level))) return levels
  throw new InvalidArgumentError('Expected levels such as error, or info,error.')
}
