import type { Argument, Command, Option } from 'commander'

/** What a shell completes as the value of an option or an argument. */
export type ValueKind = 'text' | 'file' | readonly string[]

/** An option of a command. */
export interface CompletedOption {
  /** Its flags, such as `-h` and `--help`. */
  readonly flags: readonly string[]
  readonly description: string
  /** Its value; undefined for an option without one, or with an optional one. */
  readonly value: ValueKind | undefined
}

/** A command, as a shell completes it. */
export interface CompletedCommand {
  /** Names from the program on, such as `endpoints pull`; empty for the program. */
  readonly path: string
  readonly description: string
  /** Names and descriptions of the commands below it. */
  readonly commands: readonly { readonly name: string; readonly description: string }[]
  /** Its own options. Those of the program apply to every command. */
  readonly options: readonly CompletedOption[]
  /** Kind of its arguments; undefined for a command without arguments. */
  readonly argument: ValueKind | undefined
}

/** Lists a program and its commands, outermost first. */
export function describeCommands(program: Command): CompletedCommand[] {
  return describe(program, '')
}

function describe(command: Command, path: string): CompletedCommand[] {
  const help = command.createHelp()
  const commands = help.visibleCommands(command)
  const below = commands.flatMap((child) => {
    return describe(child, path === '' ? child.name() : `${path} ${child.name()}`)
  })
  const [argument] = command.registeredArguments
  return [
    {
      path,
      description: command.description(),
      commands: commands.map((child) => ({ name: child.name(), description: child.description() })),
      options: help.visibleOptions(command).map((option) => ({
        flags: [option.short, option.long].filter((flag) => flag !== undefined),
        description: option.description,
        value: option.required ? valueKind(option) : undefined,
      })),
      argument: argument && valueKind(argument),
    },
    ...below,
  ]
}

/** Placeholders of paths, such as `<file>` and `[files...]`. */
const pathName = /^(?:file|path|folder)s?$/

function valueKind(value: Option | Argument): ValueKind {
  if (value.argChoices !== undefined && value.argChoices.length > 0) return value.argChoices
  const name = 'flags' in value ? /<([^>.]+)/.exec(value.flags)?.[1] : value.name()
  return pathName.test(name ?? '') ? 'file' : 'text'
}

/** An option whose value is the next word. */
export interface ValuePlace {
  /** The command; undefined for options of the program, which apply to every command. */
  readonly path: string | undefined
  readonly flag: string
  readonly value: ValueKind
}

/** Lists where the next word is the value of an option. */
export function valuePlaces(commands: readonly CompletedCommand[]): ValuePlace[] {
  return commands.flatMap(({ path, options }) =>
    options.flatMap(({ flags, value }) =>
      value === undefined ? [] : flags.map((flag) => ({ path: path === '' ? undefined : path, flag, value })),
    ),
  )
}
