import { EMPTY_TABLES } from '../../hogql/schema/empty-tables.ts'
import { findTable } from '../../hogql/schema/find-table.ts'
import type { ServerState } from '../server-state.ts'
import type { JsonRecord } from '../store/collection.ts'
import { ANALYTICS_RECORDS } from './analytics-records.ts'
import { DATA_RECORDS } from './data-records.ts'
import { OBSERVABILITY_RECORDS } from './observability-records.ts'
import { PERSON_RECORDS } from './person-records.ts'
import type { RecordReader } from './record-reader.ts'
import { rowOf } from './record-row.ts'

const READERS: ReadonlyMap<string, RecordReader> = new Map<string, RecordReader>([
  ...Object.entries({ ...PERSON_RECORDS, ...OBSERVABILITY_RECORDS, ...ANALYTICS_RECORDS, ...DATA_RECORDS }),
  ...EMPTY_TABLES.map(({ name }): [string, RecordReader] => [name, () => []]),
])

/**
 * Reads the rows of a table that the local PostHog keeps as records. Each row has a value for every column of the table,
 * with numbers, booleans and lists as such, times as ISO times, and JSON as text.
 *
 * @param name Name of the records, from the table's source.
 * @throws Error when there are no such records.
 */
export async function readRecords(
  state: ServerState,
  project: number,
  name: string,
): Promise<readonly JsonRecord[]> {
  const [read, table] = [READERS.get(name), findTable(name)]
  if (read === undefined || table === undefined) throw new Error(`The local PostHog has no records ${name}.`)
  return (await read(state, project)).map((record) => rowOf(table, project, record))
}
