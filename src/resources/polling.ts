import { positive } from '../runtime/config/check-options.ts'
import type { Requester } from './requester.ts'

/** Default polling time in milliseconds. PostHog stops background queries after 600 seconds. */
export const tenMinutes = 600_000
/** Milliseconds before the second poll. */
export const firstPollMs = 300
const backoff = { factor: 1.5, maxMs: 5_000 }

/** The next pause in milliseconds. Pauses grow, so that fast work is noticed early and slow work costs few requests. */
export function nextPollMs(ms: number): number {
  return Math.min(ms * backoff.factor, backoff.maxMs)
}

/** Milliseconds reserved for the last poll. */
const lastPollMs = 1_000

/** A time budget for polling. */
export interface Polling {
  /** Total milliseconds. */
  readonly ms: number
  /** Milliseconds left, at least 1. */
  left(): number
  /** Waits. Returns false at once if no time is left for another poll. Rejects with the signal's reason. */
  pause(ms: number): Promise<boolean>
}

/**
 * Starts a time budget for polling. Default: ten minutes.
 *
 * @throws ConfigurationError for a `totalTimeout` that is not a positive number
 */
export function startPolling(
  { platform: { sleep, monotonic } }: Pick<Requester, 'platform'>,
  totalTimeout: number | undefined,
  signal: AbortSignal | undefined,
): Polling {
  const ms = positive('totalTimeout', totalTimeout, tenMinutes)
  const reserve = Math.min(lastPollMs, ms / 2)
  const deadline = monotonic() + ms
  return {
    ms,
    left: () => Math.max(1, deadline - monotonic()),
    async pause(wait) {
      const available = deadline - reserve - monotonic()
      if (available <= 0) return false
      await sleep(Math.min(wait, available), signal)
      return true
    },
  }
}
