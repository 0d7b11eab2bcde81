import { invalid } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'

/** Intervals of an insight. */
const INTERVALS = ['hour', 'day', 'week', 'month'] as const
export type Interval = (typeof INTERVALS)[number]

/** The date range of an insight, both ends inclusive, and the start of each step. */
export interface InsightRange {
  readonly interval: Interval
  readonly from: Date
  readonly to: Date
  readonly steps: readonly Date[]
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MAX_STEPS = 10_000

/**
 * Resolves the date range of an insight. Dates are UTC, ISO or relative: `-7d`, `-2w`, `-3m`, `-1y`, `-12h`, `dStart`,
 * `mStart`, `yStart`, `now`. Default: the last 7 days by day.
 *
 * @throws ApiError 400 for an invalid date.
 */
export function insightRange(
  query: Readonly<Record<string, unknown>>,
  override: { readonly date_from?: unknown; readonly date_to?: unknown },
  now: Date,
): InsightRange {
  const requested = query['interval'] ?? 'day'
  const interval = INTERVALS.find((known) => known === requested)
  if (interval === undefined)
    throw invalid('interval', `The local PostHog does not support the interval ${String(requested)}`)
  const range = query['dateRange']
  const from = readDate(override.date_from ?? member(range, 'date_from') ?? '-7d', now, interval, 'date_from')
  const to = readDate(override.date_to ?? member(range, 'date_to') ?? 'now', now, interval, 'date_to')
  const steps: Date[] = []
  for (let at = startOf(from, interval); at <= to; at = nextStep(at, interval)) {
    steps.push(at)
    if (steps.length > MAX_STEPS) throw invalid('date_from', 'The date range has too many steps')
  }
  return { interval, from: startOf(from, interval), to, steps }
}

/** Start of the step that contains a time. Weeks start on Sunday, PostHog's default. */
export function startOf(date: Date, interval: Interval): Date {
  const hour = interval === 'hour' ? date.getUTCHours() : 0
  const day = interval === 'month' ? 1 : date.getUTCDate() - (interval === 'week' ? date.getUTCDay() : 0)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day, hour))
}

/** Start of the step that follows the step at `start`. */
export function nextStep(start: Date, interval: Interval): Date {
  if (interval === 'hour') return new Date(start.getTime() + HOUR_MS)
  if (interval === 'month') return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1))
  return new Date(start.getTime() + (interval === 'week' ? 7 : 1) * DAY_MS)
}

/** ClickHouse expression for the start of the step of `column`. */
export function stepExpression(interval: Interval, column: string): string {
  if (interval === 'week') return `toStartOfWeek(${column}, 0)`
  return `toStartOf${interval.charAt(0).toUpperCase()}${interval.slice(1)}(${column})`
}

/** A step in an insight's `days`: the day, with the time for hourly steps. */
export function stepDay(step: Date, interval: Interval): string {
  const text = step.toISOString()
  return interval === 'hour' ? `${text.slice(0, 10)} ${text.slice(11, 19)}` : text.slice(0, 10)
}

/** A step's label: `3-Nov-2026`, or `3-Nov-2026 14:00`. */
export function stepLabel(step: Date, interval: Interval): string {
  const month = step.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })
  const day = `${step.getUTCDate()}-${month}-${step.getUTCFullYear()}`
  return interval === 'hour' ? `${day} ${String(step.getUTCHours()).padStart(2, '0')}:00` : day
}

/** Parses the start or the end of a date range. */
export function readDate(
  value: unknown,
  now: Date,
  interval: Interval,
  field: 'date_from' | 'date_to',
): Date {
  if (typeof value !== 'string') throw invalid(field, 'A date must be a string')
  const toDayBoundary = (date: Date): Date => {
    const start = startOf(date, 'day')
    return field === 'date_from' ? start : new Date(start.getTime() + DAY_MS - 1)
  }
  const isHourly = interval === 'hour'
  if (value === 'now' || value === '') return field === 'date_to' && !isHourly ? toDayBoundary(now) : now
  const relative = /^-?(\d+)([hdwmy])$/.exec(value)
  if (relative !== null) {
    const date = stepBack(now, Number(relative[1]), relative[2] ?? 'd')
    return relative[2] === 'h' || isHourly ? date : toDayBoundary(date)
  }
  if (value === 'dStart') return startOf(now, 'day')
  if (value === 'mStart') return startOf(now, 'month')
  if (value === 'yStart') return new Date(Date.UTC(now.getUTCFullYear(), 0, 1))
  const date = new Date(/^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(value) ? `${value}Z` : value)
  if (!/^\d{4}-\d{2}-\d{2}/.test(value) || Number.isNaN(date.getTime())) {
    throw invalid(
      field,
      `${JSON.stringify(value)} is not a valid date. Use a date such as 2026-01-31, -7d, mStart or now`,
    )
  }
  return value.length === 10 ? toDayBoundary(date) : date
}

function stepBack(now: Date, count: number, unit: string): Date {
  const date = new Date(now)
  if (unit === 'h') date.setUTCHours(date.getUTCHours() - count)
  else if (unit === 'd') date.setUTCDate(date.getUTCDate() - count)
  else if (unit === 'w') date.setUTCDate(date.getUTCDate() - 7 * count)
  else if (unit === 'm') date.setUTCMonth(date.getUTCMonth() - count)
  else date.setUTCFullYear(date.getUTCFullYear() - count)
  return date
}
