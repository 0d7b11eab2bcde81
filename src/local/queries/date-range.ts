import { clickHouseTime } from '../engine/sql-values.ts'
import { invalid } from '../http/api-error.ts'
import { member } from '../http/json.ts'
import type { ProjectSettings } from './filter-context.ts'
import type { HogqlValues } from './hogql-values.ts'
import { addSteps, type Interval, isPrecise, startOf } from './interval.ts'
import { parseAbsolute, resolveRelative } from './relative-date.ts'
import { toInstant, toWall } from './zoned-time.ts'

/** The date range of an insight, both ends inclusive. */
export interface DateRange {
  readonly interval: Interval
  readonly from: Date
  readonly to: Date
  /** Wall date of the start of each step. */
  readonly steps: readonly Date[]
}

/** The start and end of a query's `dateRange`, as sent. */
export interface RequestedDates {
  readonly date_from?: unknown
  readonly date_to?: unknown
  /** Whether the ends are exact and not extended to whole days. */
  readonly explicitDate?: unknown
}

/** What the dates of a query are relative to. */
export interface DateContext {
  readonly project: ProjectSettings
  readonly now: Date
  /** Time of the project's first event, for `all`. */
  readonly earliest?: Date
}

const DEFAULT_DAYS = '-7d'
const MAX_STEPS = 10_000

/** The dates of a query. Those of the caller take precedence. */
export function requestedDates(
  query: Readonly<Record<string, unknown>>,
  override: RequestedDates = {},
): RequestedDates {
  const range = query['dateRange']
  return {
    date_from: override.date_from ?? member(range, 'date_from'),
    date_to: override.date_to ?? member(range, 'date_to'),
    explicitDate: member(range, 'explicitDate'),
  }
}

/**
 * Resolves the date range of an insight. Dates are local to the project: absolute (`2026-01-31`), relative (`-7d`,
 * `-12h`, `mStart`) or `all`. Default: the last 7 days.
 *
 * @throws ApiError 400 for an invalid date.
 * @see PostHog/posthog posthog/hogql_queries/utils/query_date_range.py
 */
export function dateRange(dates: RequestedDates, interval: Interval, context: DateContext): DateRange {
  const { timezone } = context.project
  const from = dates.date_from === 'all' ? toWall(context.earliest ?? context.now, timezone) : undefined
  const start = from ?? readWall(dates.date_from ?? DEFAULT_DAYS, 'date_from', interval, dates, context)
  const end = readWall(dates.date_to ?? 'now', 'date_to', interval, dates, context)
  return rangeBetween(startOfRange(start, interval, dates, context), end, interval, context.project, start)
}

/** A range between two wall dates. `firstIn` is a wall date in the first step; default: `from`. */
export function rangeBetween(
  from: Date,
  to: Date,
  interval: Interval,
  project: ProjectSettings,
  firstIn: Date = from,
): DateRange {
  const steps: Date[] = []
  for (
    let at = startOf(firstIn, interval, project.startsWeekOnMonday);
    at <= to;
    at = addSteps(at, interval)
  ) {
    steps.push(at)
    if (steps.length > MAX_STEPS) throw invalid('date_from', 'The date range has too many steps')
  }
  return { interval, from: toInstant(from, project.timezone), to: toInstant(to, project.timezone), steps }
}

/** HogQL conditions: the time column is in the range. */
export function inRangeHogql(
  { from, to }: Pick<DateRange, 'from' | 'to'>,
  values: HogqlValues,
  column = 'timestamp',
): string {
  return `${column} >= ${timeHogql(from, values)} AND ${column} <= ${timeHogql(to, values)}`
}

/** HogQL of an instant. The last millisecond of a range includes its microseconds. */
export function timeHogql(time: Date, values: HogqlValues): string {
  return `toDateTime64(${values.add(clickHouseTime(time).replace(/\.999$/, '.999999'))}, 6, 'UTC')`
}

/** Parses the start or the end of a range in UTC. By `day`, an end is the end of its day; by `minute`, it is exact. */
export function readDate(
  value: unknown,
  now: Date,
  interval: 'day' | 'minute',
  field: 'date_from' | 'date_to',
): Date {
  const project = { timezone: 'UTC', startsWeekOnMonday: false, testAccountFilters: [], pathCleaning: [] }
  return readWall(value, field, interval, {}, { project, now })
}

// A range that starts some hours ago starts there, not at the start of the day.
function startOfRange(
  start: Date,
  interval: Interval,
  dates: RequestedDates,
  { project, now }: DateContext,
): Date {
  const relative = resolveRelative(String(dates.date_from ?? DEFAULT_DAYS), now, project.timezone)
  const isExact =
    dates.explicitDate === true || (relative !== undefined && ['s', 'M', 'h'].includes(relative.unit))
  if (interval === 'minute' || interval === 'second') return start
  return isExact && ['hour', 'day'].includes(interval)
    ? start
    : startOf(start, interval, project.startsWeekOnMonday)
}

function readWall(
  value: unknown,
  field: 'date_from' | 'date_to',
  interval: Interval,
  { explicitDate }: RequestedDates,
  { project: { timezone }, now }: DateContext,
): Date {
  if (typeof value !== 'string') throw invalid(field, 'A date must be a string')
  const extend = (wall: Date, isRelative: boolean): Date => {
    if (field === 'date_from' || explicitDate === true) return wall
    if (!isPrecise(interval)) return endOf(wall, 'day')
    return interval === 'hour' && isRelative ? endOf(wall, 'hour') : wall
  }
  if (value === 'now' || value === '') return extend(toWall(now, timezone), true)
  const relative = resolveRelative(value, now, timezone)
  if (relative !== undefined) {
    const keepsTime = explicitDate === true || interval === 'minute' || interval === 'second'
    const unit = ['s', 'M', 'h'].includes(relative.unit) ? 'hour' : 'day'
    const wall = keepsTime ? relative.wall : startOf(relative.wall, unit)
    return extend(wall, true)
  }
  const absolute = parseAbsolute(value, timezone)
  if (absolute === undefined) {
    const fix = 'Use a date such as 2026-01-31, -7d, mStart or now'
    throw invalid(field, `${JSON.stringify(value)} is not a valid date. ${fix}`)
  }
  return extend(absolute.wall, false)
}

/** Last millisecond of the day or hour of a wall date. */
function endOf(wall: Date, interval: Interval): Date {
  return new Date(addSteps(startOf(wall, interval), interval).getTime() - 1)
}
