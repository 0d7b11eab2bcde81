import { type Command, Option } from 'commander'
import { projectAreas } from '../../codegen/project/project-description.ts'
import { printReport } from '../area-report.ts'
import type { RunCommand } from '../context.ts'
import { integerInRange, splitNames } from '../options.ts'
import { checkProject, type ProjectCheckOptions } from './check-command.ts'
import { defaultMaxEvents, type ProjectPullOptions, pullProject } from './pull-command.ts'

/** Default of `--out`. */
export const defaultProjectModule = 'posthog.project.ts'

/** Adds `typehog project …`. */
export function addProjectCommands(program: Command, run: RunCommand): void {
  const project = program
    .command('project')
    .description('generate types and constants of events, feature flags, cohorts, groups and variables')
  const addOptions = (command: Command): Command =>
    command
      .option('--out <file>', 'generated module', defaultProjectModule)
      .option('--lock <file>', 'lock file (default: --out with the extension .lock.json)')
      .addOption(
        new Option('--concurrency <number>', 'number of events to read concurrently')
          .argParser(integerInRange(1, 20))
          .default(4),
      )

  addOptions(project.command('pull'))
    .description('generate the module and its lock file')
    .option(
      '--include <areas>',
      `areas to read, such as events,groups (default: ${projectAreas.join(',')})`,
      splitNames,
    )
    .addOption(
      new Option(
        '--max-events <number>',
        `number of events whose properties are read, one request each (default: ${defaultMaxEvents})`,
      ).argParser(integerInRange(0)),
    )
    .option('--strict-names', 'make unknown names compiler errors')
    .option('--no-strict-names', 'complete known names and accept others (the default)')
    .option('--force', 'overwrite files that this command did not generate')
    .addHelpText(
      'after',
      '\n--include, --max-events and --strict-names of the last pull stay in the lock file.',
    )
    .action((options: ProjectPullOptions, command: Command) =>
      run(command, async (context) => printReport(context, await pullProject(context, options))),
    )

  addOptions(project.command('check'))
    .description('compare the lock file with the project; exits with 1 on breaking changes')
    .option('--strict', 'also exit with 1 on risky changes')
    .action((options: ProjectCheckOptions, command: Command) =>
      run(command, async (context) => printReport(context, await checkProject(context, options))),
    )
}
