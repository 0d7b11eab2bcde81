import type { Command } from 'commander'
import type { RunCommand } from '../context.ts'
import { collect } from '../options.ts'
import { type CaptureCommandOptions, captureCommand } from './capture-command.ts'

/** Adds `typehog capture`. */
export function addCaptureCommand(program: Command, run: RunCommand): void {
  program
    .command('capture')
    .description('capture an event; the key needs project:read, or pass --token')
    .argument('<event>', 'name of the event, such as "signed up"')
    .requiredOption('--distinct-id <id>', 'distinct id of the person')
    .option('--property <name=value>', 'property of the event: JSON, or else text; repeatable', collect)
    .option(
      '--properties <json>',
      'properties as a JSON object; @file reads a file, - reads stdin; --property takes precedence',
    )
    .option('--set <name=value>', 'property of the person to set; repeatable', collect)
    .option('--set-once <name=value>', 'property of the person to set unless it exists; repeatable', collect)
    .option(
      '--timestamp <time>',
      'time of the event with a time zone, such as 2026-01-31T12:00:00Z (default: now)',
    )
    .option(
      '--uuid <uuid>',
      'UUID of the event: PostHog counts the same UUID, name and time once (default: random)',
    )
    .option('--token <phc_…>', 'public token of the project (default: read from PostHog)')
    .option('--dry-run', 'print the event and send nothing')
    .action((event: string, options: CaptureCommandOptions, command: Command) =>
      run(command, (context) => captureCommand(context, event, options)),
    )
}
