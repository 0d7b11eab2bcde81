import type { ValidationIssue } from '../../../runtime/errors/result-errors.ts'
import type { Columns } from '../../../runtime/rows/decode-rows.ts'
import {
  plainIssue,
  type SchemaIssue,
  type StandardSchema,
  validationError,
} from '../../../runtime/transport/validate.ts'
import { checkColumns } from './check-columns.ts'
import { isSchema, type RowShape } from './row-shape.ts'

const operation = 'POST /api/projects/{project_id}/query/'
/** Issues that an error names. */
const named = 5

/**
 * Rows in a shape: what the schema makes of each, or the rows themselves when their columns are as declared.
 *
 * @throws ResponseValidationError
 */
export async function shapeRows(
  shape: RowShape,
  rows: readonly unknown[],
  columns: Columns,
): Promise<unknown[]> {
  if (isSchema(shape)) return throughSchema(shape, rows)
  checkColumns(shape, columns, operation)
  return [...rows]
}

async function throughSchema(schema: StandardSchema, rows: readonly unknown[]): Promise<unknown[]> {
  const shaped: unknown[] = []
  for (const [at, row] of rows.entries()) {
    const validated = schema['~standard'].validate(row)
    const result = validated instanceof Promise ? await validated : validated
    if (result.issues !== undefined) throw validationError(operation, placed(at, result.issues))
    shaped.push(result.value)
  }
  return shaped
}

function placed(at: number, issues: readonly SchemaIssue[]): ValidationIssue[] {
  const plain = issues.slice(0, named).map(plainIssue)
  return plain.map(({ path, message }) => ({ path: `rows.${at}${path && `.${path}`}`, message }))
}
