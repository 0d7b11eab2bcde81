import {
  anything,
  checkOptions,
  milliseconds,
  nonEmptyString,
  type OptionChecks,
  unexpected,
} from '../../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import type { StreamWindow } from './stream-options.ts'

/** Default milliseconds of the first window. */
export const firstWindowMs = 86_400_000
const minWindowMs = 1_000
/** The next window doubles after a faster query, in milliseconds. PostHog's query timeout is ten seconds. */
const fastQueryMs = 2_000
/** Part of a page that a window should fill when several are read at once. A second page would have to wait. */
const targetFill = 0.9

/** Adaptive time windows: halved after a timeout, doubled after a fast query. Times are in milliseconds. */
export interface TimeWindows {
  readonly from: number
  readonly to: number
  /** Returns the end of the window that starts at a time. */
  end(start: number): number
  /** Halves a window of a size that timed out. Returns false if it has the minimum size already. */
  narrow(size: number): boolean
  /** Reports the duration of the query for a window of a size, after which the next may double. */
  recordDuration(size: number, ms: number): void
  /** Reports the rows in a range of a size. The next windows hold about one page of such rows. */
  recordRows(size: number, rows: number, pageSize: number): void
  /** Returns the progress at a time, from 0 to 1. */
  progress(at: number): number
}

/** Creates the windows of a range that `checkStream` has validated. */
export function createTimeWindows({ from, to, size = firstWindowMs }: StreamWindow): TimeWindows {
  const [start, end] = [timestampOf('from', from), timestampOf('to', to)]
  let width = size
  /** Width of a window that holds about one page, as of the latest rows. */
  let fitting = Number.POSITIVE_INFINITY
  return {
    from: start,
    to: end,
    end: (at) => Math.min(at + width, end),
    narrow(size) {
      if (size <= minWindowMs) return false
      // Queries of later windows that run already may time out as well.
      width = Math.min(width, Math.max(minWindowMs, Math.floor(size / 2)))
      return true
    },
    recordDuration(size, ms) {
      if (ms < fastQueryMs && size >= width && width < end - start) width = Math.min(2 * width, fitting)
    },
    recordRows(size, rows, pageSize) {
      // The short rest of a window says little about the next ones.
      if (size === 0 || rows === 0 || (size < width / 2 && rows < pageSize)) return
      fitting = Math.max(minWindowMs, Math.floor((size * targetFill * pageSize) / rows))
      width = Math.min(width, fitting)
    },
    progress: (at) => (end === start ? 1 : Math.min(1, Math.max(0, (at - start) / (end - start)))),
  }
}

const windowChecks: OptionChecks<StreamWindow> = {
  column: nonEmptyString(),
  from: anything,
  to: anything,
  size: {
    accepts: (value) => milliseconds.accepts(value) && Number(value) >= minWindowMs,
    expected: `milliseconds, ${minWindowMs} or more`,
  },
}

/**
 * Validates a window.
 *
 * @throws ConfigurationError for a date without a time zone, an end before the start, or a size below one second
 */
export function checkWindow(window: StreamWindow): void {
  checkOptions('window', window, windowChecks)
  if (!nonEmptyString().accepts(window.column)) {
    throw unexpected('The option `column` of `window`', window.column, 'the name of a column')
  }
  if (timestampOf('from', window.from) > timestampOf('to', window.to)) {
    throw new ConfigurationError({
      message: '`from` is later than `to`.',
      fix: 'Swap them: `from` is the earlier time.',
    })
  }
}

/**
 * Converts a date to milliseconds since 1970.
 *
 * @throws ConfigurationError unless it is a valid Date, an existing day, or a time with a time zone
 */
export function timestampOf(name: string, value: unknown): number {
  const isZoned = typeof value === 'string' && /^\d{4}-\d\d-\d\d(?:$|.*(?:Z|[+-]\d\d:?\d\d)$)/.test(value)
  const ms = isZoned || value instanceof Date ? new Date(value).getTime() : Number.NaN
  if (!Number.isNaN(ms) && (typeof value !== 'string' || isDay(value.slice(0, 10)))) return ms
  throw unexpected(
    `\`${name}\``,
    value,
    'a valid date with a time zone',
    'Use a Date, a day in UTC such as 2026-01-31, or a time with a time zone such as 2026-01-31T12:00:00Z.',
  )
}

/** Whether a day exists. JavaScript engines parse February 30 as a day in March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}
