import type { Command } from 'commander'
import type { RunCommand } from '../context.ts'
import { checkSchemaCommand } from './check-command.ts'
import { pullSchemaCommand } from './pull-command.ts'

/** Adds `typehog schema …`. */
export function addSchemaCommands(program: Command, run: RunCommand): void {
  const schema = program.command('schema').description("download and compare PostHog's OpenAPI documents")
  schema
    .command('pull')
    .description('normalize a document and write it with its lock file')
    .argument('<source>', 'PostHog host, URL of a document, or file')
    .option('--out <folder>', 'folder for posthog.json and lock.json', 'openapi')
    .action((source: string, options: { readonly out: string }, command: Command) =>
      run(command, (context) => pullSchemaCommand(context, source, options)),
    )
  schema
    .command('check')
    .description('compare two documents; exits with 1 on breaking changes')
    .argument('<old>', 'PostHog host, URL of a document, or file')
    .argument('<new>', 'PostHog host, URL of a document, or file')
    .action((older: string, newer: string, _: object, command: Command) =>
      run(command, (context) => checkSchemaCommand(context, older, newer)),
    )
}
