import { insertRows } from '../engine/insert-rows.ts'
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

const TABLES = { events: EVENTS, persons: PERSONS, person_distinct_ids: DISTINCT_IDS } as const

/** The sample data of a project. */
export interface Sample {
  readonly seed: number
  /** Number of events. */
  readonly events: number
  /** End of the events. */
  readonly at: Date
  readonly onProgress: ((fraction: number) => void) | undefined
}

/** The tables of a project. */
export interface SampleTables {
  /** Replaces all rows by the sample data. */
  restore(): Promise<void>
}

/**
 * Creates the tables of a project and fills them with a sample, unless the data folder already has rows.
 *
 * @param keepsCopy Whether to keep a copy of the sample, so that `restore` does not create it again.
 */
export async function openSampleTables(
  engine: SqlEngine,
  sample: Sample | undefined,
  keepsCopy: boolean,
): Promise<SampleTables> {
  if (!engine.available) return { restore: async () => {} }
  const { database } = engine
  for (const [table, columns] of Object.entries(TABLES)) {
    await engine.command(`CREATE TABLE IF NOT EXISTS ${database}.${table} ${columns}`)
  }
  const existing = await engine.query(`SELECT 1 FROM ${database}.persons LIMIT 1`, {})
  if (existing.rows.length > 0) await fillDistinctIds(engine)
  else await insertSample(engine, sample)
  if (keepsCopy && hasRows(sample)) await copyTables(engine)
  return {
    restore: async () => {
      for (const table of Object.keys(TABLES)) {
        const change =
          keepsCopy && hasRows(sample)
            ? `REPLACE PARTITION tuple() FROM ${database}.sample_${table}`
            : 'DROP PARTITION tuple()'
        await engine.command(`ALTER TABLE ${database}.${table} ${change}`)
      }
      if (!keepsCopy) await insertSample(engine, sample)
    },
  }
}

function hasRows(sample: Sample | undefined): sample is Sample {
  return sample !== undefined && sample.events > 0
}

async function insertSample(engine: SqlEngine, sample: Sample | undefined): Promise<void> {
  if (!hasRows(sample)) return
  const { seed, events: count, at, onProgress = () => {} } = sample
  // Creating the rows takes about as long as inserting them.
  const { persons, events } = generateSampleData(seed, count, at, (fraction) => onProgress(fraction / 2))
  await insertRows(engine, 'events', events, eventRow, (done) => onProgress(0.5 + done / count / 2))
  await insertRows(engine, 'persons', persons, personRow)
  await insertRows(engine, 'person_distinct_ids', persons, ({ distinctId, id }) => ({
    distinct_id: distinctId,
    person_id: id,
  }))
}

/** Copies the tables. The copies share the files of the originals, so this takes no time that depends on the rows. */
async function copyTables({ command, database }: SqlEngine): Promise<void> {
  for (const table of Object.keys(TABLES)) {
    await command(`CREATE TABLE ${database}.sample_${table} AS ${database}.${table}`)
    await command(
      `ALTER TABLE ${database}.sample_${table} ATTACH PARTITION tuple() FROM ${database}.${table}`,
    )
  }
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

function eventRow({ uuid, event, timestamp, sessionId, person, properties }: SampleEvent): object {
  return {
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
  }
}

function personRow(person: SamplePerson): object {
  return {
    id: person.id,
    created_at: clickHouseTime(person.createdAt),
    properties: JSON.stringify(person.properties),
    is_identified: person.identified,
  }
}
