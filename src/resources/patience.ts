import { positive } from '../runtime/config/resolve.ts'
import { createPlatform } from '../runtime/platform.ts'

/** Milliseconds that are kept for the last question. */
const lastQuestion = 1_000

/** A stretch of time in which PostHog is asked again and again. */
export interface Patience {
  /** Milliseconds in all. */
  readonly ms: number
  /** Milliseconds for the next question. */
  left(): number
  /** Waits; false, without waiting, when no time is left for another question. Rejects with the signal's reason. */
  pause(ms: number): Promise<boolean>
}

/**
 * Begins such a stretch.
 *
 * @throws ConfigurationError for a `totalTimeout` that is no number above 0
 */
export function patienceOf(
  totalTimeout: number | undefined,
  fallback: number,
  signal: AbortSignal | undefined,
): Patience {
  const { sleep, monotonic } = createPlatform()
  const ms = positive('totalTimeout', totalTimeout, fallback)
  const reserve = Math.min(lastQuestion, ms / 2)
  const deadline = monotonic() + ms
  return {
    ms,
    left: () => Math.max(1, deadline - monotonic()),
    async pause(wait) {
      const most = deadline - reserve - monotonic()
      if (most <= 0) return false
      await sleep(Math.min(wait, most), signal)
      return true
    },
  }
}
