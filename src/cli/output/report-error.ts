import { EndpointDescriptionError } from '../../codegen/endpoints/endpoint-description-error.ts'
import { SchemaError } from '../../codegen/schema/schema-error.ts'
import { isPostHogError } from '../../runtime/errors/posthog-error.ts'
import { redact } from '../../runtime/observe/redact.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { UsageError } from '../usage-error.ts'
import { type Line, style } from './style.ts'

/** An error as it is shown, and what the process ends with because of it. */
export interface ErrorReport {
  readonly message: string
  readonly fix: string | undefined
  readonly exitCode: ExitCode
}

/** What to say about an error. */
export function describeError(error: unknown): ErrorReport {
  if (error instanceof UsageError) return report(error, error.fix, exitCodes.usage)
  if (isPostHogError(error)) {
    return report(error, error.fix, error.kind === 'configuration' ? exitCodes.usage : exitCodes.failure)
  }
  if (error instanceof SchemaError) {
    // Its message ends with the fix.
    const message = error.message.slice(0, -error.fix.length).trim()
    return report(message, error.fix, exitCodes.failure)
  }
  if (error instanceof EndpointDescriptionError) {
    const fix = 'Save the endpoint again in PostHog, or leave it out: typehog endpoints pull --skip-invalid.'
    return report(error, fix, exitCodes.failure)
  }
  if (isFileError(error)) return report(error, fileFixes[error.code] ?? undefined, exitCodes.usage)
  return report(error, fixOf(error), exitCodes.failure)
}

/** An error as lines: what happened, the fix, and with `debug` where it came from. */
export function renderError(error: unknown, debug: boolean): Line[] {
  const { message, fix } = describeError(error)
  const lines: Line[] = [[style.red('Error:'), ` ${message}`]]
  if (fix !== undefined) lines.push([style.bold('Fix:'), ` ${fix}`])
  return debug ? [...lines, ...causesOf(error).flatMap(({ stack = '' }) => stack.split('\n'))] : lines
}

/** An error, its cause, the cause's cause and so on. */
function causesOf(error: unknown): Error[] {
  const causes = new Set<Error>()
  for (let cause = error; cause instanceof Error && !causes.has(cause); cause = cause.cause) causes.add(cause)
  return [...causes]
}

function report(error: unknown, fix: string | undefined, exitCode: ExitCode): ErrorReport {
  const message = redact(error instanceof Error ? error.message : String(error))
  return { message, fix: fix === undefined ? undefined : redact(fix), exitCode }
}

/** Errors of code generation carry a fix as well. */
function fixOf(error: unknown): string | undefined {
  const fix = error instanceof Error && 'fix' in error ? error.fix : undefined
  return typeof fix === 'string' ? fix : undefined
}

const fileFixes: Readonly<Record<string, string>> = {
  EACCES: 'Check who may write there, or name another file.',
  EPERM: 'Check who may write there, or name another file.',
  EROFS: 'Name a file on a disk that can be written.',
  EISDIR: 'Name a file, not a folder.',
  ENOTDIR: 'Check the path: something in it is not a folder.',
  ENOENT: 'Check the path.',
  ENOSPC: 'Free some space and run the command again.',
}

/** Errors of the file system name a path. */
function isFileError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'path' in error && 'code' in error
}
