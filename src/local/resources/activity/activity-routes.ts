import { jsonResponse } from '../../http/json.ts'
import type { ThrottleClass } from '../../http/limits/throttles.ts'
import type { Call, Route } from '../../http/route.ts'
import type { ActivityRecord } from './activity-log.ts'
import { activities, activityView } from './managed-activity-log.ts'

/** Entries on a page when no number is asked for. */
const PAGE_SIZE = 10

/**
 * The activity of a kind of thing, or of one thing.
 *
 * @param idOf The thing, when the route is about one. It throws when there is none.
 */
export function activityRoute(
  path: string,
  scope: string,
  idOf?: (call: Call) => string | number,
  throttle: ThrottleClass = 'default',
): Route {
  const handle = (call: Call): Response => {
    const id = idOf === undefined ? undefined : String(idOf(call))
    const fits = (entry: ActivityRecord): boolean =>
      entry.scope === scope && (id === undefined || entry.item_id === id)
    return jsonResponse(200, activityPage(activities(call.world, fits), call))
  }
  return { path, throttle, methods: { GET: { scope: 'activity_log:read', handle } } }
}

function activityPage(entries: readonly ActivityRecord[], { url, world }: Call): object {
  const asked = (name: string, fallback: number): number => {
    const value = Number(url.searchParams.get(name) ?? fallback)
    return Number.isInteger(value) && value > 0 ? value : fallback
  }
  const limit = Math.min(asked('limit', PAGE_SIZE), world.pageSize)
  const page = asked('page', 1)
  const link = (at: number): string => {
    const target = new URL(url)
    target.searchParams.set('page', String(at))
    target.searchParams.set('limit', String(limit))
    return target.href
  }
  return {
    results: entries.slice((page - 1) * limit, page * limit).map(activityView),
    next: page * limit < entries.length ? link(page + 1) : null,
    previous: page > 1 ? link(page - 1) : null,
    total_count: entries.length,
  }
}
