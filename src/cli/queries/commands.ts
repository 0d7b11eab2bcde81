import type { Command } from 'commander'
import type { QueriesConfig } from '../../shared/typehog-config.ts'
import { printReport } from '../area-report.ts'
import { configDefaults } from '../config/defaults.ts'
import { readConfig } from '../config/read-config.ts'
import type { Context, RunCommand } from '../context.ts'
import { collect } from '../options.ts'
import { checkQueries } from './check-command.ts'
import type { CheckQueriesOptions } from './check-report.ts'
import { type PullQueriesOptions, pullQueries } from './pull-command.ts'

/** Flags of both commands. `--out` is `module` in the configuration file. */
interface Flags {
  readonly out?: string
}

/** Adds `typehog queries …`. */
export function addQueryFileCommands(program: Command, run: RunCommand): void {
  const queries = program
    .command('queries')
    .description('generate typed functions for .sql files; check them and the hogql literals of the source')
  const addFileOptions = (command: Command): Command =>
    command
      .option(
        '--files <pattern>',
        `.sql files (default: ${configDefaults.queries.files.join(', ')}); repeatable`,
        collect,
      )
      .option('--out <file>', `generated module (default: ${configDefaults.queries.module})`)
      .option('--lock <file>', 'lock file (default: --out with the extension .lock.json)')

  addFileOptions(queries.command('pull'))
    .description('generate a typed module and its lock file; asks PostHog for columns, not for rows')
    .option(
      '--source <pattern>',
      'also lock the columns of hogql literals in TypeScript files; repeatable',
      collect,
    )
    .option('--force', 'ask about unchanged queries too; overwrite files that this command did not generate')
    .action((flags: PullQueriesOptions & Flags, command: Command) =>
      run(command, async (context) =>
        printReport(context, await pullQueries(context, await withSection(context, flags))),
      ),
    )

  addFileOptions(queries.command('check'))
    .description('compare .sql files, module and server; exits with 1 on breaking changes')
    .option('--source <pattern>', 'also check the hogql literals in TypeScript files; repeatable', collect)
    .option('--offline', 'send no request: compare with the lock file only')
    .option('--force', 'ask about literals in the lock file too')
    .option('--strict', 'also exit with 1 on risky changes')
    .action((flags: CheckQueriesOptions & Flags, command: Command) =>
      run(command, async (context) =>
        printReport(context, await checkQueries(context, await withSection(context, flags))),
      ),
    )
}

/** The section of the configuration file, with the flags over it. */
async function withSection<Options extends object>(
  context: Context,
  { out, ...flags }: Options & Flags,
): Promise<QueriesConfig & Omit<Options & Flags, 'out'>> {
  const section = (await readConfig(context))?.config.queries
  return { ...section, ...(out === undefined ? {} : { module: out }), ...flags }
}
