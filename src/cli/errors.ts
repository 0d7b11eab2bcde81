import type { CommanderError } from 'commander'
import { EndpointDescriptionError } from '../codegen/endpoints/document-reader.ts'
import { LockError } from '../codegen/lock-file.ts'
import { SchemaError } from '../codegen/schema/schema-error.ts'
import { isPostHogError } from '../runtime/errors/posthog-error.ts'
import { redact } from '../runtime/observe/redact.ts'
import { closestName } from '../shared/did-you-mean.ts'
import { type ExitCode, exitCodes } from './cli-io.ts'
import { type Flags, toCliAdvice } from './library-fixes.ts'
import { type Line, style } from './output/style.ts'

/** An invalid command line, input file or configuration. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  /** What to do, in one sentence. */
  readonly fix: string | undefined

  constructor(message: string, fix?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.fix = fix
  }
}

/** The abort reason after Ctrl-C. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'

  constructor() {
    super('Interrupted.')
  }
}

/** Maximum number of names in a suggestion. */
const maxListedNames = 10

/** The fix for an unknown name: the closest candidate, or else a list of the candidates. */
export function suggestName(name: string, candidates: readonly string[]): string {
  const closest = closestName(name, candidates)
  if (closest !== undefined) return `Did you mean "${closest}"?`
  if (candidates.length === 0) return 'There are no names to choose from.'
  const hidden = candidates.length - maxListedNames
  const listed = candidates.slice(0, maxListedNames).join(', ')
  return `Available: ${listed}${hidden > 0 ? ` and ${hidden} more` : ''}.`
}

/** An error as the CLI reports it. */
export interface ErrorReport {
  readonly message: string
  readonly fix: string | undefined
  readonly exitCode: ExitCode
}

/**
 * Describes any error: message, fix and exit code. Secrets are redacted.
 *
 * @param flags flags of the command, the only ones that a fix may name
 */
export function describeError(error: unknown, flags: Flags): ErrorReport {
  if (error instanceof UsageError) return toReport(error.message, error.fix, exitCodes.usage)
  if (error instanceof InterruptedError) return toReport(error.message, undefined, exitCodes.interrupted)
  if (isCommandLineError(error)) return describeCommandLine(error)
  if (isPostHogError(error)) {
    const { message, fix } = toCliAdvice(error, flags)
    return toReport(message, fix, error.kind === 'configuration' ? exitCodes.usage : exitCodes.failure)
  }
  if (error instanceof SchemaError) {
    // Its message ends with the fix.
    const message = error.message.slice(0, -error.fix.length).trim()
    return toReport(message, error.fix, exitCodes.failure)
  }
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof EndpointDescriptionError) {
    const fix = 'Save the endpoint again in PostHog, or skip it: `typehog endpoints pull --skip-invalid`.'
    return toReport(message, fix, exitCodes.failure)
  }
  if (error instanceof LockError) return toReport(message, error.fix, exitCodes.usage)
  if (isFileError(error)) return toReport(message, fileFixes[error.code], exitCodes.usage)
  return toReport(message, fixOf(error), exitCodes.failure)
}

/** Renders the report of an error as lines: message, fix, and with `debug` the stacks of the error and its causes. */
export function renderError({ message, fix }: ErrorReport, error: unknown, debug: boolean): Line[] {
  const lines: Line[] = [[style.red('Error:'), ` ${message}`]]
  if (fix !== undefined) lines.push([style.bold('Fix:'), ` ${fix}`])
  return debug ? [...lines, ...stackLines(error)] : lines
}

/** The stacks of an error and its chain of causes, as lines. */
export function stackLines(error: unknown): string[] {
  const causes = new Set<Error>()
  for (let cause = error; cause instanceof Error && !causes.has(cause); cause = cause.cause) causes.add(cause)
  return [...causes].flatMap(({ stack = '' }) => stack.split('\n'))
}

/** Whether an error is one of commander. By its code, so that modules without a command line need not load commander. */
function isCommandLineError(error: unknown): error is CommanderError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')
}

/** Describes a command line that commander rejects: an unknown option, a missing argument. */
function describeCommandLine({ code, message }: CommanderError): ErrorReport {
  const [problem = '', hint] = message.replace(/^error: /, '').split('\n')
  const isHelp = code === 'commander.help'
  const text = isHelp
    ? 'Expected a command, got none.'
    : `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`
  const fix = hint?.replace(/^\((.*)\)$/, '$1') || 'Run `typehog --help` for usage.'
  return toReport(text.replace(/\.\.$/, '.'), fix, exitCodes.usage)
}

function toReport(message: string, fix: string | undefined, exitCode: ExitCode): ErrorReport {
  return { message: redact(message), fix: fix === undefined ? undefined : redact(fix), exitCode }
}

/** The fix of an error of code generation, if it has one. */
function fixOf(error: unknown): string | undefined {
  const fix = error instanceof Error && 'fix' in error ? error.fix : undefined
  return typeof fix === 'string' ? fix : undefined
}

const fileFixes: Readonly<Record<string, string>> = {
  EACCES: 'Check the permissions, or choose another path.',
  EPERM: 'Check the permissions, or choose another path.',
  EROFS: 'Choose a path on a writable disk.',
  EISDIR: 'Pass a file, not a folder.',
  ENOTDIR: 'Check the path: part of it is not a folder.',
  ENOENT: 'Check the path.',
  ENOSPC: 'Free some disk space, then run the command again.',
}

/** File system errors have a path and a code. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'path' in error && 'code' in error
}
