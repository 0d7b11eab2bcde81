import { isPlainObject, unexpected } from '../runtime/config/check-options.ts'
import { NotFoundError } from '../runtime/errors/api-errors.ts'

/**
 * Refuses anything but a text that is not empty.
 *
 * @throws ConfigurationError that names the argument
 */
export function requireText(name: string, value: unknown): void {
  if (typeof value === 'string' && value.trim() !== '') return
  throw unexpected(`\`${name}\``, value, 'a text that is not empty')
}

/**
 * Refuses what cannot name an object of PostHog: a number from 0 or a text can.
 *
 * @throws ConfigurationError that names the argument
 */
export function requireId(name: string, value: unknown): void {
  if (
    typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && value.trim() !== ''
  ) {
    return
  }
  throw unexpected(`\`${name}\``, value, 'an id, a number or a text')
}

/**
 * Refuses anything but an object with named fields.
 *
 * @throws ConfigurationError that names the argument
 */
export function requireObject(name: string, value: unknown): void {
  if (!isPlainObject(value)) throw unexpected(`\`${name}\``, value, 'an object')
}

/**
 * Refuses anything but a function.
 *
 * @throws ConfigurationError that names the argument
 */
export function requireFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw unexpected(`\`${name}\``, value, 'a function')
}

/**
 * Refuses anything but a list, or what gives its items one by one. A text would be read character by character, and
 * "12" would be taken for 1 and 2.
 *
 * @throws ConfigurationError that names the argument
 */
export function requireList(name: string, value: unknown): void {
  const { [Symbol.iterator]: items, [Symbol.asyncIterator]: asyncItems } = Object(value)
  const iterable = typeof items === 'function' || typeof asyncItems === 'function'
  if (iterable && typeof value !== 'string') return
  throw unexpected(`\`${name}\``, value, 'a list', 'Put it into brackets. Nothing was sent.')
}

/**
 * Refuses a list that is given and is none, such as a text.
 *
 * @throws ConfigurationError that names the argument
 */
export function assertNotString(name: string, list: unknown): void {
  if (list !== undefined) requireList(name, list)
}

/** 404 of something that was looked for by other means than its id. */
export function notFound(operation: string, what: string): NotFoundError {
  return new NotFoundError({
    operation,
    status: 404,
    message: `There is no ${what}.`,
    fix: 'Check the spelling and the project; what was deleted is not found either.',
    routeUnknown: false,
    currentVersion: undefined,
  })
}
