import { notFound } from '../http/api-error.ts'
import type { Call } from '../http/route.ts'
import type { ActivityChange } from '../resources/activity/activity-log.ts'
import { changesBetween, logActivity } from '../resources/activity/managed-activity-log.ts'
import { type Collection, collectionOf, type JsonRecord, type StoredRecord } from './collection.ts'
import { type BodyMode, bodyObject, readFields } from './read-fields.ts'
import type { Resource } from './resource.ts'
import { randomText } from './short-id.ts'

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
  if (record === undefined || (resource.hidden !== undefined && record['deleted'] === true)) throw notFound()
  return record
}

function lookUp(resource: Resource, call: Call, id: string): StoredRecord | undefined {
  if (resource.lookUp !== undefined) return resource.lookUp(call, id)
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
  return resource.sift?.(call, ordered) ?? ordered
}

/** Makes a record of a body. */
export async function createRecord(resource: Resource, call: Call, body: unknown): Promise<StoredRecord> {
  const given = readFields(resource.fields, body)
  const values = { ...given, ...(await resource.complete?.(call, given)) }
  const now = call.world.now().toISOString()
  const shortId = resource.stamps?.includes('short_id') === true ? { short_id: randomText(8) } : {}
  const record = recordsOf(resource, call).add({ created_at: now, updated_at: now, ...shortId, ...values })
  log(resource, call, record, 'created')
  await resource.created?.(call, record)
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
  const values = { ...given, ...(await resource.adjust?.(call, before, given)) }
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
  await resource.updated?.(call, record, before)
  await call.world.persist()
  return record
}

/** Removes a record. */
export async function removeRecord(resource: Resource, call: Call, record: StoredRecord): Promise<void> {
  await resource.beforeRemoval?.(call, record)
  recordsOf(resource, call).remove(record.id)
  log(resource, call, record, 'deleted')
  await resource.removed?.(call, record)
  await call.world.persist()
}

function mayChange(resource: Resource, call: Call, record: StoredRecord): boolean {
  if (resource.hidden === undefined || record['deleted'] !== true) return true
  const body = bodyObject(call.body)
  return body['deleted'] === false && (resource.hidden === 'always' || Object.keys(body).length === 1)
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
