import type { EndpointDescription } from '../../codegen/endpoints/describe-endpoint.ts'
import { closest } from '../did-you-mean.ts'
import { splitAssignment } from '../options.ts'
import { UsageError } from '../usage-error.ts'

type Variable = EndpointDescription['variables'][number]

/** Values to send, and what the user should know about them. */
export interface VariableValues {
  readonly values: Readonly<Record<string, unknown>>
  readonly notes: readonly string[]
}

/**
 * Reads `--var name=value` and `--var-json name=<JSON>`. A value becomes what the endpoint's document says: a number,
 * true or false, a list (give the option once for each item), else text. Without the document everything is text.
 *
 * @throws UsageError for a value that is not of its type, a missing `=`, and a name given twice
 */
export function readVariables(
  texts: readonly string[],
  jsons: readonly string[],
  known: readonly Variable[] | undefined,
): VariableValues {
  const values = new Map<string, unknown>()
  const notes: string[] = []
  for (const { name, text } of texts.map((argument) => splitAssignment(argument, '--var'))) {
    const variable = known?.find((one) => one.name === name)
    const before = values.get(name)
    if (known !== undefined && variable === undefined) notes.push(unknownNote(name, known))
    if (variable?.type === 'string[]') values.set(name, [...(Array.isArray(before) ? before : []), text])
    else if (values.has(name)) throw twice(name)
    else values.set(name, variable === undefined ? text : convert(variable, text))
  }
  for (const { name, text } of jsons.map((argument) => splitAssignment(argument, '--var-json'))) {
    if (values.has(name)) throw twice(name)
    values.set(name, parse(name, text))
  }
  // Own properties even for `__proto__`.
  return { values: Object.fromEntries(values), notes }
}

function convert({ name, type }: Variable, text: string): unknown {
  if (type === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true'
    throw new UsageError(
      `Variable "${name}" is "${text}", not a boolean.`,
      `Write --var ${name}=true or false.`,
    )
  }
  if (type !== 'number') return text
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(number)) {
    throw new UsageError(`Variable "${name}" is "${text}", not a number.`, `Write --var ${name}=5.`)
  }
  if (/^[+-]?\d+$/.test(text) && !Number.isSafeInteger(number)) {
    throw new UsageError(
      `Variable "${name}" is ${text}, which JSON numbers cannot hold exactly.`,
      `Send it as text: --var-json '${name}="${text}"'.`,
    )
  }
  return number
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(
      `The value of --var-json ${name} is not JSON: ${text}`,
      `Text needs double quotes inside the shell's: --var-json '${name}="text"'.`,
      error,
    )
  }
}

function unknownNote(name: string, known: readonly Variable[]): string {
  const names = known.map((one) => one.name)
  const meant = closest(name, names)
  const hint =
    meant !== undefined
      ? ` Did you mean "${meant}"?`
      : names.length > 0
        ? ` It takes ${names.join(', ')}.`
        : ' It takes none.'
  return `The endpoint's document has no variable "${name}"; sent as text.${hint}`
}

function twice(name: string): UsageError {
  return new UsageError(
    `Variable "${name}" is given more than once.`,
    `For a list: --var-json '${name}=["a","b"]'.`,
  )
}
