import { isoTime } from '../../engine/sql-values.ts'
import type { ServerState } from '../../server-state.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'

/** Changes and deletions of recordings. The recordings themselves are derived from the events. */
export const RECORDING_CHANGES: CollectionKind = { name: 'session_recordings', ids: 'uuid' }

/** Conditions of a search for recordings. */
export interface RecordingFilter {
  readonly ids?: readonly string[]
  readonly person?: string
  readonly distinctIds?: readonly string[]
  readonly from?: Date
  readonly to?: Date
}

/** A session of a person, derived from its events. */
export interface FoundRecording {
  readonly id: string
  readonly start: string
  readonly end: string
  readonly seconds: number
  readonly clicks: number
  readonly url: string
  /** All urls of the session, sorted. */
  readonly urls: readonly string[]
  readonly distinctId: string
  readonly person: {
    readonly id: string
    readonly createdAt: string
    readonly properties: JsonRecord
    readonly distinctIds: readonly string[]
  }
  readonly changes: StoredRecord | undefined
}

/** Finds recordings, newest first: one per session. */
export async function findRecordings(state: ServerState, filter: RecordingFilter): Promise<FoundRecording[]> {
  const conditions = ["`$session_id` != ''"]
  const parameters: Record<string, string> = {}
  for (const [index, id] of (filter.ids ?? []).entries()) parameters[`id${index}`] = id
  if (filter.ids !== undefined) {
    const names = filter.ids.map((_, index) => `{id${index}:String}`)
    conditions.push(names.length === 0 ? '0' : `\`$session_id\` IN (${names.join(', ')})`)
  }
  if (filter.person !== undefined) {
    conditions.push('toString(person_id) = {person:String}')
    parameters['person'] = filter.person
  }
  if (filter.distinctIds !== undefined) {
    const names = filter.distinctIds.map((id, index) => {
      parameters[`distinct${index}`] = id
      return `{distinct${index}:String}`
    })
    conditions.push(names.length === 0 ? '0' : `distinct_id IN (${names.join(', ')})`)
  }
  const having = ['1']
  for (const [name, sign] of [
    ['from', '>='],
    ['to', '<='],
  ] as const) {
    const time = filter[name]
    if (time === undefined) continue
    having.push(`min(timestamp) ${sign} parseDateTime64BestEffort({${name}:String}, 6)`)
    parameters[name] = time.toISOString()
  }
  const { database } = state.engine
  const sql = `SELECT \`$session_id\`, toString(min(timestamp)), toString(max(timestamp)),
  dateDiff('second', min(timestamp), max(timestamp)), countIf(event = '$autocapture'),
  argMin(JSONExtractString(properties, '$current_url'), timestamp), argMin(distinct_id, timestamp),
  toString(argMin(person_id, timestamp)), toString(any(person_created_at)), argMax(person_properties, timestamp),
  groupUniqArray(distinct_id), arraySort(groupUniqArray(JSONExtractString(properties, '$current_url')))
FROM ${database}.events WHERE ${conditions.join(' AND ')} GROUP BY \`$session_id\`
HAVING ${having.join(' AND ')} ORDER BY min(timestamp) DESC, \`$session_id\``
  const { rows } = await state.engine.query(sql, parameters)
  const changes = collectionOf(state, RECORDING_CHANGES)
  return rows
    .map((row) => toRecording(row, changes.get(row[0])))
    .filter((recording) => recording.changes?.['deleted'] !== true)
}

function toRecording(row: readonly unknown[], changes: StoredRecord | undefined): FoundRecording {
  const [id, start, end, seconds, clicks, url, distinctId, person, createdAt, properties, distinctIds, urls] =
    row
  return {
    id: String(id),
    start: toMilliseconds(start),
    end: toMilliseconds(end),
    seconds: Number(seconds),
    clicks: Number(clicks),
    url: String(url),
    urls: Array.isArray(urls) ? urls.map(String).filter((each) => each !== '') : [],
    distinctId: String(distinctId),
    person: {
      id: String(person),
      createdAt: toMilliseconds(createdAt),
      // The events table stores every person's properties as a JSON object.
      properties: JSON.parse(String(properties)) as JsonRecord,
      distinctIds: Array.isArray(distinctIds) ? distinctIds.map(String) : [],
    },
    changes,
  }
}

/** A DateTime64 cell as an ISO time with milliseconds. */
function toMilliseconds(cell: unknown): string {
  return new Date(isoTime(cell)).toISOString()
}
