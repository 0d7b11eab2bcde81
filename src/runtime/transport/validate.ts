import { ResponseValidationError, type ValidationIssue } from '../errors/response-validation-error.ts'
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
 * Holds an answer against a schema. The answer itself is never changed.
 *
 * @throws ResponseValidationError in mode `throw`
 */
export async function validateAnswer(
  data: unknown,
  schema: StandardSchema,
  mode: ValidateMode,
  operation: string,
  log: Logger,
): Promise<void> {
  const { issues = [] } = await schema['~standard'].validate(data)
  if (issues.length === 0) return
  const error = misfit(operation, issues.slice(0, named).map(plainIssue))
  if (mode === 'throw') throw error
  log.warn(error.message)
}

/** The error for an answer that does not fit. */
export function misfit(operation: string, issues: readonly ValidationIssue[]): ResponseValidationError {
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
