import { invalid, notFound } from '../../http/api-error.ts'
import { cursorPage } from '../../http/cursor-page.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'
import { datetime, type Fields } from '../../store/fields.ts'
import { logEntriesRoute } from '../../store/log-entries.ts'
import { readFields } from '../../store/read-fields.ts'
import { changeRecord, findRecord } from '../../store/records.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'
import { backfillView, cancelBackfill, startBackfill } from './backfills.ts'
import { batchExports, DESTINATIONS } from './batch-exports.ts'
import { BACKFILLS, cancelRun, currentRun, RUNS, runView } from './runs.ts'

const EXPORT = `${batchExports.path}/:id`
const RUN = `${EXPORT}/runs/:run`
const BACKFILL = `${EXPORT}/backfills/:backfill`
const INTERVAL: Fields = {
  start_at: datetime({ required: true, nullable: true }),
  end_at: datetime({ required: true, nullable: true }),
}
const READ = 'batch_export:read'
const WRITE = 'batch_export:write'

/** Batch exports, their runs, backfills and logs. */
export const batchExportRoutes: readonly Route[] = [
  actionRoute('GET', `${batchExports.path}/test`, READ, listTestSteps),
  actionRoute('POST', `${batchExports.path}/run_test_step_new`, WRITE, refuseTest),
  ...resourceRoutes(batchExports),
  actionRoute('POST', `${EXPORT}/run_test_step`, WRITE, (call) => {
    findRecord(batchExports, call)
    return refuseTest()
  }),
  actionRoute('POST', `${EXPORT}/pause`, WRITE, (call) => pause(call, true)),
  actionRoute('POST', `${EXPORT}/unpause`, WRITE, (call) => pause(call, false)),
  logEntriesRoute(`${EXPORT}/logs`, READ, idOf),
  {
    path: `${EXPORT}/backfills`,
    throttle: 'default',
    methods: {
      GET: { scope: READ, handle: (call) => childPage(call, BACKFILLS, backfillView) },
      POST: { scope: WRITE, handle: backfill },
    },
  },
  actionRoute('GET', BACKFILL, READ, async (call) =>
    jsonResponse(200, await backfillView(call.state, childRecord(call, BACKFILLS, 'backfill'))),
  ),
  actionRoute('POST', `${BACKFILL}/cancel`, WRITE, async (call) => {
    await cancelBackfill(call.state, childRecord(call, BACKFILLS, 'backfill'))
    await call.state.persist()
    return jsonResponse(200, { cancelled: true })
  }),
  actionRoute('GET', `${EXPORT}/runs`, READ, (call) => childPage(call, RUNS, runView)),
  actionRoute('GET', RUN, READ, async (call) =>
    jsonResponse(200, await runView(call.state, childRecord(call, RUNS, 'run'))),
  ),
  actionRoute('POST', `${RUN}/cancel`, WRITE, cancel),
  actionRoute('POST', `${RUN}/retry`, WRITE, retry),
  logEntriesRoute(`${RUN}/logs`, READ, idOf, (call) => String(childRecord(call, RUNS, 'run').id)),
]

function idOf(call: Call): string {
  return String(findRecord(batchExports, call).id)
}

function childRecord(call: Call, kind: CollectionKind, name: string): StoredRecord {
  const found = collectionOf(call.state, kind).get(call.params[name])
  if (found === undefined || found['batch_export'] !== idOf(call)) throw notFound()
  return found
}

async function childPage(
  call: Call,
  kind: CollectionKind,
  view: (state: ServerState, record: StoredRecord) => Promise<JsonRecord>,
): Promise<Response> {
  const id = idOf(call)
  const found = collectionOf(call.state, kind)
    .all()
    .filter((record) => record['batch_export'] === id)
    .reverse()
  const { results, ...links } = cursorPage(found, call.url, call.state.pageSize)
  const views = await Promise.all(results.map((record) => view(call.state, record)))
  return jsonResponse(200, { ...links, results: views })
}

// PostHog/posthog products/batch_exports/backend/api/http.py
function listTestSteps({ url }: Call): Response {
  const destination = url.searchParams.get('destination')
  if (destination === null || destination === '') return new Response(null, { status: 400 })
  if (!DESTINATIONS.includes(destination)) return new Response(null, { status: 404 })
  return refuseTest()
}

function refuseTest(): never {
  throw invalid('destination', 'The local PostHog calls no destination and does not support their tests.')
}

async function pause(call: Call, paused: boolean): Promise<Response> {
  const last = paused ? { last_paused_at: call.state.now().toISOString() } : {}
  await changeRecord(batchExports, call, findRecord(batchExports, call), { paused, ...last })
  return jsonResponse(200, { paused })
}

async function backfill(call: Call): Promise<Response> {
  const batchExport = findRecord(batchExports, call)
  const { start_at, end_at } = readFields(INTERVAL, call.body)
  const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  const started = startBackfill(call.state, batchExport, textOrNull(start_at), textOrNull(end_at))
  await call.state.persist()
  return jsonResponse(201, await backfillView(call.state, started))
}

async function cancel(call: Call): Promise<Response> {
  const run = await currentRun(call.state, childRecord(call, RUNS, 'run'))
  if (run['status'] !== 'Running') throw invalid(null, `Cannot cancel a run that is ${String(run['status'])}`)
  cancelRun(call.state, run)
  await call.state.persist()
  return jsonResponse(200, { cancelled: true })
}

async function retry(call: Call): Promise<Response> {
  const run = await currentRun(call.state, childRecord(call, RUNS, 'run'))
  if (run['status'] === 'Running') throw invalid(null, 'Cannot retry a run that is still running')
  const { data_interval_start: start, data_interval_end: end } = run
  const from = typeof start === 'string' ? start : null
  const started = startBackfill(call.state, findRecord(batchExports, call), from, String(end))
  await call.state.persist()
  return jsonResponse(200, { backfill_id: started.id })
}
