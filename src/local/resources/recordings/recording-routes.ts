import { notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { type Fields, list, object, text } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { sharingRoutes } from '../../store/sharing-routes.ts'
import { readDate } from '../insights/date-range.ts'
import { type FoundRecording, findRecordings, RECORDING_CHANGES } from './find-recordings.ts'
import { recordingView } from './recording-view.ts'

const PATH = 'projects/:project/session_recordings'
const ONE = `${PATH}/:id`
const FIELDS: Fields = {
  snapshot_library: text({ nullable: true }),
  summary_outcome: object({ nullable: true }),
  external_references: list(),
}
/** How far back a list goes when it is not told. */
const DEFAULT_FROM = '-3d'

/** Session recordings: one for each session of the events. */
export const recordingRoutes: readonly Route[] = [
  actionRoute('GET', PATH, 'session_recording:read', listRecordings, 'clickhouse'),
  {
    path: ONE,
    throttle: 'clickhouse',
    methods: {
      GET: {
        scope: 'session_recording:read',
        handle: async (call) => jsonResponse(200, recordingView(await recordingOf(call), call.world.now())),
      },
      PATCH: { scope: 'session_recording:write', handle: update },
      DELETE: { scope: 'session_recording:write', handle: remove },
    },
  },
  ...sharingRoutes({
    path: ONE,
    kind: 'session_recording',
    throttle: 'clickhouse',
    idOf: async (call) => (await recordingOf(call)).id,
  }),
]

async function listRecordings({ world, url }: Call): Promise<Response> {
  const asked = (name: string): string | undefined => url.searchParams.get(name) ?? undefined
  const ids = idsOf(asked('session_ids'))
  const person = asked('person_uuid')
  const from = timeOf(
    'date_from',
    asked('date_from') ?? (ids === undefined ? DEFAULT_FROM : undefined),
    world.now(),
  )
  const to = timeOf('date_to', asked('date_to'), world.now())
  const found = await findRecordings(world, {
    ...(ids === undefined ? {} : { ids }),
    ...(person === undefined ? {} : { person }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  })
  const page = offsetPage(ordered(found, asked('order') ?? '-start_time', world.now()), url, world.pageSize)
  const answer = { results: page.results, has_next: page['next'] !== null, version: 4 }
  return jsonResponse(200, answer, { 'Server-Timing': 'load_recordings;dur=0' })
}

function ordered(found: readonly FoundRecording[], order: string, now: Date): JsonRecord[] {
  const name = order.replace(/^-/, '')
  const sign = order.startsWith('-') ? -1 : 1
  const views = found.map((recording) => recordingView(recording, now))
  const measure = (view: JsonRecord): number =>
    name.endsWith('_time') ? Date.parse(String(view[name])) : Number(view[name] ?? 0)
  return views.sort((one, other) => sign * (measure(one) - measure(other)))
}

async function recordingOf({ world, params }: Call): Promise<FoundRecording> {
  const [found] = await findRecordings(world, { ids: [params['id'] ?? ''] })
  if (found === undefined) throw notFound()
  return found
}

async function update(call: Call): Promise<Response> {
  const { world } = call
  const { id, changes } = await recordingOf(call)
  const set = { ...(changes?.['set'] as JsonRecord | undefined), ...readFields(FIELDS, call.body, 'change') }
  const kept = collectionOf(world, RECORDING_CHANGES)
  if (changes === undefined) kept.add({ id, set })
  else kept.change(id, { set })
  await world.persist()
  return jsonResponse(200, recordingView(await recordingOf(call), world.now()))
}

async function remove(call: Call): Promise<Response> {
  const { id, changes } = await recordingOf(call)
  const kept = collectionOf(call.world, RECORDING_CHANGES)
  if (changes === undefined) kept.add({ id, set: {}, deleted: true })
  else kept.change(id, { deleted: true })
  await call.world.persist()
  return new Response(null, { status: 204 })
}

function idsOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    if (Array.isArray(parsed)) return parsed.map(String)
  } catch {
    // Not JSON: ids with commas between them.
  }
  return text.split(',').map((id) => id.trim())
}

function timeOf(name: 'date_from' | 'date_to', text: string | undefined, now: Date): Date | undefined {
  return text === undefined ? undefined : readDate(text, now, 'day', name)
}
