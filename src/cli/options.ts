import { InvalidArgumentError } from 'commander'
import { UsageError } from './usage-error.ts'

/** Parses a whole number in a range, for `--limit` and the like. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`
    throw new InvalidArgumentError(`Use a whole number ${range}.`)
  }
}

/** Gathers an option that may be given many times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text]
}

/** Names between commas. */
export function names(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/**
 * Takes `name=value` apart.
 *
 * @throws UsageError for an argument without a name or a value
 */
export function splitAssignment(
  argument: string,
  option: string,
): { readonly name: string; readonly text: string } {
  const equals = argument.indexOf('=')
  if (equals < 1) throw new UsageError(`${option} ${argument} names no value.`, `Write ${option} name=value.`)
  return { name: argument.slice(0, equals), text: argument.slice(equals + 1) }
}
