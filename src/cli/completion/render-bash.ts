import { type CompletedCommand, type ValueKind, valuePlaces } from './command-line.ts'
import { groupByValue, quote } from './shell-text.ts'

/** Renders a completion script for bash. It also works in version 3.2, which macOS has. */
export function renderBash(program: string, commands: readonly CompletedCommand[]): string {
  const places = valuePlaces(commands)
  // `"$path $word"` is ` --host` for an option of the program, and `query --format` for one of a command.
  const patternOf = ({ path, flag }: (typeof places)[number]): string =>
    path === undefined ? `*${quote(` ${flag}`)}` : quote(`${path} ${flag}`)
  const name = `_${program}`
  return `# Completion of ${program} for bash. Load it in ~/.bashrc: source <(${program} completion bash)
${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path= skip= word i
  local shared=${quote((commands[0]?.options ?? []).flatMap((option) => option.flags).join(' '))}
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $skip ]]; then
      # bash splits --name=value at the equals sign.
      [[ $word == '=' ]] || skip=
      continue
    fi
    case "$path $word" in
      ${places.map(patternOf).join(' | \\\n      ')}) skip=1 ;;
      ${pathPatterns(commands).join(' | \\\n      ')}) path=\${path:+$path }$word ;;
    esac
  done
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  # Without a reply, bash completes file names, unless this option is off. Version 3.2 cannot turn it off.
  case "$path $prev" in
${groupByValue(places)
  .map(
    ([value, group]) =>
      `    ${group.map(patternOf).join(' | \\\n    ')})\n${indent(reply(value))}\n      return\n      ;;`,
  )
  .join('\n')}
  esac
  case "$path" in
${commands.map(renderCommand).join('\n')}
  esac
}
complete -o default -F ${name} ${program}
`
}

const noFiles = 'compopt +o default 2>/dev/null'

function reply(value: ValueKind): string[] {
  if (value === 'file') return [':']
  return value === 'text' ? [noFiles] : [noFiles, words(value)]
}

function words(values: readonly string[]): string {
  return `COMPREPLY=($(compgen -W ${quote(values.join(' '))} -- "$cur"))`
}

const indent = (lines: readonly string[]): string => lines.map((line) => `      ${line}`).join('\n')

function renderCommand({ path, commands, options, argument }: CompletedCommand): string {
  const flags = path === '' ? [] : options.flatMap((option) => option.flags)
  const names = commands.map(({ name }) => name)
  const values = names.length > 0 ? names : (argument ?? 'text')
  return `    ${quote(path)})
      if [[ $cur == -* ]]; then
        ${noFiles}
        COMPREPLY=($(compgen -W "${flags.join(' ')} $shared" -- "$cur"))
      else
${reply(values)
  .map((line) => `        ${line}`)
  .join('\n')}
      fi
      ;;`
}

/** Patterns of `"$path $word"` where the word is a command. */
function pathPatterns(commands: readonly CompletedCommand[]): string[] {
  return commands.flatMap(({ path, commands }) => commands.map(({ name }) => quote(`${path} ${name}`)))
}
