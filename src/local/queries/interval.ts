import { invalid } from '../http/api-error.ts'
import type { ProjectSettings } from './filter-context.ts'
import type { HogqlValues } from './hogql-values.ts'
import { wallText } from './zoned-time.ts'

/** Intervals of an insight. */
const INTERVALS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
export type Interval = (typeof INTERVALS)[number]

const PRECISE_MS: Readonly<Partial<Record<Interval, number>>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
}

/** Parses an interval. Default: `day`. @throws ApiError 400 for an unknown one. */
export function readInterval(value: unknown, fallback: Interval = 'day'): Interval {
  if (value === undefined || value === null) return fallback
  const interval = INTERVALS.find((known) => known === value)
  if (interval === undefined) {
    throw invalid(
      'interval',
      `Expected interval to be one of ${INTERVALS.join(', ')}, got ${JSON.stringify(value)}.`,
    )
  }
  return interval
}

/** Whether an interval is shorter than a day, so its steps have a time. */
export function isPrecise(interval: Interval): boolean {
  return PRECISE_MS[interval] !== undefined
}

/** Start of the step that contains a wall date. */
export function startOf(wall: Date, interval: Interval, startsWeekOnMonday = false): Date {
  const precise = PRECISE_MS[interval]
  if (precise !== undefined) return new Date(Math.floor(wall.getTime() / precise) * precise)
  const weekday = (wall.getUTCDay() + (startsWeekOnMonday ? 6 : 0)) % 7
  const month = wall.getUTCMonth()
  if (interval === 'year') return new Date(Date.UTC(wall.getUTCFullYear(), 0, 1))
  if (interval === 'quarter') return new Date(Date.UTC(wall.getUTCFullYear(), month - (month % 3), 1))
  const day = interval === 'month' ? 1 : wall.getUTCDate() - (interval === 'week' ? weekday : 0)
  return new Date(Date.UTC(wall.getUTCFullYear(), month, day))
}

/** Start of the step `count` steps after the one that starts at `start`. */
export function addSteps(start: Date, interval: Interval, count = 1): Date {
  const precise = PRECISE_MS[interval]
  if (precise !== undefined) return new Date(start.getTime() + count * precise)
  const months = { month: 1, quarter: 3, year: 12 }[interval as string]
  const [year, month, day] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()]
  if (months !== undefined) return new Date(Date.UTC(year, month + months * count, day))
  return new Date(Date.UTC(year, month, day + (interval === 'week' ? 7 : 1) * count))
}

/** HogQL text of the start of the step of a time column, in the project's zone: `2026-11-03` or `2026-11-03 14:00:00`. */
export function stepHogql(
  interval: Interval,
  column: string,
  project: ProjectSettings,
  values: HogqlValues,
): string {
  const start = startHogql(interval, `toTimeZone(${column}, ${values.add(project.timezone)})`, project)
  return isPrecise(interval) ? `toString(${start})` : `toString(toDate(${start}))`
}

function startHogql(interval: Interval, time: string, project: ProjectSettings): string {
  // Modes of ClickHouse: 0 starts weeks on Sunday, 3 on Monday.
  if (interval === 'week') return `toStartOfWeek(${time}, ${project.startsWeekOnMonday ? 3 : 0})`
  return `toStartOf${interval.charAt(0).toUpperCase()}${interval.slice(1)}(${time})`
}

/** A step in an insight's `days`: the day, with the time for steps shorter than a day. */
export function stepDay(step: Date, interval: Interval): string {
  return isPrecise(interval) ? wallText(step) : step.toISOString().slice(0, 10)
}

/** A step's label: `3-Nov-2026`, or `3-Nov-2026 14:00`. */
export function stepLabel(step: Date, interval: Interval): string {
  const month = step.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })
  const day = `${step.getUTCDate()}-${month}-${step.getUTCFullYear()}`
  const time = wallText(step).slice(11)
  if (interval === 'second') return `${day} ${time}`
  return isPrecise(interval) ? `${day} ${time.slice(0, 5)}` : day
}
