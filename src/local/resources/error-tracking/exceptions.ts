import { createQueryParameters, isoTime } from '../../engine/sql-values.ts'
import { invalid } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import { readDate } from '../../queries/date-range.ts'
import { eventCondition } from '../../queries/event-condition.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { storedProject } from '../organizations/projects.ts'
import { readProperties } from '../persons/person-table.ts'
import { FINGERPRINTS } from './issues.ts'

/** An `$exception` event. */
export interface CapturedException {
  readonly uuid: string
  readonly distinctId: string
  readonly person: string
  readonly session: string
  /** ISO time. */
  readonly timestamp: string
  readonly properties: JsonRecord
}

/** The time range of a query. */
export interface ExceptionRange {
  readonly from: Date
  readonly to: Date
}

/** Conditions on `$exception` events. */
export interface ExceptionFilter extends ExceptionRange {
  /** Property filters. */
  readonly filters?: readonly unknown[]
  /** Whether to leave out test accounts. */
  readonly withoutTestAccounts: boolean
  /** Uuid. */
  readonly person?: string
}

const DEFAULT_FROM = '-7d'

/** Reads the `dateRange` of a query. Default: the last 7 days. */
export function readRange(range: unknown, now: Date): ExceptionRange {
  return {
    from: readTime(member(range, 'date_from') ?? DEFAULT_FROM, now, 'date_from'),
    to: readTime(member(range, 'date_to') ?? 'now', now, 'date_to'),
  }
}

// A date without a time is the start of its day, for both ends.
function readTime(value: unknown, now: Date, field: 'date_from' | 'date_to'): Date {
  if (value === 'all') return new Date(0)
  const isDate = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
  return readDate(isDate ? `${value}T00:00:00` : value, now, 'minute', field)
}

/** Reads `$exception` events, newest first. */
export async function readExceptions(
  state: ServerState,
  { from, to, filters = [], withoutTestAccounts, person }: ExceptionFilter,
): Promise<CapturedException[]> {
  const parameters = createQueryParameters()
  const time = (date: Date): string => `parseDateTime64BestEffort(${parameters.add(date.toISOString())}, 6)`
  const where = [
    "event = '$exception'",
    `timestamp >= ${time(from)}`,
    `timestamp <= ${time(to)}`,
    await eventCondition(state, filters.map(checkFilter), parameters),
  ]
  const tests = storedProject(state, state.projectId)['test_account_filters']
  if (withoutTestAccounts) where.push(await eventCondition(state, tests, parameters))
  if (person !== undefined) where.push(`toString(person_id) = ${parameters.add(person)}`)
  const { rows } = await state.engine.query(
    `SELECT toString(uuid), distinct_id, toString(person_id), \`$session_id\`, toString(timestamp), properties
     FROM ${state.engine.database}.events WHERE ${where.join(' AND ')} ORDER BY timestamp DESC, uuid DESC`,
    parameters.values,
  )
  return rows.map(([uuid, distinctId, personId, session, at, properties]) => ({
    uuid: String(uuid),
    distinctId: String(distinctId),
    person: String(personId),
    session: String(session),
    timestamp: isoTime(at),
    properties: readProperties(properties),
  }))
}

function checkFilter(filter: unknown): unknown {
  if (member(filter, 'type') === 'hogql') {
    throw invalid('filterGroup', 'HogQL property filters are not supported here.')
  }
  return filter
}

/** The id of the issue of an exception: of its fingerprint, or else the one that ingestion chose. */
export function issueOf(state: ServerState, { properties }: CapturedException): unknown {
  const known = collectionOf(state, FINGERPRINTS)
    .all()
    .find(({ fingerprint }) => fingerprint === properties['$exception_fingerprint'])
  return known?.['issue_id'] ?? properties['$exception_issue_id']
}
