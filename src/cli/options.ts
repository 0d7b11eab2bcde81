import { type Command, InvalidArgumentError } from 'commander'
import { UsageError } from './errors.ts'
import type { Flags } from './library-fixes.ts'
import { shellQuote } from './output/shell.ts'

/** Returns the flags that a command accepts, including those of every command. */
export function flagsOf(command: Command): Flags {
  const flags = new Set<string>()
  for (let owner: Command | null = command; owner !== null; owner = owner.parent) {
    for (const { long } of owner.options) if (long !== undefined) flags.add(long)
  }
  return flags
}

/** Creates a commander parser for an integer option. */
export function integerInRange(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
    throw new InvalidArgumentError(`Expected an integer ${range}.`)
  }
}

/** Commander parser that collects the values of a repeatable option. */
export function collect(text: string, previous: readonly string[] = []): string[] {
  return [...previous, text]
}

/** Commander parser for a comma-separated list of ids, such as `2,3`. */
export function splitIds(text: string): number[] {
  return splitNames(text).map(integerInRange(1))
}

/** Commander parser for a comma-separated list of names. */
export function splitNames(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/**
 * Splits `name=value` at the first equals sign.
 *
 * @throws UsageError without a name or an equals sign
 */
export function splitAssignment(
  argument: string,
  option: string,
): { readonly name: string; readonly text: string } {
  const equals = argument.indexOf('=')
  if (equals < 1) {
    throw new UsageError(
      `Expected ${option} name=value, got ${JSON.stringify(argument)}.`,
      `Write ${option} name=value.`,
    )
  }
  return { name: argument.slice(0, equals), text: argument.slice(equals + 1) }
}

/**
 * Splits repeated `name=value` arguments. Names are unique.
 *
 * @throws UsageError without a name or an equals sign, and for a name that occurs twice
 */
export function splitAssignments(args: readonly string[], option: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const argument of args) {
    const { name, text } = splitAssignment(argument, option)
    if (texts.has(name)) {
      throw new UsageError(
        `Got ${option} ${name} twice.`,
        `To pass a list, write ${option} ${shellQuote(`${name}=[1,2]`)}.`,
      )
    }
    texts.set(name, text)
  }
  return texts
}
