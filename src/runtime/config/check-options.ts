import { closestName } from '../../shared/did-you-mean.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import { ConfigurationError } from '../errors/posthog-error.ts'

/** The names of all options of an interface. A record, so that the compiler reports a missing one. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>

/**
 * Throws for an unknown option, and for options that are not an object.
 *
 * @param owner name of the function or option that takes the options, such as `createClient` or `retry`
 * @throws ConfigurationError that names the option and suggests the closest one
 * @example refuseUnknown('retry', options.retry, { maxAttempts: true })
 */
export function rejectUnknownOptions(
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

/** The error for an argument of the wrong type or range. `subject` names the argument. */
export function unexpected(
  subject: string,
  value: unknown,
  expected: string,
  fix?: string,
): ConfigurationError {
  return new ConfigurationError({
    message: `${subject} is ${describeValue(value)}; expected ${expected}.`,
    fix: fix ?? `Pass ${expected}. Nothing was sent.`,
  })
}

/** Whether a value is an object with named fields: not an array, `Map`, `Date`, `Headers`, string or function. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  return Object.prototype.toString.call(value) === '[object Object]'
}

/** Whether a value has the parts of an endpoint that a run reads. */
export function isEndpoint(value: unknown): value is Endpoint<unknown, unknown> {
  const { name, columns } = Object(value)
  return isPlainObject(value) && typeof name === 'string' && name !== '' && Array.isArray(columns)
}

/** Maximum characters of a string in a message. */
const maxShown = 40

/** Describes a value in a message. Does not convert objects to strings, which may throw. */
function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > maxShown ? `a string of ${value.length} characters` : JSON.stringify(value)
  }
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'symbol' || typeof value === 'function') return `a ${typeof value}`
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : 'a Date'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array'
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1)
  return kind === 'Object' ? 'an object' : `a ${kind}`
}

/** Throws unless a value is a function or undefined. */
export function checkFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'function') return
  throw unexpected(`\`${name}\``, value, 'a function')
}

/** Throws unless a value is a boolean or undefined. */
export function checkBoolean(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return
  throw unexpected(`\`${name}\``, value, 'true or false')
}

/** Throws unless a value is one of the choices or undefined. */
export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.some((choice) => choice === value)) return
  throw unexpected(`\`${name}\``, value, `one of ${choices.map((choice) => `"${choice}"`).join(', ')}`)
}

/** Throws unless a value has all the methods or is undefined. */
export function checkMethods(name: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return
  const missing = methods.find((method) => typeof Object(value)[method] !== 'function')
  if (missing === undefined) return
  throw unexpected(`\`${name}\``, value, `an object with the methods ${methods.join(', ')}`)
}

/** Throws unless a value is an `AbortSignal`, of any realm, or undefined. */
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

/** Removes undefined fields from an object. */
export function givenFields<Options extends object>(options: Options): Options {
  // Only optional fields of the interface may be undefined.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options
}

/** Validates a positive, finite number of milliseconds. */
export function positive(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw unexpected(`\`${name}\``, value, 'a positive number of milliseconds')
}

/** Validates a positive integer. */
export function positiveInteger(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (Number.isInteger(value) && value >= 1) return value
  throw unexpected(`\`${name}\``, value, 'a positive integer')
}

/** A check for the value of an option. */
export interface OptionCheck {
  readonly accepts: (value: unknown) => boolean
  /** Description of the expected value, for messages. */
  readonly expected: string
}

/** A check for each option of an interface. The compiler reports a missing one. */
export type OptionChecks<Options> = Readonly<Record<keyof Options, OptionCheck>>

/**
 * Throws for an unknown option or an invalid value. Undefined options are ignored.
 *
 * @param owner name of the function that takes the options, such as `hogql`
 * @throws ConfigurationError that names the option
 */
export function checkOptions(
  owner: string,
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
): void {
  rejectUnknownOptions(owner, options, checks)
  for (const [name, value] of Object.entries(options ?? {})) {
    const check = checks[name]
    if (value === undefined || check === undefined || check.accepts(value)) continue
    throw unexpected(`The option \`${name}\` of \`${owner}\``, value, check.expected)
  }
}

/** Accepts any value, for an option that is checked elsewhere. */
export const anything: OptionCheck = { accepts: () => true, expected: 'anything' }
export const booleanOption: OptionCheck = {
  accepts: (value) => typeof value === 'boolean',
  expected: 'true or false',
}
export const functionOption: OptionCheck = {
  accepts: (value) => typeof value === 'function',
  expected: 'a function',
}
export const milliseconds: OptionCheck = {
  accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
  expected: 'milliseconds, 0 or more',
}

/** An integer within bounds. */
export function integerBetween(min: number, max: number = Number.MAX_SAFE_INTEGER): OptionCheck {
  const isCount = (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  return { accepts: isCount, expected: `an integer ${range}` }
}

/** A non-empty string. */
export function nonEmptyString(max: number = Number.POSITIVE_INFINITY): OptionCheck {
  return {
    accepts: (value) => typeof value === 'string' && value !== '' && value.length <= max,
    expected: max === Number.POSITIVE_INFINITY ? 'a non-empty string' : `a string of 1 to ${max} characters`,
  }
}

/** One of several strings. */
export function oneOf(...words: readonly string[]): OptionCheck {
  return {
    accepts: (value) => words.some((word) => word === value),
    expected: `"${words.slice(0, -1).join('", "')}" or "${words.at(-1)}"`,
  }
}
