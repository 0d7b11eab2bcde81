import { closestName } from '../../shared/did-you-mean.ts'
import { ConfigurationError } from '../errors/posthog-error.ts'

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
    const suggestion = closestName(name, names)
    throw new ConfigurationError({
      message: `\`${owner}\` has no option \`${name}\`.`,
      fix:
        suggestion === undefined
          ? `Use one of its options: ${names.join(', ')}.`
          : `Did you mean \`${suggestion}\`?`,
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

/** Refuses a value that is given and no function. */
export function checkFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'function') return
  throw unexpected(`\`${name}\``, value, 'a function')
}

/** Refuses a value that is given and neither true nor false. */
export function checkBoolean(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return
  throw unexpected(`\`${name}\``, value, 'true or false')
}

/** Refuses a value that is given and none of the choices. */
export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.some((choice) => choice === value)) return
  throw unexpected(`\`${name}\``, value, `one of ${choices.map((choice) => `"${choice}"`).join(', ')}`)
}

/** Refuses a value that is given and lacks one of the methods. */
export function checkMethods(name: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return
  const missing = methods.find((method) => typeof Object(value)[method] !== 'function')
  if (missing === undefined) return
  throw unexpected(`\`${name}\``, value, `an object with the methods ${methods.join(', ')}`)
}

/** Refuses a value that is given and no `AbortSignal`, of this realm or another. */
export function checkSignal(value: unknown): void {
  if (value === undefined) return
  const { aborted, addEventListener } = Object(value)
  if (typeof aborted === 'boolean' && typeof addEventListener === 'function') return
  throw unexpected(
    '`signal`',
    value,
    'an AbortSignal',
    'Pass `controller.signal`, or `AbortSignal.timeout(ms)`.',
  )
}

/** The fields of an object that are given: one that is undefined counts as left out. */
export function givenFields<Options extends object>(options: Options): Options {
  // Only fields that the interface allows to be left out may be undefined.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options
}

/** What an option may be. */
export interface OptionCheck {
  readonly accepts: (value: unknown) => boolean
  /** The same in words, for a message. */
  readonly expected: string
}

/** A check for each option of an interface. The compiler finds a missing one. */
export type OptionChecks<Options> = Readonly<Record<keyof Options, OptionCheck>>

/**
 * Refuses options that do not exist or have a wrong value. One that is undefined counts as left out.
 *
 * @param owner what takes the options, such as `hogql`
 * @throws ConfigurationError that names the option
 */
export function checkOptions(
  owner: string,
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
): void {
  refuseUnknown(owner, options, checks)
  for (const [name, value] of Object.entries(options ?? {})) {
    const check = checks[name]
    if (value === undefined || check === undefined || check.accepts(value)) continue
    throw unexpected(`The option \`${name}\` of \`${owner}\``, value, check.expected)
  }
}

/** For an option that is checked elsewhere. */
export const anything: OptionCheck = { accepts: () => true, expected: 'anything' }
export const flag: OptionCheck = { accepts: (value) => typeof value === 'boolean', expected: 'true or false' }
export const callback: OptionCheck = {
  accepts: (value) => typeof value === 'function',
  expected: 'a function',
}
export const milliseconds: OptionCheck = {
  accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
  expected: 'milliseconds, 0 or more',
}

/** A whole number within bounds. */
export function count(least: number, most: number = Number.MAX_SAFE_INTEGER): OptionCheck {
  const isCount = (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
  return { accepts: isCount, expected: `a whole number ${range}` }
}

/** A text that is not empty. */
export function text(most: number = Number.POSITIVE_INFINITY): OptionCheck {
  return {
    accepts: (value) => typeof value === 'string' && value !== '' && value.length <= most,
    expected:
      most === Number.POSITIVE_INFINITY ? 'a text that is not empty' : `a text of 1 to ${most} characters`,
  }
}

/** One of several words. */
export function oneOf(...words: readonly string[]): OptionCheck {
  return {
    accepts: (value) => words.some((word) => word === value),
    expected: `"${words.slice(0, -1).join('", "')}" or "${words.at(-1)}"`,
  }
}
