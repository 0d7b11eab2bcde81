import { createPlatform } from '../platform.ts'
import { type Abortable, openScope, untilAbort, watchSignal } from './abort.ts'

/** The time that all steps of one call share. */
export interface Deadline {
  /** Aborts with the timeout's error or the caller's reason. */
  readonly scope: Abortable
  /** The same, for requests. */
  readonly signal: AbortSignal
  /** Milliseconds that are left now; at least 1. */
  timeLeft(): number
}

/**
 * Runs work of several steps within one timeout and the caller's signal. Rejects as soon as either ends it, whatever
 * the step under way does.
 *
 * @param timeout makes the error for a deadline that passes
 */
export async function withinDeadline<T>(
  ms: number,
  signal: AbortSignal | undefined,
  timeout: () => Error,
  run: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const platform = createPlatform()
  const end = platform.monotonic() + ms
  const scope = openScope(platform, signal && watchSignal(signal), ms, timeout)
  const timeLeft = (): number => Math.max(1, end - platform.monotonic())
  try {
    scope.throwIfAborted()
    return await untilAbort(run({ scope, signal: scope.signal, timeLeft }), scope)
  } finally {
    scope.end()
  }
}

/** The deadline that options already belong to, if they do. */
export function inheritedDeadline({
  signal,
  timeLeft,
}: {
  readonly signal?: AbortSignal | undefined
  readonly timeLeft?: (() => number) | undefined
}): Deadline | undefined {
  if (signal === undefined || timeLeft === undefined) return undefined
  return { scope: watchSignal(signal), signal, timeLeft }
}
