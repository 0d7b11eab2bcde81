import { parseHttpDate } from './http-date.ts'

const expected = /Expected available in (\d{1,10}) seconds?\b/i
/** No server counts to more digits; a longer number is malformed. */
const wholeSeconds = /^\d{1,10}$/

/** Longest wait that is obeyed, in milliseconds: the longest window that PostHog documents for most limits. */
const maxServerWait = 3_600_000

/**
 * Milliseconds that the server asks to wait, at most an hour: from `Retry-After`, else from the sentence in PostHog's
 * detail. A date is measured against the response's own `Date`, so that a wrong clock here does not matter.
 *
 * @param now milliseconds by the wall clock, for responses without a valid `Date`
 * @returns undefined when the server does not say, or says something malformed
 */
export function serverWait(
  headers: Pick<Headers, 'get'>,
  detail: string | undefined,
  now: number,
): number | undefined {
  const retryAfter = headers.get('retry-after')?.trim() ?? ''
  if (wholeSeconds.test(retryAfter)) return milliseconds(retryAfter)
  const sentAt = parseHttpDate(headers.get('date')?.trim() ?? '', now) ?? now
  const date = parseHttpDate(retryAfter, sentAt)
  if (date !== undefined) return Math.min(Math.max(0, date - sentAt), maxServerWait)
  const seconds = expected.exec(detail ?? '')?.[1]
  return seconds === undefined ? undefined : milliseconds(seconds)
}

function milliseconds(seconds: string): number {
  return Math.min(Number(seconds) * 1_000, maxServerWait)
}

/** Delay before attempt `attempt + 1`: full jitter over a ceiling that doubles from `initialDelay` to `maxDelay`. */
export function backoff(
  attempt: number,
  policy: { readonly initialDelay: number; readonly maxDelay: number },
  random: number,
): number {
  return Math.round(random * Math.min(policy.maxDelay, policy.initialDelay * 2 ** (attempt - 1)))
}
