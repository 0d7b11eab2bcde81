import { positive } from '../runtime/config/resolve.ts'
import type { Requester } from './requester.ts'

/** Milliseconds for all of it. PostHog itself stops what runs in the background after 600 seconds. */
export const tenMinutes = 600_000
/** Milliseconds between the first two questions. */
export const firstPollMs = 300
const pauses = { growth: 1.5, longest: 5_000 }

/** The pause after one: they grow, so that what is soon done is soon known and the rest costs little. */
export function nextPollMs(ms: number): number {
  return Math.min(ms * pauses.growth, pauses.longest)
}

/** Milliseconds that are kept for the last question. */
const lastQuestion = 1_000

/** A stretch of time in which PostHog is asked again and again. */
export interface Polling {
  /** Milliseconds in all. */
  readonly ms: number
  /** Milliseconds for the next question. */
  left(): number
  /** Waits; false, without waiting, when no time is left for another question. Rejects with the signal's reason. */
  pause(ms: number): Promise<boolean>
}

/**
 * Begins such a stretch: ten minutes, if nothing else is said.
 *
 * @throws ConfigurationError for a `totalTimeout` that is no number above 0
 */
export function startPolling(
  { platform: { sleep, monotonic } }: Pick<Requester, 'platform'>,
  totalTimeout: number | undefined,
  signal: AbortSignal | undefined,
): Polling {
  const ms = positive('totalTimeout', totalTimeout, tenMinutes)
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
