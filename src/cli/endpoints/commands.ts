import { type Command, Option } from 'commander'
import { type AreaReport, printReport } from '../area-report.ts'
import { assertOnlyChart, chartOption } from '../chart/chart.ts'
import { readConfig } from '../config/read-config.ts'
import type { Context, RunCommand } from '../context.ts'
import { UsageError } from '../errors.ts'
import { collect, integerInRange } from '../options.ts'
import { rawCsvHelp, rowFormats } from '../output/result.ts'
import { type CheckOptions, checkEndpoints } from './check-command.ts'
import { addEndpointFileCommands } from './files/commands.ts'
import { pullEndpointFiles } from './files/pull-command.ts'
import { defaultFolder } from './files/read-files.ts'
import { runEndpointFile } from './files/run-file-command.ts'
import { listEndpoints } from './ls-command.ts'
import { checkSettings, defaultConcurrency, pullSettings } from './options.ts'
import { type PullOptions, pullEndpoints } from './pull-command.ts'
import { type RunCommandOptions, runEndpointCommand } from './run-command.ts'

/** Adds `typehog endpoints …`. */
export function addEndpointCommands(program: Command, run: RunCommand): void {
  const endpoints = program
    .command('endpoints')
    .description('generate typed functions for endpoints; check, list and run endpoints')
  const concurrency = (): Option =>
    new Option(
      '--concurrency <number>',
      `number of endpoints to read concurrently (default: ${defaultConcurrency})`,
    ).argParser(integerInRange(1, 20))
  const addFileOptions = (command: Command): Command =>
    command
      .option(
        '--out <file>',
        'generated module (default: of the configuration file, or posthog.endpoints.ts)',
      )
      .option('--lock <file>', 'lock file (default: --out with the extension .lock.json)')

  addFileOptions(endpoints.command('pull'))
    .description('generate a typed module and its lock file')
    .argument(
      '[names...]',
      'endpoints of the module (default: of the configuration file, or all active ones)',
    )
    .addOption(concurrency())
    .option('--include-inactive', 'include inactive endpoints')
    .option('--skip-invalid', 'skip endpoints with an invalid definition instead of failing')
    .option('--no-registry', 'do not type runs by name, for a second project in one program')
    .option('--force', 'overwrite files that this command did not generate')
    .option(
      '--yaml [folder]',
      `write YAML files for \`push\` instead of a module (default folder: ${defaultFolder})`,
    )
    .action((names: string[], flags: PullFlags, command: Command) =>
      run(command, async (context) => printReport(context, await pull(context, names, flags))),
    )

  addFileOptions(endpoints.command('check'))
    .description('compare the lock file with the server; exits with 1 on breaking changes')
    .addOption(concurrency())
    .option('--strict', 'also exit with 1 on risky changes')
    .action((flags: Partial<CheckOptions>, command: Command) =>
      run(command, async (context) => {
        const section = (await readConfig(context))?.config.endpoints
        return printReport(context, await checkEndpoints(context, checkSettings(section, flags)))
      }),
    )

  endpoints
    .command('ls')
    .description('list the endpoints of the project')
    .action((_: object, command: Command) => run(command, listEndpoints))

  addRunCommand(endpoints, run)
  addEndpointFileCommands(endpoints, run)
}

/** Flags of `endpoints pull`. `yaml` is true for the default folder. */
type PullFlags = Partial<PullOptions> & { readonly yaml?: string | true }

async function pull(
  context: Context,
  given: readonly string[],
  { yaml, ...flags }: PullFlags,
): Promise<AreaReport> {
  const section = (await readConfig(context))?.config.endpoints
  const { names, options } = pullSettings(section, flags, given)
  if (yaml === undefined) return pullEndpoints(context, names, options)
  // The first of the configured files that is a folder.
  const folder = section?.files?.find((path) => !/[*?{]|\.\w+$/.test(path)) ?? defaultFolder
  return pullEndpointFiles(context, names, { ...options, yaml: yaml === true ? folder : yaml })
}

function addRunCommand(endpoints: Command, run: RunCommand): void {
  endpoints
    .command('run')
    .description('run an endpoint and print its rows')
    .argument('[name]', 'name of the endpoint')
    .option('--file <path>', 'run the query of a YAML, .sql or module file instead; creates nothing')
    .option('--var <name=value>', 'variable, converted to its declared type; repeatable', collect)
    .option('--var-json <name=json>', "variable as JSON, such as ids='[1,2]'; repeatable", collect)
    .addOption(
      new Option('--ver <number>', 'version of the endpoint (default: latest)').argParser(integerInRange(1)),
    )
    .addOption(new Option('--limit <number>', 'maximum number of rows').argParser(integerInRange(1)))
    .addOption(
      new Option('--offset <number>', 'number of rows to skip; requires --limit').argParser(
        integerInRange(0),
      ),
    )
    .addOption(
      new Option(
        '--refresh <mode>',
        'cache: allow cached results; force: skip the cache; direct: also skip the materialized table',
      ).choices(['cache', 'force', 'direct']),
    )
    .addOption(new Option('--format <format>', 'output format (default: table)').choices([...rowFormats]))
    .option('--raw-csv', rawCsvHelp)
    .addOption(chartOption())
    .addHelpText(
      'after',
      '\n--json prints the full result, including rows, columns, types, version and completeness.',
    )
    .action(
      (
        name: string | undefined,
        { file, ...options }: RunCommandOptions & { file?: string },
        command: Command,
      ) =>
        run(command, (context) => {
          const { chart, format, rawCsv = false } = options
          assertOnlyChart(chart, {
            '--json': context.options.json === true,
            '--format': format !== undefined,
            '--raw-csv': rawCsv,
          })
          if (file !== undefined) return runEndpointFile(context, name, file, options)
          if (name !== undefined) return runEndpointCommand(context, name, options)
          throw new UsageError('Expected the name of an endpoint, got none.', 'Pass a name, or --file.')
        }),
    )
}
