import { ConfigurationError } from '../errors/posthog-error.ts'

/** A value that HogQL has a constant for. It is bound, and never becomes part of the text. */
export type HogQLValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | readonly (string | number | bigint | boolean | Date | null)[]

/** What stands in the body for a value. */
export type BoundValue = string | number | boolean | null | readonly (string | number | boolean | null)[]

/** Gives a value a name, and says how the text is to write it. */
export type Bind = (value: BoundValue) => string

/** Integers beyond these have no place in 64 bits with a sign. */
const [smallest, largest] = [-(2n ** 63n), 2n ** 63n - 1n]

/**
 * Binds a value, and gives the text that stands for it: a placeholder, in a conversion where JSON has no such value.
 *
 * @throws ConfigurationError for what HogQL has no constant for
 */
export function bindValue(value: unknown, bind: Bind): string {
  if (!Array.isArray(value)) return bindOne(value, bind)
  // A hole is a value too: `every` would skip it.
  const items: readonly unknown[] = Array.from(value)
  return items.every(isPlainValue) ? bind(items) : `[${items.map((item) => bindOne(item, bind)).join(', ')}]`
}

function bindOne(value: unknown, bind: Bind): string {
  if (isPlainValue(value)) return bind(value)
  if (typeof value === 'bigint') {
    if (value < smallest || value > largest) throw refuse(`${value}`, 'is beyond 64 bits')
    // JSON's numbers are exact up to 2^53 only.
    return isSafe(value) ? bind(Number(value)) : `toInt(${bind(String(value))})`
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw refuse('The Date', 'is invalid')
    return `toDateTime(${bind(value.toISOString())})`
  }
  throw refuse(nameOf(value), 'has no constant in HogQL')
}

/** Whether JSON has the value, so that it can be bound as it is. */
export function isPlainValue(value: unknown): value is string | number | boolean | null {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}

function isSafe(value: bigint): boolean {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
}

function nameOf(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value)
  return `A value of type ${Array.isArray(value) ? 'array within an array' : typeof value}`
}

function refuse(what: string, why: string): ConfigurationError {
  return new ConfigurationError({
    message: `${what} ${why}.`,
    fix: 'Use a text, a finite number, a bigint of 64 bits, a boolean, a Date, null, or a list of these.',
  })
}
