import {
  anything,
  checkOptions,
  milliseconds,
  type OptionChecks,
  text,
  unexpected,
} from '../../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import type { StreamWindow } from './stream-options.ts'

/** Milliseconds of the first piece. */
export const firstWindowMs = 86_400_000
const least = 1_000
/** A piece that took less than this, in milliseconds, may be twice as long: PostHog gives a query ten seconds. */
const fast = 2_000

/** How far each piece goes: half as far after one that took too long, twice as far after one that was fast. */
export interface TimeWindows {
  readonly from: number
  readonly to: number
  /** The end of the piece that begins at a moment. */
  end(start: number): number
  /** @returns false when a piece is as small as it gets */
  narrow(): boolean
  took(ms: number): void
  /** How much of the span is before a moment, from 0 to 1. */
  progress(at: number): number
}

/** Reads the option, which `checkStream` has looked at. */
export function createTimeWindows({ from, to, size = firstWindowMs }: StreamWindow): TimeWindows {
  const [start, end] = [timestampOf('from', from), timestampOf('to', to)]
  let width = size
  return {
    from: start,
    to: end,
    end: (at) => Math.min(at + width, end),
    narrow() {
      if (width <= least) return false
      width = Math.max(least, Math.floor(Math.min(width, end - start) / 2))
      return true
    },
    took(ms) {
      if (ms < fast && width < end - start) width *= 2
    },
    progress: (at) => (end === start ? 1 : Math.min(1, Math.max(0, (at - start) / (end - start)))),
  }
}

const windowChecks: OptionChecks<StreamWindow> = {
  column: text(),
  from: anything,
  to: anything,
  size: {
    accepts: (value) => milliseconds.accepts(value) && Number(value) >= least,
    expected: `milliseconds, ${least} or more`,
  },
}

/**
 * Refuses a wrong window.
 *
 * @throws ConfigurationError for a date without a zone, an end before the start, and a size below a second
 */
export function checkWindow(window: StreamWindow): void {
  checkOptions('window', window, windowChecks)
  if (!text().accepts(window.column)) {
    throw unexpected('The option `column` of `window`', window.column, 'the name of a column')
  }
  if (timestampOf('from', window.from) > timestampOf('to', window.to)) {
    throw new ConfigurationError({
      message: '`from` is later than `to`.',
      fix: 'Swap them: the earlier end of the span is `from`.',
    })
  }
}

/**
 * Milliseconds since 1970 of a moment.
 *
 * @throws ConfigurationError for anything but a valid Date, a day that exists, and a time with its zone
 */
export function timestampOf(name: string, value: unknown): number {
  const isZoned = typeof value === 'string' && /^\d{4}-\d\d-\d\d(?:$|.*(?:Z|[+-]\d\d:?\d\d)$)/.test(value)
  const ms = isZoned || value instanceof Date ? new Date(value).getTime() : Number.NaN
  if (!Number.isNaN(ms) && (typeof value !== 'string' || isDay(value.slice(0, 10)))) return ms
  throw unexpected(
    `\`${name}\``,
    value,
    'a valid date with its zone',
    'Use a Date, a day such as 2026-01-31 (in UTC), or a time with its zone such as 2026-01-31T12:00:00Z.',
  )
}

/** Whether a day exists: engines read February 30 as a day of March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}
