/** Milliseconds of each unit of a duration. */
const UNITS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}

/** The clock of a local PostHog. Queries, records, caches, rate limits and scheduled changes read it. */
export interface LocalClock {
  /** The current time. */
  now(): Date
  /**
   * Moves the clock forward. Waits that only limit how long a request takes still use real time.
   *
   * @param by Milliseconds, or a duration such as `1 day`, `90 minutes` or `2 weeks`.
   * @throws Error for a negative or unreadable duration.
   * @example local.clock.advance('1 day')
   */
  advance(by: number | string): void
}

/** A clock that can return to its start. */
export interface ResettableClock extends LocalClock {
  /** Undoes every `advance`. */
  reset(): void
}

/** Creates a clock that follows `base`. Default: the system clock. */
export function createClock(base: () => Date = () => new Date()): ResettableClock {
  let aheadMs = 0
  return {
    now: () => new Date(base().getTime() + aheadMs),
    advance: (by) => {
      aheadMs += milliseconds(by)
    },
    reset: () => {
      aheadMs = 0
    },
  }
}

function milliseconds(by: number | string): number {
  if (typeof by === 'number' && Number.isFinite(by) && by >= 0) return by
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?) *([a-z]+?)s?$/i.exec(String(by).trim()) ?? []
  const scale = UNITS[unit.toLowerCase()]
  if (count !== undefined && scale !== undefined) return Number(count) * scale
  throw new Error(
    `Expected a duration to advance the clock by, got ${JSON.stringify(by)}. ` +
      `Pass milliseconds, or a number with ${Object.keys(UNITS).join(', ')}, such as '1 day'.`,
  )
}
