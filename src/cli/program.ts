import { Command, CommanderError, Option } from 'commander'
import { version } from '../client/version.ts'
import { addAreaCommands } from './area-commands.ts'
import { addCaptureCommand } from './capture/commands.ts'
import { chartOption, withChartKind } from './chart/chart.ts'
import { type CliIo, type ExitCode, exitCodes } from './cli-io.ts'
import { addCompletionCommand } from './completion/completion-command.ts'
import { readEnvironment } from './config/env-files.ts'
import { createContext, type GlobalOptions, type RunCommand } from './context.ts'
import { type DevOptions, dev } from './dev/dev-command.ts'
import { type DoctorOptions, doctor } from './doctor/doctor-command.ts'
import { addEndpointCommands } from './endpoints/commands.ts'
import { requestsJson, toErrorJson } from './error-json.ts'
import { describeError, InterruptedError, renderError, stackLines } from './errors.ts'
import { addFlagCommands } from './flags/commands.ts'
import { addInitCommand } from './init/init-command.ts'
import type { Flags } from './library-fixes.ts'
import { addLoginCommand } from './login/login-command.ts'
import { addLogsCommand } from './logs/commands.ts'
import { collect, flagsOf, integerInRange, splitIds, splitNames } from './options.ts'
import { fileOnlyFormats, rawCsvHelp, rowFormats } from './output/result.ts'
import { createTerminal, secretsFromEnv, type Terminal } from './output/terminal.ts'
import { addPersonCommands } from './persons/commands.ts'
import { addProfileCommands } from './profiles/commands.ts'
import { addProjectCommands } from './project/commands.ts'
import { addQueryFileCommands } from './queries/commands.ts'
import { type QueryCommandOptions, queryCommand } from './query/query-command.ts'
import { addSchemaCommands } from './schema/commands.ts'
import { addWhoamiCommand } from './whoami/commands.ts'

/**
 * Runs the command line and returns the exit code. Never throws and never ends the process.
 *
 * @example
 * process.exitCode = await runCli({ argv: process.argv.slice(2), … })
 */
export async function runCli(io: CliIo): Promise<number> {
  let exitCode: ExitCode = exitCodes.ok
  /** The command that runs; without options until the command line is parsed. */
  const chosen: { options?: GlobalOptions; flags: Flags } = { flags: new Set() }
  const secrets = new Set(secretsFromEnv(io.env))
  const isJson = (): boolean =>
    chosen.options === undefined ? requestsJson(io.argv) : chosen.options.json === true
  const plain = createTerminal(io, secrets)
  // With --json, the error itself is printed below, without the usage.
  const text: Terminal['text'] = (target, lines) => {
    if (target === 'stdout' || !isJson()) plain.text(target, lines)
  }
  const program = createProgram(io, { ...plain, text }, async (command, action) => {
    const options = command.optsWithGlobals<GlobalOptions>()
    const flags = flagsOf(command)
    Object.assign(chosen, { options, flags })
    io.signal.throwIfAborted()
    const { env, files } = await readEnvironment(io, options)
    for (const secret of secretsFromEnv(env)) secrets.add(secret)
    exitCode = await action(createContext({ ...io, env }, options, flags, secrets, files))
  })
  try {
    await program.parseAsync(withChartKind(io.argv), { from: 'user' })
    return exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError && informational.has(thrown.code)) return exitCodes.ok
    const error = io.signal.aborted ? new InterruptedError() : thrown
    const { options = {}, flags } = chosen
    const debug = options.debug === true
    const report = describeError(error, flags)
    const terminal = createTerminal(io, secrets, options.color)
    if (isJson())
      terminal.err(...(debug ? stackLines(error) : []), JSON.stringify(toErrorJson(report, error)))
    else if (error instanceof InterruptedError) terminal.err(error.message)
    // Commander has printed it.
    else if (!(error instanceof CommanderError)) terminal.err(...renderError(report, error, debug))
    return report.exitCode
  }
}

/** Codes that commander throws after it printed requested help or the version. */
const informational: ReadonlySet<string> = new Set(['commander.helpDisplayed', 'commander.version'])

/** Text of `typehog --help` below the commands. */
export const environmentHelp: string = `
Keys come from a profile of \`typehog login\` or from the environment. No option takes a key, to keep
keys out of the shell history. Variables of .env and .env.local count too, except in CI:
  POSTHOG_PERSONAL_API_KEY        personal API key (phx_) with the scope endpoint:read;
                                  \`query\` and \`queries\` need query:read
  POSTHOG_PROJECT_SECRET_API_KEY  project secret API key (phs_); sufficient for \`endpoints run\`
  POSTHOG_PROJECT_ID              project ID, unless --project is set
  POSTHOG_HOST                    URL of PostHog, unless --host is set (default: https://us.posthog.com)
  TYPEHOG_PROFILE                 profile, unless --profile is set; .env files cannot set it
Order of precedence: options, the profile of --profile or TYPEHOG_PROFILE, variables,
typehog.config.json, the default profile. The key of a profile goes to the host of the profile only.
The variables of PostHog's own CLI also work: POSTHOG_CLI_API_KEY, POSTHOG_CLI_PROJECT_ID,
POSTHOG_CLI_HOST. NO_COLOR disables colors.

Exit codes:
  0    success; a check found no breaking change
  1    a check found a breaking change, or a diff found a difference
  2    invalid command line, file or configuration
  3    PostHog rejected the request, failed or was unreachable
  130  interrupted

With --json, an error is one line of JSON, the last one of stderr; warnings are earlier lines:
  {"error":{"name":…,"kind":…,"message":…,"fix":…,"exitCode":…}}
A failed request adds "status", "code", "requestId" and "operation".
`

/** Creates the commands. `run` gets the action of the chosen one. */
export function createProgram(io: CliIo, terminal: Terminal, run: RunCommand): Command {
  const program = new Command('typehog')
    .description("Typed functions for your PostHog endpoints, and tools for PostHog's private API.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.text('stdout', text),
      writeErr: (text) => terminal.text('stderr', text),
      getOutHelpWidth: () => io.columns ?? 100,
      getErrHelpWidth: () => io.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(run typehog --help for usage)')
    .option('--host <url>', 'URL of PostHog; overrides POSTHOG_HOST')
    .option('--project <id>', 'project ID; overrides POSTHOG_PROJECT_ID')
    .option('--profile <name>', 'profile of `login` for key, host and project; overrides TYPEHOG_PROFILE')
    .option(
      '--config <file>',
      'configuration file (default: typehog.config.json or .ts, in this folder or above)',
    )
    .option(
      '--env-file <file>',
      'file with variables, in place of .env and .env.local; repeatable',
      collectFiles,
    )
    .option('--no-env-file', 'read no .env files')
    .option('--json', 'print results as one JSON document, and an error as JSON on the last line of stderr')
    .option('--quiet', 'print only results and errors')
    .option('--no-color', 'disable colors')
    .option('--debug', 'log requests and print stack traces')
    .addHelpText('after', environmentHelp)
  addInitCommand(program, run)
  addLoginCommand(program, run)
  addProfileCommands(program, run)
  addAreaCommands(program, run)
  addEndpointCommands(program, run)
  addQueryFileCommands(program, run)
  addProjectCommands(program, run)
  addSchemaCommands(program, run)
  addQueryCommand(program, run)
  addWhoamiCommand(program, run)
  addCaptureCommand(program, run)
  addFlagCommands(program, run)
  addPersonCommands(program, run)
  addLogsCommand(program, run)
  program
    .command('doctor')
    .description('check host, key, scopes, project, queries, clock and limits, and suggest fixes')
    .option(
      '--operation <method path>',
      'also check the scopes of an operation, such as "GET /api/users/"; repeatable',
      collect,
    )
    .option('--conformance', 'test the facts about PostHog that typehog relies on, instead of the setup')
    .option('--only <name>', 'with --conformance: an area or an assertion; repeatable', collect)
    .option(
      '--write <project>',
      'with --conformance: also create and remove objects in this project; repeat the ID of --project',
    )
    .action((options: DoctorOptions, command: Command) => run(command, (context) => doctor(context, options)))
  program
    .command('dev')
    .description('run a local PostHog with sample data on 127.0.0.1 until Ctrl-C (needs the package chdb)')
    .addOption(
      new Option('--port <number>', 'port; 0 picks a free one')
        .argParser(integerInRange(0, 65_535))
        .default(8010),
    )
    .addOption(
      new Option('--events <number>', 'number of sample events')
        .argParser(integerInRange(1, 1_000_000))
        .default(5_000),
    )
    .addOption(
      new Option('--seed <number>', 'seed of the sample data; the same seed creates the same data')
        .argParser(integerInRange(0))
        .default(1),
    )
    .option('--projects <ids>', 'ids of more projects, such as 2,3, each with its own sample data', splitIds)
    .option('--key <phx_…>', 'personal API key (default: a new random key for each start)')
    .action((options: DevOptions, command: Command) => run(command, (context) => dev(context, options)))
  addCompletionCommand(program, run)
  return program
}

/** Collects the files of `--env-file`. They take precedence over an earlier `--no-env-file`. */
function collectFiles(file: string, previous: readonly string[] | false | undefined): string[] {
  return collect(file, previous || [])
}

function addQueryCommand(program: Command, run: RunCommand): void {
  program
    .command('query')
    .description('run a HogQL query and print its rows')
    .argument('[query]', 'the query, with {name} for parameters; - or no argument reads stdin')
    .option('--file <path>', 'read the query from a file; - reads stdin')
    .option('--param <name=value>', 'value of the parameter {name}: JSON, or else text; repeatable', collect)
    .option('--name <label>', "label of the query in PostHog's query log")
    .option('--variable <name=value>', 'value of an SQL variable of the project; repeatable', collect)
    .addOption(
      new Option(
        '--format <format>',
        'output format (default: table; ndjson with --order-by; by file extension with --output)',
      ).choices([...rowFormats, ...fileOnlyFormats]),
    )
    .option('--raw-csv', rawCsvHelp)
    .addOption(chartOption())
    .option(
      '--order-by <columns>',
      'read all rows page by page, sorted by these columns, such as timestamp,uuid',
      splitNames,
    )
    .option(
      '--output <file>',
      'write rows to a .csv, .ndjson or .jsonl file; running the command again resumes an interrupted export',
    )
    .option('--overwrite', 'replace an existing --output file')
    .option(
      '--from <time>',
      'with --order-by: start of a range of the first column, inclusive, read in windows',
    )
    .option('--to <time>', 'end of the range, exclusive')
    .addOption(
      new Option(
        '--concurrency <number>',
        'windows of the range that PostHog reads at once (default: 1)',
      ).argParser(integerInRange(1)),
    )
    .option('--verify-count', 'with --order-by: also count the rows before and after, and fail on a mismatch')
    .action((text: string | undefined, options: QueryCommandOptions, command: Command) =>
      run(command, (context) => queryCommand(context, text, options)),
    )
}
