import { CommanderError } from 'commander'
import { EndpointDescriptionError } from '../codegen/endpoints/document-reader.ts'
import { LockError } from '../codegen/lock-file.ts'
import { SchemaError } from '../codegen/schema/schema-error.ts'
import { isPostHogError } from '../runtime/errors/posthog-error.ts'
import type { ExitCode } from './cli-io.ts'
import { type ErrorReport, InterruptedError, isFileError, UsageError } from './errors.ts'

/** An error as `--json` prints it: the last line of stderr. Fields of a failed request are absent without one. */
export interface ErrorJson {
  readonly error: {
    /** Class of the error, such as `PermissionError`. */
    readonly name: string
    /** Kind of the library's error, or `usage`, `file`, `schema`, `interrupted` or `unexpected`. */
    readonly kind: string
    readonly message: string
    /** What to do; null if unknown. */
    readonly fix: string | null
    /** HTTP status. */
    readonly status?: number
    /** PostHog's code, or the code of the system. */
    readonly code?: string
    readonly requestId?: string
    /** Method and path template of the request. */
    readonly operation?: string
    readonly exitCode: ExitCode
  }
}

/** Converts an error to JSON. Secrets are redacted in `report` only; the other fields have none. */
export function toErrorJson({ message, fix, exitCode }: ErrorReport, error: unknown): ErrorJson {
  const { status, code, requestId, operation } = Object(error)
  return {
    error: {
      name: error instanceof CommanderError ? 'UsageError' : error instanceof Error ? error.name : 'Error',
      kind: kindOf(error),
      message,
      fix: fix ?? null,
      ...(typeof status === 'number' ? { status } : {}),
      ...(typeof code === 'string' && !(error instanceof CommanderError) ? { code } : {}),
      ...(typeof requestId === 'string' ? { requestId } : {}),
      ...(typeof operation === 'string' ? { operation } : {}),
      exitCode,
    },
  }
}

function kindOf(error: unknown): string {
  if (isPostHogError(error)) return error.kind
  if (error instanceof UsageError || error instanceof CommanderError) return 'usage'
  if (error instanceof InterruptedError) return 'interrupted'
  if (error instanceof LockError || isFileError(error)) return 'file'
  if (error instanceof SchemaError) return 'schema'
  return error instanceof EndpointDescriptionError ? 'invalid_response' : 'unexpected'
}

/** Whether a command line that commander rejects has the flag `--json`. */
export function requestsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? undefined : end).includes('--json')
}
