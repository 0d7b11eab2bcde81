import type { StandardSchema } from '../../../runtime/transport/validate.ts'
import type { ColumnShape } from './row-of-columns.ts'

/** What rows are to be: what a schema makes of them, or columns of these types. */
export type RowShape = StandardSchema | ColumnShape

/** Whether it is a schema of a library. ArkType's are functions. */
export function isSchema(shape: RowShape): shape is StandardSchema {
  return '~standard' in shape && typeof shape['~standard'] === 'object'
}
