import { type Command, Option } from 'commander'
import { projectAreas } from '../../codegen/project/project-description.ts'
import { printReport } from '../area-report.ts'
import { configDefaults } from '../config/defaults.ts'
import { readConfig } from '../config/read-config.ts'
import type { RunCommand } from '../context.ts'
import { integerInRange, splitNames } from '../options.ts'
import { checkProject, type ProjectCheckOptions } from './check-command.ts'
import { defaultConcurrency, projectSettings } from './options.ts'
import { type ProjectPullOptions, pullProject } from './pull-command.ts'

/** Adds `typehog project …`. */
export function addProjectCommands(program: Command, run: RunCommand): void {
  const project = program
    .command('project')
    .description('generate types and constants of events, feature flags, cohorts, groups and variables')
  const addOptions = (command: Command): Command =>
    command
      .option('--out <file>', 'generated module (default: of the configuration file, or posthog.project.ts)')
      .option('--lock <file>', 'lock file (default: --out with the extension .lock.json)')
      .addOption(
        new Option(
          '--concurrency <number>',
          `number of events to read concurrently (default: ${defaultConcurrency})`,
        ).argParser(integerInRange(1, 20)),
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
        `number of events whose properties are read, one request each (default: ${configDefaults.project.maxEvents})`,
      ).argParser(integerInRange(0)),
    )
    .option('--strict-names', 'make unknown names compiler errors')
    .option('--no-strict-names', 'complete known names and accept others (the default)')
    .option('--force', 'overwrite files that this command did not generate')
    .addHelpText(
      'after',
      '\n--include, --max-events and --strict-names of the last pull stay in the lock file.',
    )
    .action((flags: Partial<ProjectPullOptions>, command: Command) =>
      run(command, async (context) => {
        const section = (await readConfig(context))?.config.project
        return printReport(context, await pullProject(context, projectSettings(section, flags)))
      }),
    )

  addOptions(project.command('check'))
    .description('compare the lock file with the project; exits with 1 on breaking changes')
    .option('--strict', 'also exit with 1 on risky changes')
    .action((flags: Partial<ProjectCheckOptions>, command: Command) =>
      run(command, async (context) => {
        const section = (await readConfig(context))?.config.project
        return printReport(context, await checkProject(context, projectSettings(section, flags)))
      }),
    )
}
