import { type CompletedCommand, type CompletedOption, type ValueKind, valuePlaces } from './command-line.ts'

/** Renders a completion script for fish. */
export function renderFish(program: string, commands: readonly CompletedCommand[]): string {
  const places = valuePlaces(commands).map(({ path, flag }) =>
    path === undefined ? quote(`* ${flag}`) : quote(`${path} ${flag}`),
  )
  const paths = commands.flatMap(({ path, commands }) => commands.map(({ name }) => quote(`${path} ${name}`)))
  const isCommand = `__${program}_is`
  return `# Completion of ${program} for fish. Load it: ${program} completion fish | source
function ${isCommand} --description 'Whether the line is one of this command'
    set -l words (commandline -opc)
    set -e words[1]
    set -l line ''
    set -l skip ''
    for word in $words
        if test -n "$skip"
            set skip ''
            continue
        end
        switch "$line $word"
            case ${places.join(' ')}
                set skip 1
            case ${paths.join(' ')}
                set line (string trim -- "$line $word")
        end
    end
    test "$line" = "$argv[1]"
end

complete -c ${program} -f
${commands.map((command) => renderCommand(program, isCommand, command)).join('\n')}
`
}

function renderCommand(program: string, isCommand: string, command: CompletedCommand): string {
  const { path, commands, options, argument } = command
  // Options of the program apply to every command.
  const condition = `-n ${quote(`${isCommand} ${quote(path)}`)}`
  const lines = [
    ...commands.map(({ name, description }) => `${condition} -a ${name} -d ${quote(description)}`),
    ...options.map((option) => `${path === '' ? '' : `${condition} `}${renderOption(option)}`),
    ...(argument === undefined ? [] : renderArgument(argument).map((line) => `${condition} ${line}`)),
  ]
  return lines.map((line) => `complete -c ${program} ${line}`).join('\n')
}

function renderOption({ flags, description, value }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
  return [...names, ...renderValue(value), `-d ${quote(description)}`].join(' ')
}

function renderValue(value: ValueKind | undefined): string[] {
  if (value === undefined) return []
  if (value === 'file') return ['-r', '-F']
  return value === 'text' ? ['-x'] : ['-x', `-a ${quote(value.join(' '))}`]
}

function renderArgument(value: ValueKind): string[] {
  if (value === 'file') return ['-F']
  return value === 'text' ? [] : [`-a ${quote(value.join(' '))}`]
}

/** Quotes a text for fish. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
