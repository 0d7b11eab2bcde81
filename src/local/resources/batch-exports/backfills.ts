import { invalid } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { BACKFILLS, cancelRun, currentRun, RUNS, startRun, type TimeSpan } from './runs.ts'

const STEP_MS: Readonly<Record<string, number>> = {
  'every 5 minutes': 300_000,
  'every 15 minutes': 900_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}
/** Maximum number of runs per backfill, a limit of the local PostHog. */
const MAX_RUNS = 1_000

/** Starts a backfill, with one run per interval of the batch export. */
export function startBackfill(
  state: ServerState,
  batchExport: StoredRecord,
  from: string | null,
  to: string | null,
): StoredRecord {
  const now = state.now().toISOString()
  const spans = spansOf(String(batchExport['interval']), from, to ?? now)
  const backfill = collectionOf(state, BACKFILLS).add({
    batch_export: batchExport.id,
    team: state.projectId,
    start_at: from,
    end_at: to,
    adjusted_start_at: from,
    status: 'Running',
    created_at: now,
    last_updated_at: now,
    finished_at: null,
  })
  for (const span of spans) startRun(state, batchExport, span, String(backfill.id))
  return backfill
}

/** A backfill as responses show it. Its progress is that of its runs. */
export async function backfillView(state: ServerState, backfill: StoredRecord): Promise<JsonRecord> {
  const runs = await Promise.all(runsOf(state, backfill).map((run) => currentRun(state, run)))
  const finished = runs.filter((run) => run['status'] !== 'Running')
  const isFinished = finished.length === runs.length
  const canceled = backfill['status'] === 'Cancelled'
  const lastEnd =
    finished
      .map((run) => String(run['finished_at']))
      .sort()
      .at(-1) ?? null
  return {
    ...backfill,
    status: canceled ? 'Cancelled' : isFinished ? 'Completed' : 'Running',
    finished_at: isFinished ? (lastEnd ?? backfill['created_at']) : null,
    total_records_count: isFinished
      ? finished.reduce((sum, run) => sum + Number(run['records_completed'] ?? 0), 0)
      : null,
    progress: {
      total_runs: runs.length,
      finished_runs: finished.length,
      progress: runs.length === 0 ? 1 : finished.length / runs.length,
    },
  }
}

/** Cancels a backfill and its unfinished runs. */
export async function cancelBackfill(state: ServerState, backfill: StoredRecord): Promise<void> {
  const { status } = await backfillView(state, backfill)
  if (status !== 'Running') throw invalid(null, `Cannot cancel a backfill that is ${String(status)}`)
  for (const run of runsOf(state, backfill)) if (run['status'] === 'Running') cancelRun(state, run)
  const now = state.now().toISOString()
  collectionOf(state, BACKFILLS).change(backfill.id, { status: 'Cancelled', last_updated_at: now })
}

function runsOf(state: ServerState, backfill: StoredRecord): StoredRecord[] {
  return collectionOf(state, RUNS)
    .all()
    .filter((run) => run['backfill'] === backfill.id)
}

function spansOf(interval: string, from: string | null, to: string): TimeSpan[] {
  if (from === null) return [{ start: null, end: to }]
  const step = STEP_MS[interval] ?? STEP_MS['day'] ?? 1
  const end = Date.parse(to)
  if (Date.parse(from) >= end)
    throw invalid('start_at', 'The initial backfill datetime must be before the end')
  const count = Math.ceil((end - Date.parse(from)) / step)
  if (count > MAX_RUNS) {
    throw invalid(
      'end_at',
      `The local PostHog supports up to ${MAX_RUNS} runs per backfill, got ${count}. Choose a shorter range.`,
    )
  }
  return Array.from({ length: count }, (_, index) => {
    const start = Date.parse(from) + index * step
    return { start: new Date(start).toISOString(), end: new Date(Math.min(end, start + step)).toISOString() }
  })
}
