import { isObject } from '../../../shared/is-object.ts'
import { member } from '../../http/json.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { isFilled, isInApp, onlyFilled, truncate } from './exception-view.ts'
import type { CapturedException, ExceptionRange } from './exceptions.ts'

/** Maximum length of a description in a list. */
const LIST_DESCRIPTION = 300

/** An issue and its exceptions, newest first and not empty. */
export interface IssueExceptions {
  readonly issue: StoredRecord
  readonly exceptions: readonly CapturedException[]
}

/** The exceptions in a part of a time range. */
export interface VolumeBucket {
  /** Start of the part, as ISO time. */
  readonly label: string
  readonly value: number
}

/** The number of occurrences, users and sessions of exceptions. */
export function countsOf(exceptions: readonly CapturedException[]): IssueCounts {
  const distinct = (values: readonly string[]): number => new Set(values.filter((value) => value !== '')).size
  return {
    occurrences: exceptions.length,
    users: distinct(exceptions.map(({ person }) => person)),
    sessions: distinct(exceptions.map(({ session }) => session)),
  }
}

/** Counts of an issue in a time range. */
export interface IssueCounts {
  readonly occurrences: number
  readonly users: number
  readonly sessions: number
}

/** Counts exceptions in equal parts of a time range. */
export function bucketsOf(
  exceptions: readonly CapturedException[],
  { from, to }: ExceptionRange,
  count: number,
): VolumeBucket[] {
  const start = from.getTime()
  const width = (to.getTime() - start) / count
  const values = new Array<number>(count).fill(0)
  for (const { timestamp } of exceptions) {
    const index = Math.min(count - 1, Math.floor((Date.parse(timestamp) - start) / width))
    values[index] = (values[index] ?? 0) + 1
  }
  return values.map((value, index) => ({ label: new Date(start + index * width).toISOString(), value }))
}

/** An issue in a list. Source: PostHog/posthog products/error_tracking/backend/facade/query_utils.py. */
export function issueListView(
  { issue, exceptions }: IssueExceptions,
  buckets: readonly VolumeBucket[],
): JsonRecord {
  const volume = { volumeRange: buckets.map(({ value }) => value), volume_buckets: buckets }
  return {
    ...issueView(issue, exceptions[0]),
    description: truncate(issue['description'], LIST_DESCRIPTION),
    aggregations: { ...countsOf(exceptions), ...(buckets.length === 0 ? {} : volume) },
  }
}

/** An issue alone, with its impact, top frame and latest release. Without `sparkline`, it has none. */
export function issueDetailView(
  { issue, exceptions }: IssueExceptions,
  sparkline: readonly VolumeBucket[] | undefined,
): JsonRecord {
  const { id, name, description, status, severity } = issue
  const [latest] = exceptions
  if (latest === undefined) {
    const basics = onlyFilled({ id, name, description, status, severity })
    return { ...basics, impact: {}, ...(sparkline === undefined ? {} : { sparkline: [] }) }
  }
  const { properties } = latest
  const view = {
    ...issueView(issue, latest),
    function: firstOf(properties['$exception_functions']),
  }
  return onlyFilled({
    ...view,
    top_in_app_frame: topFrame(properties, view),
    latest_release: latestRelease(properties),
    impact: countsOf(exceptions),
    sparkline: sparkline?.map(({ value }) => value),
  })
}

function issueView(issue: StoredRecord, latest: CapturedException | undefined): JsonRecord {
  const { id, name, description, status, severity = null, assignee, first_seen } = issue
  return {
    id,
    name,
    description,
    status,
    severity,
    first_seen,
    last_seen: latest?.timestamp,
    library: latest?.properties['$lib'] ?? null,
    source: firstOf(latest?.properties['$exception_sources']),
    assignee,
  }
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? (value[0] ?? null) : null
}

function topFrame(properties: JsonRecord, issue: JsonRecord): JsonRecord | undefined {
  const exceptions = properties['$exception_list']
  const frames = (Array.isArray(exceptions) ? exceptions : []).flatMap((exception) => {
    const own = member(member(exception, 'stacktrace'), 'frames')
    return Array.isArray(own) ? own : []
  })
  const frame: unknown = frames.findLast(isInApp)
  if (!isObject(frame)) return undefined
  const find = (...names: string[]): unknown => names.map((name) => frame[name]).find(isFilled)
  const called = find('function', 'mangled_name', 'name')
  return onlyFilled({
    function: typeof called === 'string' && called !== '?' ? called : issue['function'],
    source: find('source', 'filename', 'abs_path', 'module') ?? issue['source'],
    line: find('line', 'lineno'),
    column: find('column', 'colno'),
    in_app: true,
  })
}

function latestRelease(properties: JsonRecord): JsonRecord | undefined {
  const timeOf = (release: JsonRecord): unknown => release['timestamp'] || release['created_at']
  const [latest] = Object.values(Object(properties['$exception_releases']) as JsonRecord)
    .filter(isObject)
    .sort((one, other) => String(timeOf(other) ?? '').localeCompare(String(timeOf(one) ?? '')))
  if (latest === undefined) return undefined
  const git = member(latest['metadata'], 'git')
  return onlyFilled({
    version: latest['version'],
    project: latest['project'],
    timestamp: timeOf(latest),
    commit_id: member(git, 'commit_id'),
    branch: member(git, 'branch'),
    repo_name: member(git, 'repo_name'),
  })
}
