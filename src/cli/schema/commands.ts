import type { Command } from 'commander'
import type { RunCommand } from '../command-runner.ts'
import { checkSchemaCommand } from './check-command.ts'
import { pullSchemaCommand } from './pull-command.ts'

/** Adds `typehog schema …`. */
export function addSchemaCommands(program: Command, run: RunCommand): void {
  const schema = program.command('schema').description("PostHog's OpenAPI document")
  schema
    .command('pull')
    .description('load a document, normalise it, and write it with its lock')
    .argument('<source>', 'a PostHog host, an address of a document, or a file')
    .option('--out <folder>', 'where posthog.json and lock.json go', 'openapi')
    .action((source: string, options: { readonly out: string }, command: Command) =>
      run(command, (context) => pullSchemaCommand(context, source, options)),
    )
  schema
    .command('check')
    .description('compare two documents; exit code 1 when something breaks')
    .argument('<old>', 'host, address or file')
    .argument('<new>', 'host, address or file')
    .action((older: string, newer: string, _: object, command: Command) =>
      run(command, (context) => checkSchemaCommand(context, older, newer)),
    )
}
