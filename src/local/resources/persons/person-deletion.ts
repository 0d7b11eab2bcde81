import { invalid } from '../../http/api-error.ts'
import { fieldsOf, textList } from '../../http/fields.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call } from '../../http/route.ts'
import { deleteRows, personsOf, readPersons, UUID } from './person-table.ts'

const MOST = 1_000
const STATUSES = ['pending', 'completed', 'all']

/** A person whose events were to be deleted. Here they are gone at once. */
export interface PersonDeletion {
  readonly person_uuid: string
  readonly created_at: string
}

/** POST: deletes persons by ids or by distinct ids, and their events when asked to. */
export async function bulkDelete({ world, body }: Call): Promise<Response> {
  const fields = fieldsOf(body)
  const ids = listOf(fields, 'ids')
  const distinctIds = listOf(fields, 'distinct_ids')
  if (ids.length > 0 && distinctIds.length > 0) {
    throw invalid(null, 'You must provide either distinct_ids or ids, not both')
  }
  if (ids.length === 0 && distinctIds.length === 0) {
    throw invalid(null, 'You need to specify either distinct_ids or ids')
  }
  const [withEvents, withRecordings, keep] = ['delete_events', 'delete_recordings', 'keep_person'].map(
    (name) => Boolean(fields[name]),
  )
  const found = await world.data.inOrder(async () => {
    const wanted = ids.length > 0 ? ids : [...(await personsOf(world, distinctIds)).values()]
    const uuids = (await readPersons(world, wanted)).map((person) => person.uuid)
    if (keep !== true) {
      await deleteRows(world, 'persons', uuids)
      await deleteRows(world, 'person_distinct_ids', uuids)
    }
    if (withEvents === true) await deleteRows(world, 'events', uuids)
    return uuids
  })
  if (withEvents === true) {
    const now = world.now().toISOString()
    world.data.stores.deletions.push(...found.map((uuid) => ({ person_uuid: uuid, created_at: now })))
    await world.persist()
  }
  return jsonResponse(202, {
    persons_found: found.length,
    persons_deleted: keep === true ? 0 : found.length,
    events_queued_for_deletion: withEvents === true && found.length > 0,
    recordings_queued_for_deletion: withRecordings === true && found.length > 0,
    deletion_errors: [],
  })
}

function listOf(fields: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const list = textList(fields, name) ?? []
  if (list.length > MOST) throw invalid(null, `You can only pass ${MOST} ${name} in one call`)
  return list
}

/** GET how far the deletions of events are. */
export function deletionStatus({ world, url }: Call): Response {
  const status = url.searchParams.get('status') ?? 'all'
  if (!STATUSES.includes(status)) {
    throw invalid('status', `"${status}" is not a valid choice.`, 'invalid_choice')
  }
  const uuid = url.searchParams.get('person_uuid')
  if (uuid !== null && !UUID.test(uuid)) throw invalid('person_uuid', 'Must be a valid UUID.')
  const deletions = world.data.stores.deletions
    .filter((deletion) => uuid === null || deletion.person_uuid === uuid)
    .filter(() => status !== 'pending')
    .map((deletion) => ({ ...deletion, status: 'completed', delete_verified_at: deletion.created_at }))
    .reverse()
  return jsonResponse(200, offsetPage(deletions, url, world.pageSize))
}
