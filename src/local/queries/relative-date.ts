import { toInstant, toWall, wallText } from './zoned-time.ts'

type Field = 'Seconds' | 'Minutes' | 'Hours' | 'Date' | 'Month'

/** Units of relative dates, such as `-7d`. `M` is minutes, `m` is months, and a quarter is 13 weeks, as in PostHog. */
const UNITS: Readonly<Record<string, readonly [field: Field, size: number]>> = {
  s: ['Seconds', 1],
  M: ['Minutes', 1],
  h: ['Hours', 1],
  d: ['Date', 1],
  w: ['Date', 7],
  m: ['Month', 1],
  q: ['Date', 91],
  y: ['Month', 12],
}

/** A relative date, resolved. */
export interface RelativeDate {
  /** Local time in the project's zone, with the time of day of `now`. */
  readonly wall: Date
  readonly unit: string
  readonly count: number
  readonly position: 'Start' | 'End' | undefined
}

/**
 * Resolves a relative date: `-7d`, `-12h`, `-1mStart`, `dStart`. Undefined for any other text.
 *
 * @see PostHog/posthog posthog/utils.py, relative_date_parse_with_delta_mapping
 */
export function resolveRelative(text: string, now: Date, timezone: string): RelativeDate | undefined {
  const match = /^-?(\d*)([sMhdwmqy])(Start|End)?$/.exec(text)
  const [, digits = '', unit = '', end] = match ?? []
  const size = UNITS[unit]
  if (size === undefined || (digits === '' && end === undefined)) return undefined
  const position = end === 'Start' || end === 'End' ? end : undefined
  const wall = toWall(now, timezone)
  const count = Number(digits)
  shift(wall, size[0], -count * size[1])
  if (position !== undefined) moveToEdge(wall, unit, position)
  return { wall, unit, count, position }
}

/** A relative date of a property filter as a local time. Undefined for an absolute date. */
export function relativeTime(text: string, now: Date, timezone: string): string | undefined {
  const resolved = resolveRelative(text, now, timezone)
  return resolved === undefined ? undefined : wallText(resolved.wall)
}

/** Parses an absolute date. A time without an offset is local to the project's zone. Undefined for any other text. */
export function parseAbsolute(text: string, timezone: string): { wall: Date; hasTime: boolean } | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text,
  )
  if (match === null) return undefined
  const [, day = '', time, offset] = match
  const parsed = new Date(`${day}T${time ?? '00:00'}${offset ?? 'Z'}`)
  if (Number.isNaN(parsed.getTime())) return undefined
  return { wall: offset === undefined ? parsed : toWall(parsed, timezone), hasTime: time !== undefined }
}

/** The instant of an absolute or relative date. Undefined for any other text. */
export function parseInstant(text: string, now: Date, timezone: string): Date | undefined {
  const wall = resolveRelative(text, now, timezone)?.wall ?? parseAbsolute(text, timezone)?.wall
  return wall === undefined ? undefined : toInstant(wall, timezone)
}

/** Moves a wall date by months. A day that the month lacks becomes its last day. */
export function addMonths(wall: Date, months: number): void {
  const day = wall.getUTCDate()
  wall.setUTCDate(1)
  wall.setUTCMonth(wall.getUTCMonth() + months)
  wall.setUTCDate(Math.min(day, lastDay(wall)))
}

function lastDay(wall: Date): number {
  return new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate()
}

function shift(wall: Date, field: Field, amount: number): void {
  if (field === 'Seconds') wall.setUTCSeconds(wall.getUTCSeconds() + amount)
  else if (field === 'Minutes') wall.setUTCMinutes(wall.getUTCMinutes() + amount)
  else if (field === 'Hours') wall.setUTCHours(wall.getUTCHours() + amount)
  else if (field === 'Date') wall.setUTCDate(wall.getUTCDate() + amount)
  else addMonths(wall, amount)
}

// As in PostHog, `yEnd` is the end of the month, and weeks and quarters have no edge.
function moveToEdge(wall: Date, unit: string, position: 'Start' | 'End'): void {
  const isStart = position === 'Start'
  if (unit === 'h') wall.setUTCMinutes(isStart ? 0 : 59, isStart ? 0 : 59, isStart ? 0 : 999)
  if (unit === 'd') wall.setUTCHours(isStart ? 0 : 23, isStart ? 0 : 59, isStart ? 0 : 59, isStart ? 0 : 999)
  if (unit === 'y' && isStart) wall.setUTCMonth(0, 1)
  else if (unit === 'm' || unit === 'y') wall.setUTCDate(isStart ? 1 : lastDay(wall))
}
