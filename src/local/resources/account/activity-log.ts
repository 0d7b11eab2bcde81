import { notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { numberedPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import { ORGANIZATION, USER } from '../../store/account.ts'
import { type ActivityEntry, activityView, findActivity } from '../../store/activity.ts'
import { actionRoute } from '../../store/resource-routes.ts'

const PAGE_SIZE = 100
const MAX_PAGE_SIZE = 1_000

/** The activity log of the project. */
export const activityLogRoute: Route = actionRoute(
  'GET',
  'projects/:project/activity_log',
  'activity_log:read',
  listActivity,
)

function listActivity({ state, url }: Call): Response {
  const { searchParams } = url
  const scopes = [...searchParams.getAll('scope'), ...searchParams.getAll('scopes')].flatMap((text) =>
    text.split(','),
  )
  const item = searchParams.get('item_id')
  const user = searchParams.get('user')
  const matches = (entry: ActivityEntry): boolean =>
    (scopes.length === 0 || scopes.includes(entry.scope)) &&
    (item === null || entry.item_id === item) &&
    (user === null || user === USER.uuid)
  const requested = Number(searchParams.get('page_size') ?? PAGE_SIZE)
  const isValid = Number.isInteger(requested) && requested > 0
  const size = isValid ? Math.min(requested, MAX_PAGE_SIZE) : PAGE_SIZE
  const page = numberedPage(findActivity(state, matches), url, Math.min(size, state.pageSize), size)
  if (page === undefined) throw notFound('Invalid page.')
  const results = page.results.map((entry) => ({
    ...activityView(state, entry),
    organization_id: ORGANIZATION.id,
    unread: false,
    client: null,
  }))
  return jsonResponse(200, { ...page, results })
}
