import { HogqlError } from '../../../hogql/hogql-error.ts'
import { isObject } from '../../../shared/is-object.ts'
import { findRecordings } from '../../resources/recordings/find-recordings.ts'
import { timeHogql } from '../date-range.ts'
import { allOf } from '../hogql-values.ts'
import { type QueryContext, runSql } from '../query-context.ts'
import type { QueryResult } from '../query-run.ts'
import { parseInstant } from '../relative-date.ts'
import { parseElementsChain } from './elements-chain.ts'

const MAX_EVENTS = 1_000
/** Longest time between two events without a session that belong together, in milliseconds. */
const GAP_MS = 30 * 60 * 1_000

/** A session of the timeline, with its events newest first. */
interface TimelineEntry {
  readonly sessionId: string | null
  readonly recording_duration_s: number | null
  readonly events: Record<string, unknown>[]
}

/**
 * Computes a SessionsTimelineQuery: the sessions of the project or a person, newest first. Events without a session
 * form a session until a gap of 30 minutes.
 *
 * @see PostHog/posthog posthog/hogql_queries/sessions_timeline_query_runner.py
 */
export async function computeSessionsTimeline(context: QueryContext): Promise<QueryResult> {
  const { query, values, now, project, state } = context
  const instant = (name: 'after' | 'before', fallback: string): string => {
    const value = typeof query[name] === 'string' && query[name] !== '' ? String(query[name]) : fallback
    const time = parseInstant(value, now, project.timezone)
    if (time === undefined)
      throw new HogqlError(`Expected ${name} to be a date, got ${JSON.stringify(value)}`)
    return timeHogql(time, values)
  }
  const { personId } = query
  const inPerson = typeof personId === 'string' ? [`toString(person_id) = ${values.add(personId)}`] : []
  const period = [
    `timestamp > ${instant('after', '-24h')}`,
    `timestamp <= ${instant('before', now.toISOString())}`,
  ]
  const sessions = `SELECT DISTINCT $session_id FROM events WHERE ${allOf([...period, 'notEmpty($session_id)', ...inPerson])} LIMIT ${MAX_EVENTS}`
  const relevant = `$session_id IN (${sessions}) OR (empty($session_id) AND ${allOf(period)})`
  const sql = `SELECT toString(uuid), timestamp, event, properties, distinct_id, elements_chain, $session_id FROM events WHERE ${allOf([relevant, ...inPerson])} ORDER BY timestamp DESC LIMIT ${MAX_EVENTS}`
  const { rows } = await runSql(context, sql)
  const ids = [...new Set(rows.map((row) => String(row[6] ?? '')))].filter((id) => id !== '')
  const recordings = new Map(
    ids.length === 0 ? [] : (await findRecordings(state, { ids })).map(({ id, seconds }) => [id, seconds]),
  )
  return { results: timeline([...rows].reverse(), recordings), hogql: sql }
}

/** Collects events, oldest first, into sessions. */
function timeline(
  rows: readonly (readonly unknown[])[],
  recordings: ReadonlyMap<string, number>,
): TimelineEntry[] {
  const entries = new Map<string, TimelineEntry>()
  let informal = { key: '', until: 0 }
  for (const [id, timestamp, event, properties, distinct_id, chain, session] of rows) {
    const time = Date.parse(String(timestamp))
    const isFormal = typeof session === 'string' && session !== ''
    if (!isFormal)
      informal = { key: time <= informal.until ? informal.key : String(id), until: time + GAP_MS }
    const key = isFormal ? session : informal.key
    const entry = entries.get(key) ?? {
      sessionId: isFormal ? session : null,
      recording_duration_s: recordings.get(key) || null,
      events: [],
    }
    entries.set(key, entry)
    const parsed: unknown = JSON.parse(String(properties))
    entry.events.unshift({
      id,
      distinct_id,
      event,
      timestamp,
      properties: isObject(parsed) ? parsed : {},
      elements_chain: chain || null,
      elements: parseElementsChain(String(chain ?? '')),
    })
  }
  return [...entries.values()].reverse()
}
