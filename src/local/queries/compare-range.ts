import { isObject } from '../../shared/is-object.ts'
import { type DateContext, type DateRange, type RequestedDates, rangeBetween } from './date-range.ts'
import { addSteps, startOf } from './interval.ts'
import { resolveRelative } from './relative-date.ts'
import { toWall } from './zoned-time.ts'

const DAY_MS = 86_400_000

/**
 * The period to compare with: the one before, or `compare_to` earlier (`-1w`). Undefined without a comparison.
 *
 * @see PostHog/posthog posthog/queries/util.py, get_compare_period_dates
 */
export function compareRange(
  compareFilter: unknown,
  range: DateRange,
  dates: RequestedDates,
  { project, now }: DateContext,
): DateRange | undefined {
  if (!isObject(compareFilter) || compareFilter['compare'] !== true) return undefined
  const { timezone } = project
  const [from, to] = [toWall(range.from, timezone), toWall(range.to, timezone)]
  const { compare_to } = compareFilter
  if (typeof compare_to === 'string' && compare_to !== '') {
    const earlier = (wall: Date): Date => resolveRelative(compare_to, wall, 'UTC')?.wall ?? wall
    return rangeBetween(earlier(from), earlier(to), range.interval, project)
  }
  const length = to.getTime() - from.getTime()
  const before = new Date(from.getTime() - length)
  if (range.interval === 'second' || range.interval === 'minute')
    return rangeBetween(before, from, range.interval, project)
  if (range.interval === 'hour') {
    before.setUTCHours(from.getUTCHours(), 0, 0, 0)
    const end = addSteps(startOf(new Date(before.getTime() + length), 'hour'), 'hour')
    return rangeBetween(before, new Date(end.getTime() - 1), 'hour', project)
  }
  before.setUTCHours(0, 0, 0, 0)
  const relative = resolveRelative(String(dates.date_from ?? '-7d'), now, timezone)
  // A range of `-7d` has 8 days with today. PostHog moves the earlier one by a day, so that weekdays align.
  const isWeeks = relative?.unit === 'd' && relative.count > 0 && relative.count % 7 === 0
  const isOpen = dates.date_to === undefined || dates.date_to === null || dates.date_to === ''
  if (range.interval === 'day' && isWeeks && isOpen) before.setTime(before.getTime() + DAY_MS)
  const end = addSteps(startOf(new Date(before.getTime() + length), 'day'), 'day')
  return rangeBetween(before, new Date(end.getTime() - 1), range.interval, project)
}
