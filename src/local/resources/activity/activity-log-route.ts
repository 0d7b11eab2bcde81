import { notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { numberedPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import { ORGANIZATION, USER } from '../../store/account.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import type { ActivityRecord } from './activity-log.ts'
import { activities, activityView } from './managed-activity-log.ts'

const PAGE_SIZE = 100
const MOST = 1_000

/** What was done in the project. */
export const activityLogRoutes: readonly Route[] = [
  actionRoute('GET', 'projects/:project/activity_log', 'activity_log:read', listActivities),
]

function listActivities({ world, url }: Call): Response {
  const { searchParams } = url
  const scopes = [...searchParams.getAll('scope'), ...searchParams.getAll('scopes')].flatMap((text) =>
    text.split(','),
  )
  const item = searchParams.get('item_id')
  const user = searchParams.get('user')
  const fits = (entry: ActivityRecord): boolean =>
    (scopes.length === 0 || scopes.includes(entry.scope)) &&
    (item === null || entry.item_id === item) &&
    (user === null || user === USER.uuid)
  const asked = Number(searchParams.get('page_size') ?? PAGE_SIZE)
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, MOST) : PAGE_SIZE
  const page = numberedPage(activities(world, fits), url, Math.min(size, world.pageSize), size)
  if (page === undefined) throw notFound('Invalid page.')
  return jsonResponse(200, { ...page, results: page.results.map(view) })
}

function view(entry: ActivityRecord): object {
  return {
    ...activityView(entry),
    organization_id: ORGANIZATION.id,
    unread: false,
    is_system: false,
    was_impersonated: false,
    client: null,
  }
}
