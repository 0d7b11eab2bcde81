/*
 * Local times of a project. A "wall" date is a `Date` whose UTC fields show the local time of a zone, so plain UTC
 * arithmetic moves it by calendar days and months.
 */

const formats = new Map<string, Intl.DateTimeFormat>()

/** The wall date of an instant. */
export function toWall(instant: Date, timezone: string): Date {
  if (timezone === 'UTC') return new Date(instant)
  const part = new Map(
    zoneFormat(timezone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const [year, month, day] = [part.get('year') ?? 0, part.get('month') ?? 1, part.get('day') ?? 1]
  const [hour, minute, second] = [part.get('hour') ?? 0, part.get('minute') ?? 0, part.get('second') ?? 0]
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second, instant.getUTCMilliseconds()))
}

/** The instant of a wall date. A time that a clock change skips is moved by the change. */
export function toInstant(wall: Date, timezone: string): Date {
  const offset = (instant: Date): number => toWall(instant, timezone).getTime() - instant.getTime()
  const guess = new Date(wall.getTime() - offset(wall))
  return new Date(wall.getTime() - offset(guess))
}

/** `YYYY-MM-DD HH:MM:SS` of a wall date. */
export function wallText(wall: Date): string {
  return wall.toISOString().slice(0, 19).replace('T', ' ')
}

/** ISO text of a wall date with the offset of its zone, such as `2026-11-20T00:00:00+01:00`; `Z` in UTC. */
export function isoWithOffset(wall: Date, timezone: string): string {
  const text = wall.toISOString().replace(/\.000Z$|Z$/, '')
  if (timezone === 'UTC') return `${text}Z`
  const minutes = Math.round((wall.getTime() - toInstant(wall, timezone).getTime()) / 60_000)
  const two = (number: number): string => String(number).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${text}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(timeZone, format)
  return format
}
