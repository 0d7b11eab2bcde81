import { byCodeUnit } from '../source-text.ts'
import type { ProjectLock } from './project-lock.ts'

/** What the choice of an event depends on. */
export interface RankedEvent {
  readonly name: string
  readonly hidden: boolean
  /** ISO 8601. Undefined if PostHog has never seen the event. */
  readonly lastSeenAt: string | undefined
}

/**
 * Selects the events whose properties a pull reads: those of the previous lock, so that nothing disappears by itself,
 * then the most frequent ones.
 *
 * @param counts numbers of events by name. Without them, the ones seen last come first
 */
export function selectEvents(
  events: readonly RankedEvent[],
  maxEvents: number,
  previous: ProjectLock | undefined,
  counts: ReadonlyMap<string, number>,
): ReadonlySet<string> {
  const locked = lockedProperties(previous)
  const ranked = [...events].sort(
    (a, b) =>
      Number(locked.has(b.name)) - Number(locked.has(a.name)) ||
      Number(a.hidden) - Number(b.hidden) ||
      (counts.get(b.name) ?? 0) - (counts.get(a.name) ?? 0) ||
      byCodeUnit(b.lastSeenAt ?? '', a.lastSeenAt ?? '') ||
      byCodeUnit(a.name, b.name),
  )
  return new Set(ranked.slice(0, maxEvents).map(({ name }) => name))
}

/** Names of the events whose properties are in a lock. */
export function lockedProperties(lock: ProjectLock | undefined): ReadonlySet<string> {
  const events = Object.entries(lock?.events ?? {})
  return new Set(events.filter(([, { properties }]) => properties !== undefined).map(([name]) => name))
}
