import type { Command } from 'commander'
import type { SchemaConfig } from '../../shared/typehog-config.ts'
import { printReport } from '../area-report.ts'
import { configDefaults } from '../config/defaults.ts'
import { readConfig } from '../config/read-config.ts'
import type { RunCommand } from '../context.ts'
import { checkSchemaCommand } from './check-command.ts'
import { diffSchemasCommand } from './diff-command.ts'
import { pullSchemaCommand, type SchemaFileOptions, type SchemaPullOptions } from './pull-command.ts'

/** Options of the files: flags, then the configuration file, then the default. */
export function schemaSettings(
  section: SchemaConfig | undefined,
  flags: Partial<SchemaPullOptions>,
): SchemaPullOptions {
  return { ...flags, out: flags.out ?? section?.module ?? configDefaults.schema.module }
}

const outHelp = '(default: of the configuration file, or posthog.schema.ts)'

/** Adds `typehog schema …`. */
export function addSchemaCommands(program: Command, run: RunCommand): void {
  const schema = program.command('schema').description('type the operations of your own PostHog server')
  schema
    .command('pull')
    .description("write a module that adds the server's operations to client.request and client.list")
    .argument('[source]', 'PostHog host, URL of a document, or file (default: the configured host)')
    .option('--out <file>', `module to write ${outHelp}`)
    .option('--lock <file>', 'lock file (default: next to the module, with .lock.json)')
    .option('--force', 'replace a file that was not written by this command')
    .addHelpText('after', '\nNeeds no key, and the package @hey-api/openapi-ts in your project.')
    .action((source: string | undefined, flags: Partial<SchemaPullOptions>, command: Command) =>
      run(command, async (context) => {
        const options = schemaSettings((await readConfig(context))?.config.schema, flags)
        return printReport(context, await pullSchemaCommand(context, source, options))
      }),
    )
  schema
    .command('check')
    .description('compare the lock file with the server; exits with 1 on breaking changes')
    .argument('[source]', 'PostHog host, URL of a document, or file (default: the configured host)')
    .option('--out <file>', `module that was written ${outHelp}`)
    .option('--lock <file>', 'lock file (default: next to the module, with .lock.json)')
    .action((source: string | undefined, flags: Partial<SchemaFileOptions>, command: Command) =>
      run(command, async (context) => {
        const options = schemaSettings((await readConfig(context))?.config.schema, flags)
        return printReport(context, await checkSchemaCommand(context, source, options))
      }),
    )
  schema
    .command('diff')
    .description('compare two documents; exits with 1 on breaking changes')
    .argument('<old>', 'PostHog host, URL of a document, or file')
    .argument('<new>', 'PostHog host, URL of a document, or file')
    .action((older: string, newer: string, _: object, command: Command) =>
      run(command, async (context) => printReport(context, await diffSchemasCommand(context, older, newer))),
    )
}
