import { isPlainObject, unexpected } from '../../../runtime/config/check-options.ts'
import type { StandardSchema } from '../../../runtime/transport/validate.ts'
import type { ColumnShape } from './row-of-columns.ts'

/** What rows are to be: what a schema makes of them, or columns of these types. */
export type RowShape = StandardSchema | ColumnShape

/** Whether it is a schema of a library. ArkType's are functions. */
export function isSchema(shape: unknown): shape is StandardSchema {
  if ((typeof shape !== 'object' && typeof shape !== 'function') || shape === null) return false
  const standard: unknown = Reflect.get(shape, '~standard')
  return (
    typeof standard === 'object' &&
    standard !== null &&
    typeof Reflect.get(standard, 'validate') === 'function'
  )
}

/**
 * Reads the argument of `as`.
 *
 * @throws ConfigurationError for what is neither a schema nor columns with their types
 */
export function rowShape(value: unknown): RowShape {
  if (isSchema(value)) return value
  if (!isPlainObject(value)) {
    throw unexpected('The argument of `as`', value, 'a schema, or an object of columns and their types')
  }
  for (const [name, type] of Object.entries(value)) {
    if (typeof type === 'string' && type !== '') continue
    throw unexpected(`The type of the column \`${name}\``, type, 'the name of a ClickHouse type')
  }
  // Each value was found to be a text.
  return value as ColumnShape
}
