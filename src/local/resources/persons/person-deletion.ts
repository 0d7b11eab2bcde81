import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call } from '../../http/route.ts'
import { type CollectionKind, collectionOf } from '../../store/collection.ts'
import { texts } from '../../store/fields.ts'
import { bodyObject, readFields } from '../../store/read-fields.ts'
import { deleteRows, personsOf, readPersons, UUID } from './person-table.ts'

const MOST = 1_000
const STATUSES = ['pending', 'completed', 'all']

/** A deletion of a person's events. Here it completes at once. */
interface PersonDeletion {
  readonly id: string
  readonly person_uuid: string
  readonly created_at: string
}

const DELETIONS: CollectionKind<PersonDeletion> = { name: 'person_deletions', ids: 'uuid' }

/** POST: deletes persons by ids or by distinct ids, and their events when asked to. */
export async function bulkDelete({ world, body }: Call): Promise<Response> {
  const fields = bodyObject(body)
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
  const found = await world.withTableLock(async () => {
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
    for (const uuid of found) collectionOf(world, DELETIONS).add({ person_uuid: uuid, created_at: now })
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
  const list = (readFields({ [name]: texts({ nullable: true }) }, fields)[name] ?? []) as string[]
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
  const deletions = collectionOf(world, DELETIONS)
    .all()
    .filter((deletion) => uuid === null || deletion.person_uuid === uuid)
    .filter(() => status !== 'pending')
    .map(({ id, ...deletion }) => ({
      ...deletion,
      status: 'completed',
      delete_verified_at: deletion.created_at,
    }))
    .reverse()
  return jsonResponse(200, offsetPage(deletions, url, world.pageSize))
}
