import { invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import { readDate } from '../../queries/date-range.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { type Fields, list, object, text, texts } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { sharingRoutes } from '../../store/sharing-routes.ts'
import { type FoundRecording, findRecordings, RECORDING_CHANGES } from './find-recordings.ts'
import { recordingView } from './recording-view.ts'

const PATH = 'projects/:project/session_recordings'
const RECORDING = `${PATH}/:id`
const FIELDS: Fields = {
  snapshot_library: text({ nullable: true }),
  summary_outcome: object({ nullable: true }),
  external_references: list(),
}
/** Maximum number of recordings in one deletion. */
const MAX_DELETED = 100
/** Default start of a list. */
const DEFAULT_FROM = '-3d'

/** Session recordings, one per session of the events. */
export const recordingRoutes: readonly Route[] = [
  actionRoute('GET', PATH, 'session_recording:read', listRecordings, 'clickhouse'),
  actionRoute('POST', `${PATH}/bulk_delete`, 'session_recording:write', deleteMany, 'clickhouse'),
  {
    path: RECORDING,
    throttle: 'clickhouse',
    methods: {
      GET: {
        scope: 'session_recording:read',
        handle: async (call) =>
          jsonResponse(200, recordingView(await recordingInPath(call), call.state.now())),
      },
      PATCH: { scope: 'session_recording:write', handle: updateRecording },
      DELETE: { scope: 'session_recording:write', handle: deleteRecording },
    },
  },
  ...sharingRoutes({
    path: RECORDING,
    kind: 'session_recording',
    throttle: 'clickhouse',
    idOf: async (call) => (await recordingInPath(call)).id,
  }),
]

async function listRecordings({ state, url }: Call): Promise<Response> {
  const param = (name: string): string | undefined => url.searchParams.get(name) ?? undefined
  const ids = parseIds(param('session_ids'))
  const person = param('person_uuid')
  const distinctIds = parseDistinctIds(param('distinct_ids'))
  const from = parseTime(
    'date_from',
    param('date_from') ?? (ids === undefined ? DEFAULT_FROM : undefined),
    state.now(),
  )
  const to = parseTime('date_to', param('date_to'), state.now())
  const found = await findRecordings(state, {
    ...(ids === undefined ? {} : { ids }),
    ...(person === undefined ? {} : { person }),
    ...(distinctIds === undefined ? {} : { distinctIds }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  })
  const page = offsetPage(
    sortRecordings(found, param('order') ?? '-start_time', state.now()),
    url,
    state.pageSize,
  )
  const body = { results: page.results, has_next: page.next !== null, version: 4 }
  return jsonResponse(200, body, { 'Server-Timing': 'load_recordings;dur=0' })
}

function sortRecordings(found: readonly FoundRecording[], order: string, now: Date): JsonRecord[] {
  const name = order.replace(/^-/, '')
  const sign = order.startsWith('-') ? -1 : 1
  const views = found.map((recording) => recordingView(recording, now))
  const sortValue = (view: JsonRecord): number =>
    name.endsWith('_time') ? Date.parse(String(view[name])) : Number(view[name] ?? 0)
  return views.sort((a, b) => sign * (sortValue(a) - sortValue(b)))
}

async function recordingInPath({ state, params }: Call): Promise<FoundRecording> {
  const [found] = await findRecordings(state, { ids: [params['id'] ?? ''] })
  if (found === undefined) throw notFound()
  return found
}

async function updateRecording(call: Call): Promise<Response> {
  const { state } = call
  const { id, changes } = await recordingInPath(call)
  const set = { ...(changes?.['set'] as JsonRecord | undefined), ...readFields(FIELDS, call.body, 'change') }
  const changedRecordings = collectionOf(state, RECORDING_CHANGES)
  if (changes === undefined) changedRecordings.add({ id, set })
  else changedRecordings.change(id, { set })
  await state.persist()
  return jsonResponse(200, recordingView(await recordingInPath(call), state.now()))
}

async function deleteRecording(call: Call): Promise<Response> {
  markDeleted(call.state, await recordingInPath(call))
  await call.state.persist()
  return new Response(null, { status: 204 })
}

// Unknown ids are ignored. Source: PostHog/posthog posthog/session_recordings/session_recording_api.py.
async function deleteMany(call: Call): Promise<Response> {
  const { session_recording_ids: ids } = readFields(
    { session_recording_ids: texts({ default: [] }) },
    call.body,
  )
  const requested = ids as string[]
  if (requested.length === 0) {
    throw invalid(null, 'session_recording_ids must be provided as a non-empty array')
  }
  if (requested.length > MAX_DELETED) {
    throw invalid(null, `Cannot process more than ${MAX_DELETED} recordings at once`)
  }
  const found = await findRecordings(call.state, { ids: requested })
  for (const recording of found) markDeleted(call.state, recording)
  await call.state.persist()
  const counts = { deleted_count: found.length, total_requested: requested.length }
  return jsonResponse(200, { success: true, ...counts, failed_ids: [] })
}

function markDeleted(state: ServerState, { id, changes }: FoundRecording): void {
  const changedRecordings = collectionOf(state, RECORDING_CHANGES)
  if (changes === undefined) changedRecordings.add({ id, set: {}, deleted: true })
  else changedRecordings.change(id, { deleted: true })
}

function parseIds(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    if (Array.isArray(parsed)) return parsed.map(String)
  } catch {
    // Not JSON: comma-separated ids.
  }
  return text.split(',').map((id) => id.trim())
}

/** Reads a JSON array. PostHog rejects anything else. Source: PostHog/posthog posthog/session_recordings/utils.py */
function parseDistinctIds(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    if (Array.isArray(parsed) && parsed.every((id) => typeof id === 'string')) return parsed
  } catch {
    // Not JSON.
  }
  throw invalid('distinct_ids', 'Input should be a valid list of strings')
}

function parseTime(name: 'date_from' | 'date_to', text: string | undefined, now: Date): Date | undefined {
  return text === undefined ? undefined : readDate(text, now, 'day', name)
}
