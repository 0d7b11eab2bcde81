import type { SqlEngine } from '../engine/sql-engine.ts'
import { clickHouseTime } from '../engine/sql-values.ts'
import { generateSampleData, type SampleEvent, type SamplePerson } from './sample-data.ts'

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

const DISTINCT_IDS = `(
  distinct_id String,
  person_id UUID
) ENGINE = MergeTree ORDER BY distinct_id`

/** Creates the sample tables and fills them, unless the data folder already has them. */
export async function createSampleTables(
  engine: SqlEngine,
  seed: number,
  count: number,
  now: Date,
): Promise<void> {
  if (!engine.available) return
  await engine.command(`CREATE TABLE IF NOT EXISTS ${engine.database}.events ${EVENTS}`)
  await engine.command(`CREATE TABLE IF NOT EXISTS ${engine.database}.persons ${PERSONS}`)
  await engine.command(`CREATE TABLE IF NOT EXISTS ${engine.database}.person_distinct_ids ${DISTINCT_IDS}`)
  const existing = await engine.query(`SELECT 1 FROM ${engine.database}.persons LIMIT 1`, {})
  if (existing.rows.length > 0) return fillDistinctIds(engine)
  if (count === 0) return
  const { persons, events } = generateSampleData(seed, count, now)
  await engine.insert('events', events.map(eventLine).join('\n'))
  await engine.insert('persons', persons.map(personLine).join('\n'))
  const pairs = persons.map((person) => ({ distinct_id: person.distinctId, person_id: person.id }))
  await engine.insert('person_distinct_ids', pairs.map((pair) => JSON.stringify(pair)).join('\n'))
}

// Data folders of older versions lack this table. Their events contain the pairs.
async function fillDistinctIds(engine: SqlEngine): Promise<void> {
  const pairs = await engine.query(`SELECT 1 FROM ${engine.database}.person_distinct_ids LIMIT 1`, {})
  if (pairs.rows.length > 0) return
  await engine.command(
    `INSERT INTO ${engine.database}.person_distinct_ids ` +
      `SELECT DISTINCT distinct_id, person_id FROM ${engine.database}.events`,
  )
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
