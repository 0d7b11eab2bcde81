import { type Command, Option } from 'commander'
import type { RunCommand } from '../command-runner.ts'
import { defaultModule } from '../files.ts'
import { collect, wholeNumber } from '../options.ts'
import { rawCsvHelp, rowFormats } from '../output/render-rows.ts'
import { type CheckOptions, checkEndpoints } from './check-command.ts'
import { listEndpoints } from './ls-command.ts'
import { type PullOptions, pullEndpoints } from './pull-command.ts'
import { type RunCommandOptions, runEndpointCommand } from './run-command.ts'

/** Adds `typehog endpoints …`. */
export function addEndpointCommands(program: Command, run: RunCommand): void {
  const endpoints = program.command('endpoints').description("your team's endpoints as typed functions")
  const concurrency = (): Option =>
    new Option('--concurrency <number>', 'endpoints read at once').argParser(wholeNumber(1, 20)).default(4)
  const files = (command: Command): Command =>
    command
      .option('--out <file>', 'the generated module', defaultModule)
      .option('--lock <file>', 'its lock file (default: the module, with .lock.json for .ts)')

  files(endpoints.command('pull'))
    .description('write a typed module and its lock file; names restrict both to these endpoints')
    .argument('[names...]', 'endpoints to pull (default: all active ones)')
    .addOption(concurrency())
    .option('--include-inactive', 'take endpoints that are switched off as well')
    .option('--skip-invalid', 'leave out endpoints that cannot be described, in place of failing')
    .option('--force', 'replace files that this command did not write')
    .action((names: string[], options: PullOptions, command: Command) =>
      run(command, (context) => pullEndpoints(context, names, options)),
    )

  files(endpoints.command('check'))
    .description('compare the lock file with the server; exit code 1 when something breaks')
    .addOption(concurrency())
    .option('--strict', 'exit code 1 for risky changes as well')
    .action((options: CheckOptions, command: Command) =>
      run(command, (context) => checkEndpoints(context, options)),
    )

  endpoints
    .command('ls')
    .description('list the endpoints of the project')
    .action((_: object, command: Command) => run(command, listEndpoints))

  endpoints
    .command('run')
    .description('run an endpoint and print its rows')
    .argument('<name>', 'name of the endpoint')
    .option('--var <name=value>', 'a variable; its type comes from the endpoint. Repeat for more', collect)
    .option('--var-json <name=json>', "a variable as JSON, such as ids='[1,2]'. Repeat for more", collect)
    .addOption(new Option('--ver <number>', 'version (default: the newest)').argParser(wholeNumber(1)))
    .addOption(new Option('--limit <number>', 'rows at most').argParser(wholeNumber(1)))
    .addOption(new Option('--offset <number>', 'rows to skip; needs --limit').argParser(wholeNumber(0)))
    .addOption(
      new Option('--refresh <mode>', 'use of stored answers; direct is for materialised endpoints').choices([
        'cache',
        'force',
        'direct',
      ]),
    )
    .addOption(
      new Option('--format <format>', 'how rows are written').choices([...rowFormats]).default('table'),
    )
    .option('--raw-csv', rawCsvHelp)
    .addHelpText(
      'after',
      '\n--json prints the whole result: rows, columns, types, version, complete and more.',
    )
    .action((name: string, options: RunCommandOptions, command: Command) =>
      run(command, (context) => runEndpointCommand(context, name, options)),
    )
}
