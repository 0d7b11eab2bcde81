import { isPlainObject, unexpected } from '../runtime/config/check-options.ts'
import { NotFoundError } from '../runtime/errors/api-errors.ts'

/**
 * Asserts that an argument is a non-empty string.
 *
 * @throws ConfigurationError naming the argument
 */
export function requireText(name: string, value: unknown): void {
  if (typeof value === 'string' && value.trim() !== '') return
  throw unexpected(`\`${name}\``, value, 'a non-empty string')
}

/**
 * Asserts that an argument is an id: an integer or a non-empty string.
 *
 * @throws ConfigurationError naming the argument
 */
export function requireId(name: string, value: unknown): void {
  if (
    typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && value.trim() !== ''
  ) {
    return
  }
  throw unexpected(`\`${name}\``, value, 'an id (an integer or a non-empty string)')
}

/**
 * Asserts that an argument is a plain object.
 *
 * @throws ConfigurationError naming the argument
 */
export function requireObject(name: string, value: unknown): void {
  if (!isPlainObject(value)) throw unexpected(`\`${name}\``, value, 'an object')
}

/**
 * Asserts that an argument is a function.
 *
 * @throws ConfigurationError naming the argument
 */
export function requireFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw unexpected(`\`${name}\``, value, 'a function')
}

/**
 * Asserts that an argument is an iterable or async iterable other than a string. A string would be iterated character
 * by character: "12" would become the ids 1 and 2.
 *
 * @throws ConfigurationError naming the argument
 */
export function requireList(name: string, value: unknown): void {
  const { [Symbol.iterator]: items, [Symbol.asyncIterator]: asyncItems } = Object(value)
  const iterable = typeof items === 'function' || typeof asyncItems === 'function'
  if (iterable && typeof value !== 'string') return
  throw unexpected(`\`${name}\``, value, 'an array', 'Wrap it in brackets. Nothing was sent.')
}

/**
 * Asserts that an optional argument is undefined or an array, not a string.
 *
 * @throws ConfigurationError naming the argument
 */
export function assertNotString(name: string, list: unknown): void {
  if (list !== undefined) requireList(name, list)
}

/** Creates a 404 error for an object that was searched for, not read by id. */
export function notFound(operation: string, what: string): NotFoundError {
  return new NotFoundError({
    operation,
    status: 404,
    message: `There is no ${what}.`,
    fix: 'Check the spelling and the project. Deleted objects are not found either.',
    routeUnknown: false,
    currentVersion: undefined,
  })
}
