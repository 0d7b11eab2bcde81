import { type CompletedCommand, type CompletedOption, type ValueKind, valuePlaces } from './command-line.ts'
import { groupByValue, quote } from './shell-text.ts'

/** Renders a completion script for zsh: for `source`, and as the file `_<program>` of a folder in `fpath`. */
export function renderZsh(program: string, commands: readonly CompletedCommand[]): string {
  const places = valuePlaces(commands)
  const patternOf = ({ path, flag }: (typeof places)[number]): string =>
    path === undefined ? `*${quote(` ${flag}`)}` : quote(`${path} ${flag}`)
  const paths = commands.flatMap(({ path, commands }) => commands.map(({ name }) => quote(`${path} ${name}`)))
  const name = `_${program}`
  return `#compdef ${program}
# Completion of ${program} for zsh. Load it in ~/.zshrc, after compinit: source <(${program} completion zsh)
${name}() {
  local line= skip= word flag=\${words[CURRENT-1]} i
  local -aU described shared=(
    ${(commands[0]?.options ?? []).flatMap(describedFlags).join('\n    ')}
  )
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $skip ]]; then
      skip=
      continue
    fi
    case "$line $word" in
      ${places.map(patternOf).join(' | \\\n      ')}) skip=1 ;;
      ${paths.join(' | \\\n      ')}) line=\${line:+$line }$word ;;
    esac
  done
  if [[ \${words[CURRENT]} == --*=* ]]; then
    flag=\${words[CURRENT]%%=*}
    compset -P '*='
  fi
  case "$line $flag" in
${groupByValue(places)
  .map(
    ([value, group]) =>
      `    ${group.map(patternOf).join(' | \\\n    ')})\n      ${reply(value)}\n      return\n      ;;`,
  )
  .join('\n')}
  esac
  case "$line" in
${commands.map(renderCommand).join('\n')}
  esac
}
if [[ \${funcstack[1]} == ${name} ]]; then
  ${name} "$@"
else
  compdef ${name} ${program}
fi
`
}

function reply(value: ValueKind): string {
  if (value === 'file') return '_files'
  return value === 'text' ? "_message 'value'" : `compadd -- ${value.map(quote).join(' ')}`
}

function renderCommand({ path, commands, options, argument }: CompletedCommand): string {
  const flags = path === '' ? [] : options.flatMap(describedFlags)
  const names = commands.map(({ name, description }) => describe(name, description))
  const values =
    names.length > 0
      ? `${described(names)}\n        _describe -t commands command described`
      : reply(argument ?? 'text')
  return `    ${quote(path)})
      if [[ \${words[CURRENT]} == -* ]]; then
        ${flags.length === 0 ? 'described=()' : described(flags)}
        described+=("\${shared[@]}")
        _describe -o -t options option described
      else
        ${values}
      fi
      ;;`
}

function described(items: readonly string[]): string {
  return `described=(\n          ${items.join('\n          ')}\n        )`
}

function describedFlags({ flags, description }: CompletedOption): string[] {
  return flags.map((flag) => describe(flag, description))
}

/** An item of \`_describe\`, which splits it at the first colon without a backslash. */
function describe(name: string, description: string): string {
  return quote(`${name.replaceAll(':', '\\:')}:${description}`)
}
