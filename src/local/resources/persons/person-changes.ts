import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call } from '../../http/route.ts'
import { logActivity } from '../../store/activity.ts'
import { type CollectionKind, collectionOf, type JsonRecord } from '../../store/collection.ts'
import { type Fields, json, object, text, texts } from '../../store/fields.ts'
import { bodyObject, readField, readFields } from '../../store/read-fields.ts'
import { knowProperties, recordProperties } from '../definitions/property-types.ts'
import { personInPath } from './person-queries.ts'
import {
  addPersons,
  deleteRows,
  distinctIdsOf,
  moveDistinctIds,
  type PersonRow,
  personsOf,
  readPersons,
  savePerson,
  UUID,
} from './person-table.ts'
import { personViews } from './person-view.ts'

const PROPERTY: Fields = { key: text({ required: true }), value: json({ required: true }) }
/** PostHog's limit for the ids and properties of one request. */
const MAX_IDS = 1_000
const SPLIT: Fields = { main_distinct_id: json(), distinct_ids_to_split: texts({ nullable: true }) }

/** Handles PATCH: sets the given properties and keeps the others. */
export async function patchPerson(call: Call): Promise<Response> {
  const properties = readField('properties', object(), call.body) as JsonRecord
  const person = await updateProperties(call, (before) => ({ ...before, ...properties }), 'updated')
  const [view] = await personViews(call.state, [person])
  return jsonResponse(202, view)
}

/** Sets one property. */
export async function updateProperty(call: Call): Promise<Response> {
  const { key, value } = readFields(PROPERTY, call.body)
  await updateProperties(call, (before) => ({ ...before, [String(key)]: value }), 'updated')
  return new Response(null, { status: 202 })
}

/** Removes one property, or up to 1,000. */
export async function deleteProperty(call: Call): Promise<Response> {
  const keys = readUnset(call.body)
  await updateProperties(
    call,
    (before) => Object.fromEntries(Object.entries(before).filter(([name]) => !keys.includes(name))),
    'delete_property',
  )
  return jsonResponse(201, { success: true })
}

function readUnset(body: unknown): readonly string[] {
  const given = bodyObject(body)['$unset']
  if (!Array.isArray(given)) return [String(readField('$unset', text(), body))]
  if (given.length < 1 || given.length > MAX_IDS || !given.every((key) => typeof key === 'string')) {
    throw invalid('$unset', `Expected a property or a list of 1 to ${MAX_IDS} properties.`)
  }
  return given
}

async function updateProperties(
  call: Call,
  update: (before: PersonRow['properties']) => Record<string, unknown>,
  activity: string,
): Promise<PersonRow> {
  const { state } = call
  const after = await state.withTableLock(async () => {
    const before = await personInPath(call)
    const person = { ...before, properties: update(before.properties) }
    await savePerson(state, person)
    await knowProperties(state)
    recordProperties(state)('person', person.properties)
    return person
  })
  logActivity(state, {
    scope: 'Person',
    item: after.uuid,
    activity,
    name: after.uuid,
    changes: [{ type: 'Person', action: 'changed', field: 'properties', before: null, after: null }],
  })
  await state.persist()
  return after
}

/** Splits a person: the given distinct ids, or all except the main one, become separate persons. */
export async function splitPerson(call: Call): Promise<Response> {
  const { state } = call
  const { main_distinct_id: main, distinct_ids_to_split: listed } = readFields(SPLIT, call.body)
  const idsToSplit = Array.isArray(listed) ? listed.map(String) : undefined
  if (idsToSplit !== undefined && main !== undefined && main !== null) {
    throw invalid(null, 'main_distinct_id cannot be combined with distinct_ids_to_split')
  }
  const person = await state.withTableLock(async () => {
    const original = await personInPath(call)
    const ids = (await distinctIdsOf(state, [original.uuid])).get(original.uuid) ?? []
    const unknown = idsToSplit?.find((id) => !ids.includes(id))
    if (unknown !== undefined) throw invalid('distinct_ids_to_split', `not on this person: ${unknown}`)
    const mainId = typeof main === 'string' ? main : ids[0]
    for (const id of idsToSplit ?? ids.filter((candidate) => candidate !== mainId)) {
      const part = { ...original, uuid: crypto.randomUUID(), properties: {}, isIdentified: false }
      await addPersons(state, [part])
      await moveDistinctIds(state, [id], part.uuid)
    }
    return original
  })
  logActivity(state, {
    scope: 'Person',
    item: person.uuid,
    activity: 'split_person',
    name: person.uuid,
  })
  await state.persist()
  return jsonResponse(201, { success: true })
}

const STATUSES = ['pending', 'completed', 'all']

/** A requested deletion of a person's events. The local PostHog deletes them immediately. */
interface PersonDeletion {
  readonly id: string
  readonly person_uuid: string
  readonly created_at: string
}

const DELETIONS: CollectionKind<PersonDeletion> = { name: 'person_deletions', ids: 'uuid' }

/** Deletes persons by ids or by distinct ids, and optionally their events. */
export async function bulkDelete({ state, body }: Call): Promise<Response> {
  const fields = bodyObject(body)
  const ids = readIds(fields, 'ids')
  const distinctIds = readIds(fields, 'distinct_ids')
  if (ids.length > 0 && distinctIds.length > 0) {
    throw invalid(null, 'You must provide either distinct_ids or ids, not both')
  }
  if (ids.length === 0 && distinctIds.length === 0) {
    throw invalid(null, 'You need to specify either distinct_ids or ids')
  }
  const [withEvents, withRecordings, keepPersons] = ['delete_events', 'delete_recordings', 'keep_person'].map(
    (name) => Boolean(fields[name]),
  )
  const found = await state.withTableLock(async () => {
    const personIds = ids.length > 0 ? ids : [...(await personsOf(state, distinctIds)).values()]
    const uuids = (await readPersons(state, personIds)).map((person) => person.uuid)
    if (keepPersons !== true) {
      await deleteRows(state, 'persons', uuids)
      await deleteRows(state, 'person_distinct_ids', uuids)
    }
    if (withEvents === true) await deleteRows(state, 'events', uuids)
    return uuids
  })
  if (withEvents === true) {
    const now = state.now().toISOString()
    for (const uuid of found) collectionOf(state, DELETIONS).add({ person_uuid: uuid, created_at: now })
    await state.persist()
  }
  return jsonResponse(202, {
    persons_found: found.length,
    persons_deleted: keepPersons === true ? 0 : found.length,
    events_queued_for_deletion: withEvents === true && found.length > 0,
    recordings_queued_for_deletion: withRecordings === true && found.length > 0,
    deletion_errors: [],
  })
}

function readIds(fields: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const list = (readFields({ [name]: texts({ nullable: true }) }, fields)[name] ?? []) as string[]
  if (list.length > MAX_IDS) throw invalid(null, `You can only pass ${MAX_IDS} ${name} in one call`)
  return list
}

/** Lists the deletions of events and their status. */
export function deletionStatus({ state, url }: Call): Response {
  const status = url.searchParams.get('status') ?? 'all'
  if (!STATUSES.includes(status)) {
    throw invalid('status', `"${status}" is not a valid choice.`, 'invalid_choice')
  }
  const uuid = url.searchParams.get('person_uuid')
  if (uuid !== null && !UUID.test(uuid)) throw invalid('person_uuid', 'Must be a valid UUID.')
  const deletions = collectionOf(state, DELETIONS)
    .all()
    .filter((deletion) => uuid === null || deletion.person_uuid === uuid)
    .filter(() => status !== 'pending')
    .map(({ id, ...deletion }) => ({
      ...deletion,
      status: 'completed',
      delete_verified_at: deletion.created_at,
    }))
    .reverse()
  return jsonResponse(200, offsetPage(deletions, url, state.pageSize))
}
