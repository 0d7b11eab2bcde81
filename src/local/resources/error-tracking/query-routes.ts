import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { boolean, choice, type Fields, integer, json, list, object, text } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { DEFAULT_INCLUDES, exceptionViews, INCLUDES, isFilled } from './exception-view.ts'
import { type CapturedException, issueOf, readExceptions, readRange } from './exceptions.ts'
import { bucketsOf, countsOf, type IssueExceptions, issueDetailView, issueListView } from './issue-views.ts'
import { ISSUES } from './issues.ts'

const QUERY = 'projects/:project/error_tracking/query'
const READ = 'error_tracking:read'
const STATUSES = ['archived', 'active', 'resolved', 'pending_release', 'suppressed', 'all'] as const
const ORDERS = ['last_seen', 'first_seen', 'occurrences', 'users', 'sessions'] as const
const DIRECTION = choice(['ASC', 'DESC'], { default: 'DESC' })
/** Parts of a sparkline without `volumeResolution`. */
const SPARKLINE = 12

const COMMON: Fields = {
  dateRange: object({ default: {} }),
  filterTestAccounts: boolean({ default: true }),
}
const ISSUES_QUERY: Fields = {
  ...COMMON,
  status: choice(STATUSES, { default: 'active' }),
  orderBy: choice(ORDERS, { default: 'occurrences' }),
  orderDirection: DIRECTION,
  limit: integer({ default: 25 }),
  offset: integer({ default: 0 }),
  volumeResolution: integer({ default: 0 }),
  filterGroup: list({ default: [] }),
  assignee: object({ nullable: true }),
  library: json(),
  fingerprint: json(),
  url: text(),
  personId: text(),
}
/** PostHog searches text and releases. The local PostHog does not. */
const UNSUPPORTED = ['searchQuery', 'user', 'filePath', 'release'] as const
const ISSUE_QUERY: Fields = {
  issueId: text({ required: true }),
  ...COMMON,
  includeSparkline: boolean({ default: false }),
  volumeResolution: integer({ default: 0 }),
}
const EVENTS_QUERY: Fields = {
  issueId: text({ required: true }),
  ...COMMON,
  include: list({ default: DEFAULT_INCLUDES }),
  onlyAppFrames: boolean({ default: true }),
  orderDirection: DIRECTION,
  limit: integer({ default: 1 }),
  offset: integer({ default: 0 }),
  filterGroup: list({ default: [] }),
  searchQuery: text({ blank: true }),
}
const SEARCHED = ['$exception_types', '$exception_values', '$current_url'] as const

/**
 * Queries of issues and their exceptions.
 * Source: PostHog/posthog products/error_tracking/backend/presentation/views/query.py.
 */
export const queryRoutes: readonly Route[] = [
  actionRoute('POST', `${QUERY}/issues`, READ, queryIssues),
  actionRoute('POST', `${QUERY}/issue`, READ, queryIssue),
  actionRoute('POST', `${QUERY}/issue_events`, READ, queryEvents),
]

async function queryIssues({ state, body }: Call): Promise<Response> {
  const query = readFields(ISSUES_QUERY, body)
  rejectUnsupported(body)
  const { limit, offset } = readPage(query, 100)
  const resolution = inRange(query, 'volumeResolution', 0, 200)
  const range = readRange(query['dateRange'], state.now())
  const { personId } = query
  const exceptions = await readExceptions(state, {
    ...range,
    filters: issueFilters(query),
    withoutTestAccounts: query['filterTestAccounts'] === true,
    ...(personId === undefined ? {} : { person: String(personId) }),
  })
  const found = collectionOf(state, ISSUES)
    .all()
    .filter((issue) => matches(issue, query))
    .map((issue) => ({
      issue,
      exceptions: exceptions.filter((exception) => issueOf(state, exception) === issue.id),
    }))
    .filter((one) => one.exceptions.length > 0)
    .sort(byOrder(String(query['orderBy']), query['orderDirection'] === 'ASC'))
  const views = found
    .slice(offset, offset + limit)
    .map((one) => issueListView(one, resolution === 0 ? [] : bucketsOf(one.exceptions, range, resolution)))
  return page(views, { limit, offset, total: found.length })
}

async function queryIssue({ state, body }: Call): Promise<Response> {
  const query = readFields(ISSUE_QUERY, body)
  const issue = collectionOf(state, ISSUES).get(query['issueId'])
  if (issue === undefined) return notFound()
  const range = readRange(query['dateRange'], state.now())
  const resolution = inRange(query, 'volumeResolution', 0, 200) || SPARKLINE
  const withoutTestAccounts = query['filterTestAccounts'] === true
  const all = await readExceptions(state, { ...range, withoutTestAccounts })
  const exceptions = all.filter((exception) => issueOf(state, exception) === issue.id)
  const sparkline = query['includeSparkline'] === true ? bucketsOf(exceptions, range, resolution) : undefined
  return jsonResponse(200, issueDetailView({ issue, exceptions }, sparkline))
}

async function queryEvents({ state, body }: Call): Promise<Response> {
  const query = readFields(EVENTS_QUERY, body)
  const { limit, offset } = readPage(query, 20)
  const include = (query['include'] as unknown[]).map(String)
  const unknown = include.find((group) => !INCLUDES.includes(group))
  if (unknown !== undefined) throw invalid('include', `"${unknown}" is not a valid choice.`, 'invalid_choice')
  const issue = collectionOf(state, ISSUES).get(query['issueId'])
  if (issue === undefined) return notFound()
  const range = readRange(query['dateRange'], state.now())
  const filters = query['filterGroup'] as unknown[]
  const withoutTestAccounts = query['filterTestAccounts'] === true
  const all = await readExceptions(state, { ...range, filters, withoutTestAccounts })
  const search = String(query['searchQuery'] ?? '').toLowerCase()
  const found = all
    .filter((exception) => issueOf(state, exception) === issue.id)
    .filter((exception) => search === '' || mentions(exception, search))
  const ordered = query['orderDirection'] === 'ASC' ? found.reverse() : found
  const shown = ordered.slice(offset, offset + limit)
  const views = exceptionViews(shown, { include, onlyAppFrames: query['onlyAppFrames'] === true })
  return page(views, { limit, offset, total: found.length })
}

function mentions({ properties }: CapturedException, search: string): boolean {
  return SEARCHED.some((name) => {
    const value = properties[name]
    const content = typeof value === 'string' ? value : JSON.stringify(value ?? '')
    return content.toLowerCase().includes(search)
  })
}

function notFound(): Response {
  return new Response(null, { status: 404 })
}

function rejectUnsupported(body: unknown): void {
  const given = UNSUPPORTED.find((name) => isFilled((body as JsonRecord | undefined)?.[name]))
  if (given !== undefined) {
    throw invalid(given, `The local PostHog does not support ${given} in queries of issues`)
  }
}

function issueFilters({ filterGroup, library, fingerprint, url }: JsonRecord): unknown[] {
  const filters = [...(filterGroup as unknown[])]
  const add = (key: string, operator: string, value: unknown): void => {
    if (isFilled(value)) filters.push({ type: 'event', key, operator, value })
  }
  add('$lib', 'exact', library)
  add('$exception_fingerprint', 'exact', fingerprint)
  add('$current_url', 'icontains', url)
  return filters
}

function matches(issue: StoredRecord, { status, assignee }: JsonRecord): boolean {
  if (status !== 'all' && issue['status'] !== status) return false
  if (assignee === null || assignee === undefined) return true
  const { id, type } = assignee as JsonRecord
  const assigned = issue['assignee'] as JsonRecord | null
  return assigned?.['type'] === type && String(assigned?.['id']) === String(id)
}

function byOrder(
  order: string,
  ascending: boolean,
): (one: IssueExceptions, other: IssueExceptions) => number {
  const rankOf = ({ issue, exceptions }: IssueExceptions): number => {
    if (order === 'first_seen') return Date.parse(String(issue['first_seen']))
    if (order === 'last_seen') return Date.parse(String(exceptions[0]?.timestamp))
    const counts = countsOf(exceptions)
    return order === 'users' ? counts.users : order === 'sessions' ? counts.sessions : counts.occurrences
  }
  const sign = ascending ? 1 : -1
  return (one, other) => sign * (rankOf(one) - rankOf(other))
}

interface PageWindow {
  readonly limit: number
  readonly offset: number
}

function readPage(query: JsonRecord, maxLimit: number): PageWindow {
  return {
    limit: inRange(query, 'limit', 1, maxLimit),
    offset: inRange(query, 'offset', 0, Number.POSITIVE_INFINITY),
  }
}

function inRange(query: JsonRecord, name: string, min: number, max: number): number {
  const value = Number(query[name])
  if (value < min) throw invalid(name, `Ensure this value is greater than or equal to ${min}.`, 'min_value')
  if (value > max) throw invalid(name, `Ensure this value is less than or equal to ${max}.`, 'max_value')
  return value
}

function page(
  results: unknown[],
  { limit, offset, total }: PageWindow & { readonly total: number },
): Response {
  const hasMore = offset + limit < total
  const next = hasMore ? { nextOffset: offset + limit } : {}
  return jsonResponse(200, { results, hasMore, limit, offset, ...next })
}
