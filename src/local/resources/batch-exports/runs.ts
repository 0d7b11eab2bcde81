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

/** How long a run takes, in milliseconds. */
const RUN_MS = 5_000
const TABLES: Readonly<Record<string, string>> = { events: 'timestamp', persons: 'created_at' }

/** A span of time that one run exports. */
export interface TimeSpan {
  readonly start: string | null
  readonly end: string
}

/** Starts a run of an export over a span. */
export function startRun(
  world: ServerState,
  batchExport: StoredRecord,
  span: TimeSpan,
  backfill: string,
): StoredRecord {
  const now = world.now().toISOString()
  const run = collectionOf(world, RUNS).add({
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
  log(world, run, `Exporting ${String(batchExport['model'])} up to ${span.end}`)
  return run
}

/** A run as it stands now: one whose time is over has ended, with as many records as the span holds. */
export async function currentRun(world: ServerState, run: StoredRecord): Promise<StoredRecord> {
  const end = Date.parse(String(run['created_at'])) + RUN_MS
  if (run['status'] !== 'Running' || world.now().getTime() < end) return run
  const count = await countRecords(world, run)
  // Another request may have settled or cancelled it meanwhile.
  const current = collectionOf(world, RUNS).get(run.id)
  if (current?.['status'] !== 'Running') return current ?? run
  const finished = new Date(end).toISOString()
  const settled = collectionOf(world, RUNS).change(run.id, {
    status: 'Completed',
    records_completed: count,
    records_failed: 0,
    records_total_count: count,
    bytes_exported: 0,
    last_updated_at: finished,
    finished_at: finished,
  })
  log(world, settled, `${count} records exported`)
  await world.persist()
  return settled
}

/** A run as answers show it. */
export async function runView(world: ServerState, run: StoredRecord): Promise<JsonRecord> {
  const { model, ...shown } = await currentRun(world, run)
  return shown
}

/** Ends a run before its time. */
export function cancelRun(world: ServerState, run: StoredRecord): void {
  const now = world.now().toISOString()
  collectionOf(world, RUNS).change(run.id, { status: 'Cancelled', last_updated_at: now, finished_at: now })
  log(world, run, 'Run cancelled')
}

async function countRecords(world: ServerState, run: StoredRecord): Promise<number> {
  const model = String(run['model'] ?? 'events')
  const time = TABLES[model]
  const table = time === undefined ? 'events' : model
  const what = time === undefined ? 'uniqExact(`$session_id`)' : 'count()'
  const column = time ?? 'timestamp'
  const start = run['data_interval_start']
  const conditions = [`${column} < parseDateTime64BestEffort({end:String}, 6)`]
  if (typeof start === 'string') conditions.push(`${column} >= parseDateTime64BestEffort({start:String}, 6)`)
  const { rows } = await world.engine.query(
    `SELECT ${what} FROM ${world.engine.database}.${table} WHERE ${conditions.join(' AND ')}`,
    { end: String(run['data_interval_end']), ...(typeof start === 'string' ? { start } : {}) },
  )
  return Number(rows[0]?.[0] ?? 0)
}

function log(world: ServerState, run: StoredRecord, message: string): void {
  addLogEntry(world, {
    source: String(run['batch_export']),
    instance: String(run.id),
    level: 'INFO',
    message,
  })
}
