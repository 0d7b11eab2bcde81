import { toInstant, toWall, wallText } from './zoned-time.ts'

/** Units of relative dates, such as `-7d`. Capital `M` is minutes and `m` is months, as in PostHog. */
const UNITS: Readonly<
  Record<string, readonly [field: 'Seconds' | 'Minutes' | 'Hours' | 'Date' | 'Month', size: number]>
> = {
  s: ['Seconds', 1],
  S: ['Seconds', 1],
  M: ['Minutes', 1],
  h: ['Hours', 1],
  H: ['Hours', 1],
  d: ['Date', 1],
  D: ['Date', 1],
  w: ['Date', 7],
  W: ['Date', 7],
  m: ['Month', 1],
  q: ['Month', 3],
  Q: ['Month', 3],
  y: ['Month', 12],
  Y: ['Month', 12],
}

/** A relative date, resolved. */
export interface RelativeDate {
  /** Local time in the project's zone. */
  readonly wall: Date
  /** Whether the unit is hours or shorter, so the time of day counts. */
  readonly isPrecise: boolean
  /** Whether `Start` or `End` gives the exact time. */
  readonly hasPosition: boolean
}

/**
 * Resolves a relative date: `-7d`, `-12h`, `-1mStart`, `dStart`, `yEnd`. Undefined for any other text.
 *
 * @see PostHog/posthog posthog/utils.py, relative_date_parse_with_delta_mapping
 */
export function resolveRelative(text: string, now: Date, timezone: string): RelativeDate | undefined {
  const match = /^-?(\d*)([sSMhHdDwWmqQyY])(Start|End)?$/.exec(text)
  const unit = UNITS[match?.[2] ?? '']
  if (match === null || unit === undefined || (match[1] === '' && match[3] === undefined)) return undefined
  const wall = toWall(now, timezone)
  shift(wall, unit[0], -Number(match[1]) * unit[1])
  if (match[3] !== undefined) moveToEdge(wall, (match[2] ?? '').toLowerCase(), match[3] === 'End')
  return { wall, isPrecise: !['Date', 'Month'].includes(unit[0]), hasPosition: match[3] !== undefined }
}

/** A relative date of a property filter as a local time. Undefined for an absolute date. */
export function relativeTime(text: string, now: Date, timezone: string): string | undefined {
  const resolved = resolveRelative(text, now, timezone)
  return resolved === undefined ? undefined : wallText(resolved.wall)
}

/**
 * Parses an absolute date. A time without an offset is local to the project's zone. Undefined for any other text.
 */
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

function shift(wall: Date, field: 'Seconds' | 'Minutes' | 'Hours' | 'Date' | 'Month', amount: number): void {
  if (field === 'Seconds') wall.setUTCSeconds(wall.getUTCSeconds() + amount)
  else if (field === 'Minutes') wall.setUTCMinutes(wall.getUTCMinutes() + amount)
  else if (field === 'Hours') wall.setUTCHours(wall.getUTCHours() + amount)
  else if (field === 'Date') wall.setUTCDate(wall.getUTCDate() + amount)
  else addMonths(wall, amount)
}

/** Moves a wall date by months. A day that the month lacks becomes its last day. */
export function addMonths(wall: Date, months: number): void {
  const day = wall.getUTCDate()
  wall.setUTCDate(1)
  wall.setUTCMonth(wall.getUTCMonth() + months)
  const last = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate()
  wall.setUTCDate(Math.min(day, last))
}

function moveToEdge(wall: Date, unit: string, toEnd: boolean): void {
  if (unit === 'h') wall.setUTCMinutes(0, 0, 0)
  else wall.setUTCHours(0, 0, 0, 0)
  if (unit === 'w') wall.setUTCDate(wall.getUTCDate() - ((wall.getUTCDay() + 6) % 7))
  if (['m', 'q', 'y'].includes(unit)) wall.setUTCDate(1)
  if (unit === 'q') wall.setUTCMonth(wall.getUTCMonth() - (wall.getUTCMonth() % 3))
  if (unit === 'y') wall.setUTCMonth(0)
  if (!toEnd) return
  if (unit === 'h') wall.setUTCHours(wall.getUTCHours() + 1)
  else if (unit === 'd') wall.setUTCDate(wall.getUTCDate() + 1)
  else if (unit === 'w') wall.setUTCDate(wall.getUTCDate() + 7)
  else wall.setUTCMonth(wall.getUTCMonth() + (unit === 'm' ? 1 : unit === 'q' ? 3 : 12))
  wall.setTime(wall.getTime() - 1)
}
