import { ConfigurationError } from '../errors/posthog-error.ts'

/** A value with a HogQL constant. Typehog binds it, so it never becomes query text. */
export type HogQLValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | readonly (string | number | bigint | boolean | Date | null)[]

/** A bound value as JSON in the request body. */
export type BoundValue = string | number | boolean | null | readonly (string | number | boolean | null)[]

/** Binds a value and returns its placeholder. */
export type Bind = (value: BoundValue) => string

/** Bounds of signed 64-bit integers. */
const [minInt64, maxInt64] = [-(2n ** 63n), 2n ** 63n - 1n]

/**
 * Binds a value and returns its query text: a placeholder, inside a conversion if JSON cannot represent the value.
 *
 * @throws ConfigurationError for a value without a HogQL constant
 */
export function bindValue(value: unknown, bind: Bind): string {
  if (!Array.isArray(value)) return bindScalar(value, bind)
  // `every` would skip the holes of a sparse array.
  const items: readonly unknown[] = Array.from(value)
  return items.every(isPlainValue)
    ? bind(items)
    : `[${items.map((item) => bindScalar(item, bind)).join(', ')}]`
}

function bindScalar(value: unknown, bind: Bind): string {
  if (isPlainValue(value)) return bind(value)
  if (typeof value === 'bigint') {
    if (value < minInt64 || value > maxInt64) throw valueError(`${value}`, 'exceeds 64 bits')
    // JSON numbers are exact only up to 2^53.
    return isSafe(value) ? bind(Number(value)) : `toInt(${bind(String(value))})`
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw valueError('The Date', 'is invalid')
    return `toDateTime(${bind(value.toISOString())})`
  }
  throw valueError(nameOf(value), 'has no HogQL constant')
}

/** Whether JSON can represent the value, so that no conversion is needed. */
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
  return `A value of type ${Array.isArray(value) ? 'nested array' : typeof value}`
}

function valueError(subject: string, problem: string): ConfigurationError {
  return new ConfigurationError({
    message: `${subject} ${problem}.`,
    fix: 'Use a string, a finite number, a 64-bit bigint, a boolean, a Date, null, or an array of these.',
  })
}
