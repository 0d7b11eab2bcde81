const expected = /Expected available in (\d+) seconds?/i
const wholeSeconds = /^\d+$/
/** The form of a date that servers send (RFC 9110, 5.6.7); its two obsolete forms are as good as no answer. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * How long the server asks to wait, in milliseconds: by `Retry-After`, else by the sentence in PostHog's detail.
 * Undefined when it does not say, or says something malformed.
 */
export function serverWait(
  retryAfter: string | null | undefined,
  detail: string | undefined,
  now: number,
): number | undefined {
  const header = retryAfter?.trim() ?? ''
  if (wholeSeconds.test(header)) return milliseconds(header)
  if (httpDate.test(header)) {
    const date = Date.parse(header)
    if (!Number.isNaN(date)) return Math.max(0, date - now)
  }
  const seconds = expected.exec(detail ?? '')?.[1]
  return seconds === undefined ? undefined : milliseconds(seconds)
}

/** A day of waiting is beyond any deadline; without a cap a long number would make an invalid date. */
function milliseconds(seconds: string): number {
  return Math.min(Number(seconds), 31_536_000) * 1000
}

/** Delay before attempt `attempt + 1`: full jitter over a ceiling that doubles from `initialDelay` to `maxDelay`. */
export function backoff(
  attempt: number,
  policy: { readonly initialDelay: number; readonly maxDelay: number },
  random: number,
): number {
  return Math.round(random * Math.min(policy.maxDelay, policy.initialDelay * 2 ** (attempt - 1)))
}
