import type { Argument, Command, Option } from 'commander'
import { createTerminal } from '../src/cli/output/terminal.ts'
import { createProgram, environmentHelp } from '../src/cli/program.ts'

/** Renders `docs/cli.md`: every command with its arguments and options, as `typehog --help` shows them. */
export function renderCliReference(): string {
  const ignore = { write: () => true }
  const io = {
    argv: [],
    env: {},
    cwd: '.',
    stdout: ignore,
    stderr: ignore,
    isTTY: { stdout: false, stderr: false },
    columns: undefined,
    signal: new AbortController().signal,
  }
  const program = createProgram(io, createTerminal(io, new Set()), async () => {})
  const commands = leafCommands(program)
  return [
    '# Command line\n',
    'Written by `npm run reference` from the commands themselves.\n',
    'Run the command with `npx typehog`, or install the package and add a script.\n',
    '## Options of every command\n',
    optionTable(program.options),
    '## Environment and exit codes\n',
    `\`\`\`text\n${environmentHelp.trim()}\n\`\`\`\n`,
    ...commands.map(renderCommand),
  ].join('\n')
}

/** The commands that do something, with those of groups. */
function leafCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => (child.commands.length > 0 ? leafCommands(child) : [child]))
}

function renderCommand(command: Command): string {
  const name = fullName(command)
  const { registeredArguments: parameters, options } = command
  return [
    `## ${name}\n`,
    `${sentence(command.description())}\n`,
    `\`\`\`sh\n${name} ${command.usage()}\n\`\`\`\n`,
    ...(parameters.length === 0 ? [] : [argumentTable(parameters)]),
    ...(options.length === 0 ? [] : [optionTable(options)]),
  ].join('\n')
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

function argumentTable(parameters: readonly Argument[]): string {
  return table(
    'argument',
    parameters.map((parameter) => [parameter.name(), parameter.description ?? '']),
  )
}

function optionTable(options: readonly Option[]): string {
  return table(
    'option',
    options.map(({ flags, description, defaultValue, argChoices }) => {
      const choices = argChoices === undefined ? '' : ` One of: ${argChoices.join(', ')}.`
      const value = defaultValue === undefined || defaultValue === true ? '' : ` Default: ${defaultValue}.`
      return [flags, `${sentence(description)}${choices}${value}`]
    }),
  )
}

function table(heading: string, rows: readonly (readonly [name: string, text: string])[]): string {
  const lines = rows.map(([name, text]) => `| \`${cell(name)}\` | ${cell(text)} |`)
  return `| ${heading} | meaning |\n| --- | --- |\n${lines.join('\n')}\n`
}

/** Escapes what ends a cell, and what the site would read as HTML. */
const cell = (text: string): string => text.replaceAll('|', '\\|')
