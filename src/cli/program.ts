import { Command, CommanderError, Option } from 'commander'
import { version } from '../client/version.ts'
import type { CliIo } from './cli-io.ts'
import type { RunCommand } from './command-runner.ts'
import { createContext, type GlobalOptions } from './context.ts'
import { type DevOptions, dev } from './dev/dev-command.ts'
import { type DoctorOptions, doctor } from './doctor/doctor-command.ts'
import { addEndpointCommands } from './endpoints/commands.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { helpText } from './help.ts'
import { collect, names, wholeNumber } from './options.ts'
import { rawCsvHelp, rowFormats } from './output/render-rows.ts'
import { describeError, renderError } from './output/report-error.ts'
import { createTerminal, secretsIn, type Terminal } from './output/terminal.ts'
import { type QueryCommandOptions, queryCommand } from './query/query-command.ts'
import { addSchemaCommands } from './schema/commands.ts'

/**
 * Runs the command line and says what the process should end with. It never throws and never ends the process.
 *
 * @example
 * process.exitCode = await runCli({ argv: process.argv.slice(2), … })
 */
export async function runCli(io: CliIo): Promise<number> {
  let exitCode: ExitCode = exitCodes.ok
  let options: GlobalOptions = {}
  const secrets = new Set(secretsIn(io.env))
  const program = createProgram(io, createTerminal(io, secrets), async (command, work) => {
    options = command.optsWithGlobals<GlobalOptions>()
    io.signal.throwIfAborted()
    exitCode = await work(createContext(io, options, secrets))
  })
  try {
    await program.parseAsync(io.argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return asked.has(error.code) ? exitCodes.ok : exitCodes.usage
    const terminal = createTerminal(io, secrets, options.color)
    if (io.signal.aborted) {
      terminal.err('Interrupted.')
      return exitCodes.interrupted
    }
    terminal.err(...renderError(error, options.debug === true))
    return describeError(error).exitCode
  }
}

/** What commander throws after it has printed what was asked for. */
const asked: ReadonlySet<string> = new Set(['commander.helpDisplayed', 'commander.version'])

function createProgram(io: CliIo, terminal: Terminal, run: RunCommand): Command {
  const program = new Command('typehog')
    .description("Types for your PostHog endpoints, and the tools around PostHog's private API.")
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
    .showHelpAfterError('(typehog --help tells more)')
    .option('--host <address>', 'address of PostHog; goes before POSTHOG_HOST')
    .option('--project <id>', 'number of the project; goes before POSTHOG_PROJECT_ID')
    .option('--json', 'results as one JSON document on stdout')
    .option('--quiet', 'only results and errors')
    .option('--no-color', 'no colours')
    .option('--debug', 'log requests, and show where an error came from')
    .addHelpText('after', helpText)
  addEndpointCommands(program, run)
  addSchemaCommands(program, run)
  program
    .command('query')
    .description('run HogQL and print its rows; without an argument it is read from stdin')
    .argument('[query]', 'the query, with {names} for parameters; - for stdin')
    .option('--file <path>', 'a file with the query; - for stdin')
    .option('--param <name=value>', 'value of a {name}: JSON, else text. Repeat for more', collect)
    .option('--name <label>', "name in PostHog's query log")
    .option('--variable <name=value>', 'value of an SQL variable of the project. Repeat for more', collect)
    .addOption(
      new Option('--format <format>', 'how rows are written; table, else ndjson or csv').choices([
        ...rowFormats,
      ]),
    )
    .option('--raw-csv', rawCsvHelp)
    .option('--order-by <columns>', 'all rows, page by page, by columns such as timestamp,uuid', names)
    .option('--output <file>', 'writes rows to a file; goes on where it was when it was interrupted')
    .option('--overwrite', 'replaces a file that is there already')
    .option('--verify-count', 'counts the rows before and after; shows how far it is')
    .action((text: string | undefined, options: QueryCommandOptions, command: Command) =>
      run(command, (context) => queryCommand(context, text, options)),
    )
  program
    .command('doctor')
    .description('look at host, key, scopes, project, limits and clock: what is wrong, and the fix')
    .option('--operation <method path>', 'one that is to be called, for its scopes. Repeat for more', collect)
    .action((options: DoctorOptions, command: Command) => run(command, (context) => doctor(context, options)))
  program
    .command('dev')
    .description('a local PostHog on 127.0.0.1 with sample data, until Ctrl-C (needs the package chdb)')
    .addOption(
      new Option('--port <number>', 'port; 0 takes any that is free')
        .argParser(wholeNumber(0, 65_535))
        .default(8010),
    )
    .addOption(
      new Option('--events <number>', 'sample events').argParser(wholeNumber(1, 1_000_000)).default(5_000),
    )
    .addOption(
      new Option('--seed <number>', 'the same seed gives the same sample')
        .argParser(wholeNumber(0))
        .default(1),
    )
    .option('--key <phx_…>', 'the personal API key (default: a random one for each start)')
    .action((options: DevOptions, command: Command) => run(command, (context) => dev(context, options)))
  return program
}
