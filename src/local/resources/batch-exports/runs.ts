import type { ServerState } from '../../server-state.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'
import { addLogEntry } from '../../store/log-entries.ts'

export const RUNS: CollectionKind = { name: 'batch_export_runs', ids: 'uuid' }
export const BACKFILLS: CollectionKind = { name: 'batch_export_backfills', ids: 'uuid' }

/** Duration of a run, in milliseconds. */
const RUN_MS = 5_000
/** Time column by table. */
const TIME_COLUMNS: Readonly<Record<string, string>> = { events: 'timestamp', persons: 'created_at' }

/** The interval of data that one run exports. */
export interface TimeSpan {
  readonly start: string | null
  readonly end: string
}

/** Starts a run. */
export function startRun(
  state: ServerState,
  batchExport: StoredRecord,
  span: TimeSpan,
  backfill: string,
): StoredRecord {
  const now = state.now().toISOString()
  const run = collectionOf(state, RUNS).add({
    batch_export: batchExport.id,
    backfill,
    model: batchExport['model'],
    status: 'Running',
    data_interval_start: span.start,
    data_interval_end: span.end,
    records_completed: null,
    records_failed: null,
    records_total_count: null,
    bytes_exported: null,
    latest_error: null,
    cursor: null,
    created_at: now,
    last_updated_at: now,
    finished_at: null,
  })
  log(state, run, `Exporting ${String(batchExport['model'])} up to ${span.end}`)
  return run
}

/** The current state of a run. It completes after `RUN_MS` with the number of records in its interval. */
export async function currentRun(state: ServerState, run: StoredRecord): Promise<StoredRecord> {
  const end = Date.parse(String(run['created_at'])) + RUN_MS
  if (run['status'] !== 'Running' || state.now().getTime() < end) return run
  const count = await countRecords(state, run)
  // Another request may have completed or canceled the run meanwhile.
  const current = collectionOf(state, RUNS).get(run.id)
  if (current?.['status'] !== 'Running') return current ?? run
  const finished = new Date(end).toISOString()
  const completed = collectionOf(state, RUNS).change(run.id, {
    status: 'Completed',
    records_completed: count,
    records_failed: 0,
    records_total_count: count,
    bytes_exported: 0,
    last_updated_at: finished,
    finished_at: finished,
  })
  log(state, completed, `${count} records exported`)
  await state.persist()
  return completed
}

/** A run as responses show it. */
export async function runView(state: ServerState, run: StoredRecord): Promise<JsonRecord> {
  const { model, ...shown } = await currentRun(state, run)
  return shown
}

/** Cancels a run. */
export function cancelRun(state: ServerState, run: StoredRecord): void {
  const now = state.now().toISOString()
  collectionOf(state, RUNS).change(run.id, { status: 'Cancelled', last_updated_at: now, finished_at: now })
  log(state, run, 'Run cancelled')
}

async function countRecords(state: ServerState, run: StoredRecord): Promise<number> {
  const model = String(run['model'] ?? 'events')
  const time = TIME_COLUMNS[model]
  const table = time === undefined ? 'events' : model
  const aggregate = time === undefined ? 'uniqExact(`$session_id`)' : 'count()'
  const column = time ?? 'timestamp'
  const start = run['data_interval_start']
  const conditions = [`${column} < parseDateTime64BestEffort({end:String}, 6)`]
  if (typeof start === 'string') conditions.push(`${column} >= parseDateTime64BestEffort({start:String}, 6)`)
  const { rows } = await state.engine.query(
    `SELECT ${aggregate} FROM ${state.engine.database}.${table} WHERE ${conditions.join(' AND ')}`,
    { end: String(run['data_interval_end']), ...(typeof start === 'string' ? { start } : {}) },
  )
  return Number(rows[0]?.[0] ?? 0)
}

function log(state: ServerState, run: StoredRecord, message: string): void {
  addLogEntry(state, {
    source: String(run['batch_export']),
    instance: String(run.id),
    level: 'INFO',
    message,
  })
}
