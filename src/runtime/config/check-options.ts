import { ConfigurationError } from '../errors/configuration-error.ts'
import { didYouMean } from './did-you-mean.ts'

/** The names of all options of an interface. A record, so that the compiler finds a missing one. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>

/**
 * Refuses an option that does not exist, and anything but an object.
 *
 * @param owner what takes the options, such as `createClient` or `retry`
 * @throws ConfigurationError that names the option, and the one that was probably meant
 * @example refuseUnknown('retry', options.retry, { maxAttempts: true })
 */
export function refuseUnknown(
  owner: string,
  options: unknown,
  known: Readonly<Record<string, unknown>>,
): void {
  if (options === undefined) return
  if (!isPlainObject(options)) throw unexpected(`The options of \`${owner}\``, options, 'an object')
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue
    const names = Object.keys(known)
    const meant = didYouMean(name, names)
    throw new ConfigurationError({
      message: `\`${owner}\` has no option \`${name}\`.`,
      fix:
        meant === undefined ? `Use one of its options: ${names.join(', ')}.` : `Did you mean \`${meant}\`?`,
    })
  }
}

/** The error for an argument of the wrong type or range: `subject` is what it is called. */
export function unexpected(
  subject: string,
  value: unknown,
  expected: string,
  fix?: string,
): ConfigurationError {
  return new ConfigurationError({
    message: `${subject} is ${shown(value)}; expected ${expected}.`,
    fix: fix ?? `Pass ${expected}. Nothing was sent.`,
  })
}

/** Whether a value is an object with named fields: no list, `Map`, `Date`, `Headers`, text or function. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  return Object.prototype.toString.call(value) === '[object Object]'
}

/** Characters of a text that a message shows. */
const shownCharacters = 40

/** A value as a message names it: short, and never by the engine's own conversion, which may throw. */
function shown(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > shownCharacters ? `a text of ${value.length} characters` : JSON.stringify(value)
  }
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'symbol' || typeof value === 'function') return `a ${typeof value}`
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : 'a Date'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1)
  return kind === 'Object' ? 'an object' : `a ${kind}`
}
