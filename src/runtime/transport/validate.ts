import { unexpected } from '../config/check-options.ts'
import { ResponseValidationError, type ValidationIssue } from '../errors/result-errors.ts'
import type { Logger } from '../observe/logger.ts'

/** A schema of any library that follows Standard Schema: zod, Valibot, ArkType and others. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
  }
}

/** What a schema says about a value. */
export type SchemaResult<Output = unknown> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** One thing that does not fit. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** What happens to an answer that does not fit its schema. */
export type ValidateMode = 'off' | 'warn' | 'throw'

/** Issues that an error or a line of the log names. */
const named = 5

/**
 * Refuses what is given as a schema and is none.
 *
 * @throws ConfigurationError
 */
export function checkSchema(schema: unknown): void {
  if (schema === undefined || typeof Object(Object(schema)['~standard']).validate === 'function') return
  throw unexpected('`schema`', schema, 'a schema of zod or any library that follows Standard Schema')
}

/**
 * Validates a response with a schema, and gives what the schema makes of it. The response itself is never changed.
 *
 * @throws ResponseValidationError in mode `throw`; in mode `warn` the response is given as it is
 */
export async function validateResponse(
  data: unknown,
  schema: StandardSchema,
  mode: ValidateMode,
  operation: string,
  log: Logger,
): Promise<unknown> {
  const result = await schema['~standard'].validate(data)
  const { issues } = result
  if (issues === undefined) return result.value
  report(operation, issues.slice(0, named).map(plainIssue), mode, log)
  return data
}

/**
 * Validates each item of a list, and gives what the schema makes of it.
 *
 * @throws ResponseValidationError in mode `throw`; in mode `warn` an item that does not fit is given as it is
 */
export async function validateItems(
  items: readonly unknown[],
  schema: StandardSchema,
  mode: ValidateMode,
  operation: string,
  log: Logger,
): Promise<readonly unknown[]> {
  const found: ValidationIssue[] = []
  const shaped: unknown[] = []
  for (const [index, item] of items.entries()) {
    const result = await schema['~standard'].validate(item)
    shaped.push(result.issues === undefined ? result.value : item)
    for (const { path = [], message } of result.issues ?? []) {
      if (found.length < named) found.push(plainIssue({ path: [index, ...path], message }))
    }
  }
  if (found.length > 0) report(operation, found, mode, log)
  return shaped
}

function report(
  operation: string,
  issues: readonly ValidationIssue[],
  mode: ValidateMode,
  log: Logger,
): void {
  const error = validationError(operation, issues)
  if (mode === 'throw') throw error
  log.warn(error.message)
}

/** The error for an answer that does not fit. */
export function validationError(
  operation: string,
  issues: readonly ValidationIssue[],
): ResponseValidationError {
  const lines = issues.map(({ path, message }) => `${path || 'the whole'}: ${message}`)
  return new ResponseValidationError({
    operation,
    issues,
    message: `${operation} answered what its schema does not expect: ${lines.join('; ')}.`,
    fix: 'Look whether PostHog changed the answer, or set `validate` to "warn".',
  })
}

/** An issue with its path as a text. */
export function plainIssue({ message, path = [] }: SchemaIssue): ValidationIssue {
  const keys = path.map((part) => String(typeof part === 'object' ? part.key : part))
  return { path: keys.join('.'), message }
}
