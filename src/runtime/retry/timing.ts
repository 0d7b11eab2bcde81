const expected = /Expected available in (\d{1,10}) seconds?\b/i
/** A longer number is malformed. */
const wholeSeconds = /^\d{1,10}$/

/** Maximum wait, in milliseconds: the longest window that PostHog documents for most limits. */
const maxServerWait = 3_600_000

/**
 * Wait requested by the server, in milliseconds, up to an hour: from `Retry-After`, or else from PostHog's detail. A date
 * counts from the response's own `Date`, so that a wrong local clock does not matter.
 *
 * @param now milliseconds by the wall clock, for responses without a valid `Date`
 * @returns undefined when the server sends no wait, or a malformed one
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

/** Delay before the next attempt: full jitter up to a maximum that doubles from `initialDelay` to `maxDelay`. */
export function backoff(
  attempt: number,
  policy: { readonly initialDelay: number; readonly maxDelay: number },
  random: number,
): number {
  return Math.round(random * Math.min(policy.maxDelay, policy.initialDelay * 2 ** (attempt - 1)))
}

const days = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun'
const longDays = 'Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday'
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const month = `(?<month>${months.join('|')})`
const time = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)'

/** The three formats of RFC 9110, 5.6.7: IMF-fixdate, RFC 850 and asctime. Names are case-sensitive. */
const forms = [
  `(?:${days}), (?<day>\\d{2}) ${month} (?<year>\\d{4}) ${time} GMT`,
  `(?:${longDays}), (?<day>\\d{2})-${month}-(?<year>\\d{2}) ${time} GMT`,
  `(?:${days}) ${month} (?<day>\\d{2}| \\d) ${time} (?<year>\\d{4})`,
].map((form) => new RegExp(`^${form}$`))

/**
 * Parses an HTTP date. Does not check that the weekday matches the date.
 *
 * @param now milliseconds since 1970; determines the century of a two-digit year
 * @returns milliseconds since 1970; undefined for a malformed date
 */
function parseHttpDate(text: string, now: number): number | undefined {
  for (const form of forms) {
    const parts = form.exec(text)?.groups
    if (parts === undefined) continue
    const { day, month = '', year = '', hour, minute, second } = parts
    const [monthIndex, dayOfMonth] = [months.indexOf(month), Number(day)]
    const fullYear = year.length === 4 ? Number(year) : expandYear(Number(year), now)
    // Unlike `Date.UTC`, the setter does not move the years 0 to 99 into the 20th century.
    const midnight = new Date(0).setUTCFullYear(fullYear, monthIndex, dayOfMonth)
    if (new Date(midnight).getUTCDate() !== dayOfMonth) return undefined
    return midnight + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000
  }
  return undefined
}

/** A two-digit year more than 50 years ahead means the most recent such year in the past (RFC 9110, 5.6.7). */
function expandYear(twoDigits: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear()
  const candidate = thisYear - (thisYear % 100) + twoDigits
  return candidate > thisYear + 50 ? candidate - 100 : candidate
}
