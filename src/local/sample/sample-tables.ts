import type { SqlEngine } from '../engine/sql-engine.ts'
import { type SampleEvent, type SamplePerson, sampleData } from './sample-data.ts'

const EVENTS = `(
  uuid UUID,
  event String,
  timestamp DateTime64(6, 'UTC'),
  created_at DateTime64(6, 'UTC'),
  distinct_id String,
  person_id UUID,
  properties String,
  elements_chain String,
  \`$session_id\` String,
  person_created_at DateTime64(3, 'UTC'),
  person_is_identified Bool,
  person_properties String
) ENGINE = MergeTree ORDER BY (toDate(timestamp), event, distinct_id, uuid)`

const PERSONS = `(
  id UUID,
  created_at DateTime64(3, 'UTC'),
  properties String,
  is_identified Bool
) ENGINE = MergeTree ORDER BY id`

/** Makes the sample tables and fills them, unless a kept folder has them already. */
export async function createSampleTables(
  engine: SqlEngine,
  seed: number,
  count: number,
  now: Date,
): Promise<void> {
  if (!engine.available) return
  await engine.command(`CREATE TABLE IF NOT EXISTS ${engine.database}.events ${EVENTS}`)
  await engine.command(`CREATE TABLE IF NOT EXISTS ${engine.database}.persons ${PERSONS}`)
  const kept = await engine.query(`SELECT 1 FROM ${engine.database}.persons LIMIT 1`, {})
  if (kept.rows.length > 0 || count === 0) return
  const { persons, events } = sampleData(seed, count, now)
  await engine.insert('events', events.map(eventLine).join('\n'))
  await engine.insert('persons', persons.map(personLine).join('\n'))
}

function eventLine({ uuid, event, timestamp, sessionId, person, properties }: SampleEvent): string {
  return JSON.stringify({
    uuid,
    event,
    timestamp: clickHouseTime(timestamp),
    created_at: clickHouseTime(timestamp),
    distinct_id: person.distinctId,
    person_id: person.id,
    properties: JSON.stringify(properties),
    elements_chain: '',
    $session_id: sessionId,
    person_created_at: clickHouseTime(person.createdAt),
    person_is_identified: person.identified,
    person_properties: JSON.stringify(person.properties),
  })
}

function personLine(person: SamplePerson): string {
  return JSON.stringify({
    id: person.id,
    created_at: clickHouseTime(person.createdAt),
    properties: JSON.stringify(person.properties),
    is_identified: person.identified,
  })
}

function clickHouseTime(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '')
}
