import { isPostHogError } from './posthog-error.ts'

/** An error that says where the call was made: behind the waits, its own trace shows the package alone. */
export function pointAt(error: unknown, trace: Error | undefined): unknown {
  const frames = trace?.stack?.split('\n').slice(1).join('\n')
  if (error instanceof Error && frames !== undefined && isPostHogError(error)) {
    error.stack = `${error.name}: ${error.message}\n${frames}`
  }
  return error
}
