import { type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { List } from '../../runtime/paging/list.ts'
import { checkConcurrency } from '../../runtime/paging/read-ahead.ts'
import { requireId, requireObject } from '../check-arguments.ts'
import {
  type BodyOf,
  type CallOptions,
  callOptionNames,
  type ListOptions,
  type Requester,
  type RequestInput,
  type ResponseOf,
} from '../requester.ts'

const issuesRoute = 'POST /api/projects/{project_id}/error_tracking/query/issues/'
const issueRoute = 'POST /api/projects/{project_id}/error_tracking/query/issue/'
const eventsRoute = 'POST /api/projects/{project_id}/error_tracking/query/issue_events/'

/** Filters and order of `errorTracking.issues.query`. `limit` is the page size, at most 100. */
export type IssueFilters = BodyOf<typeof issuesRoute>

/** An issue with its counts. */
export type QueriedIssue = ResponseOf<typeof issuesRoute>['results'][number]

/** Options of `errorTracking.issues.detail`. */
export type IssueDetailOptions = Omit<BodyOf<typeof issueRoute>, 'issueId'>

/** An issue with its impact, top frame and latest release. */
export interface ErrorTrackingIssueDetail extends ResponseOf<typeof issueRoute> {}

/** Filters of `errorTracking.issues.events`. `limit` is the page size, at most 20, and 20 by default. */
export type IssueEventFilters = Omit<BodyOf<typeof eventsRoute>, 'issueId'>

/** A sampled exception. */
export type ErrorTrackingEvent = ResponseOf<typeof eventsRoute>['results'][number]

/** PostHog's own page size is 1. Source: PostHog/posthog products/error_tracking/backend/presentation/views/query_serializers.py. */
const eventsPerPage = 20

const listOptionNames: OptionNames<ListOptions> = {
  ...callOptionNames,
  cursor: true,
  prefetch: true,
  concurrency: true,
}

/** Lists issues with their counts. */
export function queryIssues(
  api: Requester,
  filters: IssueFilters = {},
  options: ListOptions = {},
): List<QueriedIssue> {
  return bodyList(api, issuesRoute, filters, options, (position) => {
    requireObject('filters', filters)
    return { body: { ...filters, ...position } }
  })
}

/** Lists sampled exceptions of an issue. */
export function queryIssueEvents(
  api: Requester,
  id: string,
  filters: IssueEventFilters = {},
  options: ListOptions = {},
): List<ErrorTrackingEvent> {
  const paged = { limit: eventsPerPage, ...filters }
  return bodyList(api, eventsRoute, paged, options, (position) => {
    requireId('id', id)
    requireObject('filters', filters)
    return { body: { ...paged, ...position, issueId: id } }
  })
}

/** The operation of `errorTracking.issues.detail` and its input. */
export const issueDetail: {
  readonly route: typeof issueRoute
  input(id: string, detail?: IssueDetailOptions): RequestInput<typeof issueRoute>
} = {
  route: issueRoute,
  input(id, detail = {}) {
    requireId('id', id)
    requireObject('detail', detail)
    return { body: { ...detail, issueId: id } }
  },
}

/** Position of a page in the body of a query. */
interface PagePosition {
  readonly limit?: number
  readonly offset?: number
}

/** Creates a list of an operation that takes `limit` and `offset` in its body, and reports more pages in `hasMore`. */
function bodyList<R extends typeof issuesRoute | typeof eventsRoute>(
  api: Requester,
  route: R,
  filters: PagePosition,
  options: ListOptions,
  inputOf: (position: PagePosition) => RequestInput<R>,
): List<ResponseOf<R>['results'][number]> {
  const { cursor, prefetch, concurrency, signal, ...call } = Object(options) as ListOptions
  return new List({
    operation: route,
    paging: 'flag',
    trace: new Error(),
    search: searchOf(filters),
    cursor,
    prefetch,
    concurrency,
    signal,
    async send(search, abort) {
      rejectUnknownOptions('the list', options, listOptionNames)
      if (concurrency !== undefined) checkConcurrency(concurrency, prefetch)
      const pageOptions: CallOptions = abort === undefined ? call : { ...call, signal: abort }
      const input = inputOf(positionIn(search))
      const { data, requestId } = await api.request(route, input, pageOptions).withResponse()
      return { body: { ...Object(data), has_more: Object(data).hasMore }, requestId }
    },
  })
}

function searchOf(filters: PagePosition): string {
  const { limit, offset } = Object(filters) as PagePosition
  const search = new URLSearchParams()
  if (limit !== undefined) search.set('limit', String(limit))
  if (offset !== undefined) search.set('offset', String(offset))
  return search.toString()
}

function positionIn(search: string): PagePosition {
  const given = new URLSearchParams(search)
  const number = (name: string): object => (given.has(name) ? { [name]: Number(given.get(name)) } : {})
  return { ...number('limit'), ...number('offset') }
}
