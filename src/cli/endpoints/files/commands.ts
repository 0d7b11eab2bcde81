import type { Command } from 'commander'
import { printReport } from '../../area-report.ts'
import { readConfig } from '../../config/read-config.ts'
import type { Context, RunCommand } from '../../context.ts'
import { integerInRange } from '../../options.ts'
import { checkSettings } from '../options.ts'
import { type DiffOptions, diffEndpoints } from './diff-command.ts'
import { type GetOptions, getEndpoint } from './get-command.ts'
import { type OpenOptions, openEndpoint } from './open-command.ts'
import { assertPrunable, type PushOptions, pushEndpoints } from './push-command.ts'
import { defaultFolder } from './read-files.ts'

const pathsHelp = `files, folders or globs with YAML files, or modules with \`defineEndpoint\` (default: those of the configuration file, or ${defaultFolder})`

/** Adds the commands of `typehog endpoints` for endpoint files. */
export function addEndpointFileCommands(endpoints: Command, run: RunCommand): void {
  endpoints
    .command('get')
    .description('print an endpoint as a YAML file')
    .argument('<name>', 'name of the endpoint')
    .option('--ver <number>', 'version of the endpoint (default: latest)', integerInRange(1))
    .action((name: string, options: GetOptions, command: Command) =>
      run(command, (context) => getEndpoint(context, name, options)),
    )

  endpoints
    .command('push')
    .description('create and update endpoints from files, after a plan and a confirmation')
    .argument('[paths...]', pathsHelp)
    .option('--yes', 'apply without confirmation')
    .option('--dry-run', 'print the plan and change nothing')
    .option('--prune', 'retire active endpoints that earlier files pushed and no file names any more')
    .option(
      '--out <file>',
      'generated module whose pinned versions follow the push (default: of the configuration file, or posthog.endpoints.ts)',
    )
    .option('--lock <file>', 'lock file of the module (default: --out with the extension .lock.json)')
    .action((paths: string[], flags: Partial<PushOptions>, command: Command) =>
      run(command, async (context) => {
        assertPrunable(paths, flags.prune === true)
        const { out } = checkSettings((await readConfig(context))?.config.endpoints, flags)
        return pushEndpoints(context, await orConfigured(context, paths), { ...flags, out })
      }),
    )

  endpoints
    .command('diff')
    .description('compare endpoint files with PostHog; exits with 1 on differences')
    .argument('[paths...]', pathsHelp)
    .option('--verbose', 'also list endpoints without differences')
    .action((paths: string[], options: DiffOptions, command: Command) =>
      run(command, async (context) =>
        printReport(context, await diffEndpoints(context, await orConfigured(context, paths), options)),
      ),
    )

  endpoints
    .command('open')
    .description("open an endpoint in PostHog's app and print its URL")
    .argument('<name>', 'name of the endpoint')
    .option('--print', 'only print the URL')
    .action((name: string, options: OpenOptions, command: Command) =>
      run(command, (context) => openEndpoint(context, name, options)),
    )
}

/** The given paths, or those of the configuration file, or the default folder. */
async function orConfigured(context: Context, paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length > 0) return paths
  return (await readConfig(context))?.config.endpoints?.files ?? [defaultFolder]
}
