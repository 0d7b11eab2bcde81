import { notFound } from '../http/api-error.ts'
import type { Call } from '../http/route.ts'
import type { ServerState } from '../server-state.ts'
import { currentUser } from './account.ts'
import { type ActivityChange, changesBetween, logActivity } from './activity.ts'
import {
  type Collection,
  collectionOf,
  type JsonRecord,
  randomText,
  type StoredRecord,
} from './collection.ts'
import { type BodyMode, bodyObject, readFields } from './read-fields.ts'
import type { Resource, SystemField } from './resource.ts'
import { containsTerm, type SearchText, searchRecords, searchTerm, textsIn } from './trigram-search.ts'

/** The collection that a request addresses. */
export function recordsOf<T extends StoredRecord>(resource: Resource<T>, call: Call): Collection<T> {
  return collectionOf(call.state, resource.kind, resource.owner?.(call) ?? projectOf(resource, call))
}

/** The project that owns the records of a request. */
export function projectOf(
  { perProject }: Pick<Resource, 'perProject'>,
  { state, project }: Pick<Call, 'state' | 'project'>,
): number {
  return perProject === true ? project : state.projectId
}

/**
 * Finds the record of a path.
 *
 * @throws ApiError 404
 */
export function findRecord<T extends StoredRecord>(
  resource: Resource<T>,
  call: Call,
  idName: string = resource.idName ?? 'id',
): T {
  const record = findAnyRecord(resource, call, idName)
  if (resource.hideDeleted !== undefined && record['deleted'] === true) throw notFound()
  return record
}

/**
 * Finds the record of a path, even a deleted one.
 *
 * @throws ApiError 404
 */
export function findAnyRecord<T extends StoredRecord>(
  resource: Resource<T>,
  call: Call,
  idName: string = resource.idName ?? 'id',
): T {
  const id = call.params[idName] ?? ''
  const record = resource.find === undefined ? recordsOf(resource, call).get(id) : resource.find(call, id)
  if (record === undefined) throw notFound()
  return record
}

/** Lists the records that match the query parameters, without deleted ones. */
export function listRecords<T extends StoredRecord>(resource: Resource<T>, call: Call): readonly T[] {
  const { searchParams } = call.url
  const { filterBy = [], oldestFirst = false } = resource
  const found = recordsOf(resource, call)
    .all()
    .filter((record) => record['deleted'] !== true)
    .filter((record) =>
      filterBy.every((name) => {
        const value = searchParams.get(name)
        return value === null || String(record[name]) === value
      }),
    )
  const matching = search(resource, call, oldestFirst ? found : found.reverse())
  return resource.filter?.(call, matching) ?? matching
}

function search<T extends StoredRecord>(
  { search: members, showsSearchMatch = false }: Pick<Resource<T>, 'search' | 'showsSearchMatch'>,
  { url }: Call,
  records: readonly T[],
): readonly T[] {
  if (members === undefined) return records
  const term = showsSearchMatch ? searchTerm(url) : (url.searchParams.get('search') ?? '')
  const textsOf = (record: T): SearchText[] => textsIn(record, members)
  if (term === '') return records
  return showsSearchMatch
    ? searchRecords(records, term, textsOf)
    : records.filter((record) => containsTerm(textsOf(record), term))
}

/** Creates a record from a body. */
export async function createRecord<T extends StoredRecord>(
  resource: Resource<T>,
  call: Call,
  body: unknown,
): Promise<T> {
  const given = readFields(resource.fields, body)
  const values = { ...given, ...(await resource.prepareCreate?.(call, given)) }
  const now = call.state.now().toISOString()
  const shortId = resource.systemFields?.includes('short_id') === true ? { short_id: randomText(8) } : {}
  const record = recordsOf(resource, call).add({ created_at: now, updated_at: now, ...shortId, ...values })
  log(resource, call, record, 'created')
  await resource.afterCreate?.(call, record)
  await call.state.persist()
  return record
}

/** Changes the record of a path by the request's body. */
export async function updateRecord<T extends StoredRecord>(
  resource: Resource<T>,
  call: Call,
  mode: BodyMode = 'change',
): Promise<T> {
  const before = findAnyRecord(resource, call)
  if (!mayChange(resource, call, before)) throw notFound()
  return patchRecord(resource, call, before, readFields(resource.fields, call.body, mode))
}

/** Validates a change like PATCH, then applies it. */
export async function patchRecord<T extends StoredRecord>(
  resource: Resource<T>,
  call: Call,
  before: T,
  values: JsonRecord,
): Promise<T> {
  const more = await resource.prepareUpdate?.(call, before, values)
  return changeRecord(resource, call, before, { ...values, ...more })
}

/** Changes members of a record without validation, and logs the activity. */
export async function changeRecord<T extends StoredRecord>(
  resource: Resource<T>,
  call: Call,
  before: T,
  values: JsonRecord,
  activity?: string,
): Promise<T> {
  const { unlogged = [] } = resource
  const updated_at = call.state.now().toISOString()
  const record = recordsOf(resource, call).change(before.id, { ...values, updated_at })
  const wasDeleted = before['deleted'] === true
  const isDeleted = record['deleted'] === true
  const verb = wasDeleted === isDeleted ? 'updated' : isDeleted ? 'deleted' : 'restored'
  const logged = Object.fromEntries(Object.entries(values).filter(([name]) => !unlogged.includes(name)))
  log(resource, call, record, activity ?? verb, changesBetween(resource.activity ?? '', before, logged))
  await resource.afterUpdate?.(call, record, before)
  await call.state.persist()
  return record
}

/** Removes a record. */
export async function deleteRecord<T extends StoredRecord>(
  resource: Resource<T>,
  call: Call,
  record: T,
): Promise<void> {
  await resource.beforeDelete?.(call, record)
  recordsOf(resource, call).remove(record.id)
  log(resource, call, record, 'deleted')
  await resource.afterDelete?.(call, record)
  await call.state.persist()
}

/** A record as responses show it. */
export async function recordView<T extends StoredRecord>(
  resource: Resource<T>,
  call: Call,
  record: T,
  list = false,
): Promise<JsonRecord> {
  const { systemFields = [], omitFromList = [], onlyInList, showsSearchMatch = false } = resource
  const term = list && showsSearchMatch ? searchTerm(call.url) : ''
  const view = {
    id: record.id,
    ...visibleFields(resource, record),
    ...Object.fromEntries(systemFields.map((name) => [name, systemField(name, call.state, record)])),
    ...(await resource.view?.(call, record, list)),
    ...(term === '' ? {} : { search_match_type: matchType(resource, record, term) }),
  }
  if (!list) return view
  const isShown = (name: string): boolean =>
    !omitFromList.includes(name) && onlyInList?.includes(name) !== false
  return Object.fromEntries(Object.entries(view).filter(([name]) => isShown(name)))
}

function matchType(
  { search: members = [] }: Pick<Resource, 'search'>,
  record: JsonRecord,
  term: string,
): 'exact' | 'similar' {
  return containsTerm(textsIn(record, members), term) ? 'exact' : 'similar'
}

/** The values of all fields that are not `writeOnly`. */
export function visibleFields({ fields }: Pick<Resource, 'fields'>, record: JsonRecord): JsonRecord {
  const shown = Object.entries(fields).filter(([name, field]) => field.writeOnly !== true && name in record)
  return Object.fromEntries(shown.map(([name]) => [name, record[name]]))
}

function systemField(name: SystemField, state: ServerState, record: StoredRecord): unknown {
  switch (name) {
    case 'created_at':
    case 'short_id':
      return record[name]
    case 'created_by':
    case 'last_modified_by':
      return currentUser(state)
    case 'team_id':
      return state.projectId
    case 'user_access_level':
      return 'manager'
    default:
      return record['updated_at']
  }
}

function mayChange(
  { hideDeleted }: Pick<Resource, 'hideDeleted'>,
  call: Call,
  record: StoredRecord,
): boolean {
  if (hideDeleted === undefined || record['deleted'] !== true) return true
  const body = bodyObject(call.body)
  return body['deleted'] === false && (hideDeleted === 'always' || Object.keys(body).length === 1)
}

function log(
  resource: Pick<Resource, 'activity' | 'activityName' | 'perProject'>,
  call: Call,
  record: StoredRecord,
  activity: string,
  changes?: readonly ActivityChange[],
): void {
  if (resource.activity === undefined) return
  const { short_id: shortId, name, title, content } = record
  const label =
    resource.activityName === undefined ? (name ?? title ?? content) : record[resource.activityName]
  logActivity(call.state, {
    project: projectOf(resource, call),
    scope: resource.activity,
    item: record.id,
    activity,
    name: String(label ?? ''),
    ...(typeof shortId === 'string' ? { shortId } : {}),
    ...(changes === undefined ? {} : { changes }),
  })
}
