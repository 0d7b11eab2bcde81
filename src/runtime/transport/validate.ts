import { unexpected } from '../config/check-options.ts'
import { ResponseValidationError, type ValidationIssue } from '../errors/result-errors.ts'
import type { Logger } from '../observe/logger.ts'

/** A schema of a library that supports Standard Schema: zod, Valibot, ArkType and others. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
  }
}

/** Result of a validation. */
export type SchemaResult<Output = unknown> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** One mismatch between a value and its schema. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** Reaction to a response that does not match its schema. */
export type ValidateMode = 'off' | 'warn' | 'throw'

/** Maximum issues in an error or log line. */
const maxIssues = 5

/**
 * Throws unless a value is a schema or undefined.
 *
 * @throws ConfigurationError
 */
export function checkSchema(schema: unknown): void {
  if (schema === undefined || typeof Object(Object(schema)['~standard']).validate === 'function') return
  throw unexpected('`schema`', schema, 'a schema of zod or another library that supports Standard Schema')
}

/**
 * Validates a response with a schema, and returns the output of the schema. Never changes the response itself.
 *
 * @throws ResponseValidationError in mode `throw`; mode `warn` logs it and returns the response
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
  report(operation, issues.slice(0, maxIssues).map(plainIssue), mode, log)
  return data
}

/**
 * Validates each item of a list, and returns the outputs of the schema.
 *
 * @throws ResponseValidationError in mode `throw`; mode `warn` logs it and returns invalid items unchanged
 */
export async function validateItems(
  items: readonly unknown[],
  schema: StandardSchema,
  mode: ValidateMode,
  operation: string,
  log: Logger,
): Promise<readonly unknown[]> {
  const found: ValidationIssue[] = []
  const outputs: unknown[] = []
  for (const [index, item] of items.entries()) {
    const result = await schema['~standard'].validate(item)
    outputs.push(result.issues === undefined ? result.value : item)
    for (const { path = [], message } of result.issues ?? []) {
      if (found.length < maxIssues) found.push(plainIssue({ path: [index, ...path], message }))
    }
  }
  if (found.length > 0) report(operation, found, mode, log)
  return outputs
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

/** Creates the error for a response that does not match its schema. */
export function validationError(
  operation: string,
  issues: readonly ValidationIssue[],
): ResponseValidationError {
  const lines = issues.map(({ path, message }) => `${path || 'the response'}: ${message}`)
  return new ResponseValidationError({
    operation,
    issues,
    message: `${operation} returned a response that does not match its schema: ${lines.join('; ')}.`,
    fix: 'Check whether PostHog has changed the response, or set `validate` to "warn".',
  })
}

/** Converts the path of an issue to a string. */
export function plainIssue({ message, path = [] }: SchemaIssue): ValidationIssue {
  const keys = path.map((part) => String(typeof part === 'object' ? part.key : part))
  return { path: keys.join('.'), message }
}
