import { notFound } from '../http/api-error.ts'
import type { Call } from '../http/route.ts'
import type { ActivityChange } from '../resources/activity/activity-log.ts'
import { changesBetween, logActivity } from '../resources/activity/managed-activity-log.ts'
import type { ServerState } from '../server-state.ts'
import { smallUser } from './account.ts'
import {
  type Collection,
  collectionOf,
  type JsonRecord,
  randomText,
  type StoredRecord,
} from './collection.ts'
import { type BodyMode, bodyObject, readFields } from './read-fields.ts'
import type { Resource, SystemField } from './resource.ts'

/** The collection that a request is about. */
export function recordsOf(resource: Resource, call: Call): Collection {
  return collectionOf(call.world, resource.kind, resource.owner?.(call))
}

/**
 * The record that a path means.
 *
 * @throws ApiError 404
 */
export function findRecord(
  resource: Resource,
  call: Call,
  idName: string = resource.idName ?? 'id',
): StoredRecord {
  const record = lookUp(resource, call, call.params[idName] ?? '')
  if (record === undefined || (resource.hideDeleted !== undefined && record['deleted'] === true))
    throw notFound()
  return record
}

function lookUp(resource: Resource, call: Call, id: string): StoredRecord | undefined {
  if (resource.find !== undefined) return resource.find(call, id)
  return recordsOf(resource, call).get(id)
}

/** What a list shows: without deleted ones, sifted by the request's parameters. */
export function listRecords(resource: Resource, call: Call): readonly StoredRecord[] {
  const asked = call.url.searchParams.get('search')?.toLowerCase() ?? ''
  const found = recordsOf(resource, call)
    .all()
    .filter((record) => record['deleted'] !== true)
    .filter(
      (record) =>
        resource.search === undefined ||
        resource.search.some((name) =>
          String(record[name] ?? '')
            .toLowerCase()
            .includes(asked),
        ),
    )
  const ordered = resource.oldestFirst === true ? found : found.reverse()
  return resource.filter?.(call, ordered) ?? ordered
}

/** Makes a record of a body. */
export async function createRecord(resource: Resource, call: Call, body: unknown): Promise<StoredRecord> {
  const given = readFields(resource.fields, body)
  const values = { ...given, ...(await resource.prepareCreate?.(call, given)) }
  const now = call.world.now().toISOString()
  const shortId = resource.systemFields?.includes('short_id') === true ? { short_id: randomText(8) } : {}
  const record = recordsOf(resource, call).add({ created_at: now, updated_at: now, ...shortId, ...values })
  log(resource, call, record, 'created')
  await resource.afterCreate?.(call, record)
  await call.world.persist()
  return record
}

/** Changes the record of a path by the request's body. */
export async function updateRecord(
  resource: Resource,
  call: Call,
  mode: BodyMode = 'change',
): Promise<StoredRecord> {
  const before = lookUp(resource, call, call.params[resource.idName ?? 'id'] ?? '')
  if (before === undefined || !mayChange(resource, call, before)) throw notFound()
  const given = readFields(resource.fields, call.body, mode)
  const values = { ...given, ...(await resource.prepareUpdate?.(call, before, given)) }
  return changeRecord(resource, call, before, values)
}

/** Changes members of a record, and tells the activity log. */
export async function changeRecord(
  resource: Resource,
  call: Call,
  before: StoredRecord,
  values: JsonRecord,
  activity?: string,
): Promise<StoredRecord> {
  const record = recordsOf(resource, call).change(before.id, {
    ...values,
    updated_at: call.world.now().toISOString(),
  })
  const was = before['deleted'] === true
  const is = record['deleted'] === true
  const word = was === is ? 'updated' : is ? 'deleted' : 'restored'
  log(resource, call, record, activity ?? word, changesBetween(resource.activity ?? '', before, values))
  await resource.afterUpdate?.(call, record, before)
  await call.world.persist()
  return record
}

/** Removes a record. */
export async function deleteRecord(resource: Resource, call: Call, record: StoredRecord): Promise<void> {
  await resource.beforeDelete?.(call, record)
  recordsOf(resource, call).remove(record.id)
  log(resource, call, record, 'deleted')
  await resource.afterDelete?.(call, record)
  await call.world.persist()
}

function mayChange(resource: Resource, call: Call, record: StoredRecord): boolean {
  if (resource.hideDeleted === undefined || record['deleted'] !== true) return true
  const body = bodyObject(call.body)
  return body['deleted'] === false && (resource.hideDeleted === 'always' || Object.keys(body).length === 1)
}

function log(
  resource: Resource,
  { world }: Call,
  record: StoredRecord,
  activity: string,
  changes?: readonly ActivityChange[],
): void {
  if (resource.activity === undefined) return
  const shortId = record['short_id']
  logActivity(world, {
    scope: resource.activity,
    id: record.id,
    activity,
    name: String(record['name'] ?? record['title'] ?? record['content'] ?? ''),
    ...(typeof shortId === 'string' ? { shortId } : {}),
    ...(changes === undefined ? {} : { changes }),
  })
}

/** A record as answers show it. */
export async function recordView(
  resource: Resource,
  call: Call,
  record: StoredRecord,
  list = false,
): Promise<JsonRecord> {
  const shown = {
    id: record.id,
    ...fieldsOf(resource, record),
    ...stampsOf(resource.systemFields ?? [], call.world, record),
    ...(await resource.view?.(call, record, list)),
  }
  const { omitFromList: leanList = [], onlyInList: listOnly } = resource
  if (!list) return shown
  const stays = (name: string): boolean => !leanList.includes(name) && listOnly?.includes(name) !== false
  return Object.fromEntries(Object.entries(shown).filter(([name]) => stays(name)))
}

/** The fields that a caller wrote and may see. */
export function fieldsOf({ fields }: Pick<Resource, 'fields'>, record: JsonRecord): JsonRecord {
  const shown = Object.entries(fields).filter(([name, field]) => field.writeOnly !== true && name in record)
  return Object.fromEntries(shown.map(([name]) => [name, record[name]]))
}

function stampsOf(stamps: readonly SystemField[], world: ServerState, record: StoredRecord): JsonRecord {
  return Object.fromEntries(stamps.map((stamp) => [stamp, stampOf(stamp, world, record)]))
}

function stampOf(stamp: SystemField, world: ServerState, record: StoredRecord): unknown {
  switch (stamp) {
    case 'created_at':
    case 'short_id':
      return record[stamp]
    case 'created_by':
    case 'last_modified_by':
      return smallUser()
    case 'team_id':
      return world.projectId
    case 'user_access_level':
      return 'manager'
    default:
      return record['updated_at']
  }
}
