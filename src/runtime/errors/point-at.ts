import { type Redact, redact } from '../observe/redact.ts'
import { isPostHogError, redactError } from './posthog-error.ts'

/**
 * Finishes an error before the caller sees it: redacts the secrets of its client and call, and makes its stack show
 * where the call was made. Behind the waits, its own trace shows the package alone. Errors of others stay as they are.
 */
export function pointAt(error: unknown, trace: Error | undefined, redactText: Redact = redact): unknown {
  if (!(error instanceof Error) || !isPostHogError(error)) return error
  redactError(error, redactText)
  const frames = trace?.stack?.split('\n').slice(1).join('\n')
  if (frames !== undefined) error.stack = `${error.name}: ${error.message}\n${frames}`
  return error
}
