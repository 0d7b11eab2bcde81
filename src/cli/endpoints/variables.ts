import type { EndpointDescription } from '../../codegen/endpoints/describe-endpoint.ts'
import { suggestName, UsageError } from '../errors.ts'
import { splitAssignment } from '../options.ts'
import { shellQuote } from '../output/shell.ts'

type Variable = EndpointDescription['variables'][number]

/** Variables of a run. */
export interface VariableValues {
  readonly values: Readonly<Record<string, unknown>>
  /** Warnings about undeclared variables. */
  readonly notes: readonly string[]
}

/**
 * Parses `--var name=value` and `--var-json name=<JSON>`. A `--var` value is converted to the declared type: number,
 * boolean, list (repeat the option for each item), or text. Without declarations every value is text.
 *
 * @param declared the endpoint's variables; undefined when the key cannot read them
 * @throws UsageError for a value of the wrong type, a missing `=`, or a duplicate name
 */
export function readVariables(
  texts: readonly string[],
  jsons: readonly string[],
  declared: readonly Variable[] | undefined,
): VariableValues {
  const values = new Map<string, unknown>()
  const notes: string[] = []
  for (const { name, text } of texts.map((argument) => splitAssignment(argument, '--var'))) {
    const variable = declared?.find((candidate) => candidate.name === name)
    const previous = values.get(name)
    if (declared !== undefined && variable === undefined) notes.push(undeclaredNote(name, declared))
    if (variable?.type === 'string[]') {
      values.set(name, [...(Array.isArray(previous) ? previous : []), text])
    } else if (values.has(name)) {
      throw duplicateError(name)
    } else {
      values.set(name, variable === undefined ? text : convert(variable, text))
    }
  }
  for (const { name, text } of jsons.map((argument) => splitAssignment(argument, '--var-json'))) {
    if (values.has(name)) throw duplicateError(name)
    values.set(name, parseJson(name, text))
  }
  // `fromEntries` creates an own property even for `__proto__`.
  return { values: Object.fromEntries(values), notes }
}

function convert({ name, type }: Variable, text: string): unknown {
  if (type === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true'
    throw new UsageError(
      `Expected variable "${name}" to be a boolean, got "${text}".`,
      `Write --var ${name}=true or --var ${name}=false.`,
    )
  }
  if (type !== 'number') return text
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(number)) {
    throw new UsageError(
      `Expected variable "${name}" to be a number, got "${text}".`,
      `Write, for example: --var ${name}=5.`,
    )
  }
  if (/^[+-]?\d+$/.test(text) && !Number.isSafeInteger(number)) {
    throw new UsageError(
      `Variable "${name}" is ${text}, which is too large for a JSON number.`,
      `Pass it as text: --var-json ${shellQuote(`${name}="${text}"`)}.`,
    )
  }
  return number
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(
      `Expected --var-json ${name} to be JSON, got ${text}.`,
      `Quote text twice, for the shell and for JSON: --var-json ${shellQuote(`${name}="text"`)}.`,
      error,
    )
  }
}

function undeclaredNote(name: string, declared: readonly Variable[]): string {
  const suggestion = suggestName(
    name,
    declared.map((variable) => variable.name),
  )
  return `The endpoint declares no variable "${name}", so its value is sent as text. ${suggestion}`
}

function duplicateError(name: string): UsageError {
  return new UsageError(
    `Got variable "${name}" more than once.`,
    `To pass a list, write --var-json ${shellQuote(`${name}=["a","b"]`)}.`,
  )
}
