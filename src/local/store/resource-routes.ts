import { notFound } from '../http/api-error.ts'
import { cursorPage } from '../http/cursor-page.ts'
import { jsonResponse } from '../http/json.ts'
import { numberedPage, offsetPage } from '../http/page.ts'
import type { Action, Call, Route } from '../http/route.ts'
import type { ThrottleClass } from '../http/throttles.ts'
import { activityPage } from './activity.ts'
import type { StoredRecord } from './collection.ts'
import type { BodyMode } from './read-fields.ts'
import {
  createRecord,
  deleteRecord,
  findAnyRecord,
  findRecord,
  listRecords,
  projectOf,
  recordView,
  updateRecord,
} from './records.ts'
import type { Operation, Resource } from './resource.ts'

const ALL: readonly Operation[] = ['list', 'create', 'get', 'update', 'delete']

/** The routes of a resource: its list and its single records. */
export function resourceRoutes<T extends StoredRecord>(resource: Resource<T>): readonly Route[] {
  const { object, path, idName = 'id', throttle = 'default', operations = ALL } = resource
  const read = (handle: Action['handle']): Action => ({ scope: `${object}:read`, handle })
  const write = (handle: Action['handle']): Action => ({ scope: `${object}:write`, handle })
  const update = (mode: BodyMode): Action =>
    write(async (call) => recordResponse(resource, call, await updateRecord(resource, call, mode)))
  const methods: readonly [Operation, isList: boolean, method: string, Action][] = [
    ['list', true, 'GET', read((call) => list(resource, call))],
    ['create', true, 'POST', write((call) => create(resource, call))],
    ['get', false, 'GET', read((call) => recordResponse(resource, call, findRecord(resource, call)))],
    ['update', false, 'PUT', update('replace')],
    ['update', false, 'PATCH', update('change')],
    ['delete', false, 'DELETE', write((call) => remove(resource, call))],
  ]
  const route = (routePath: string, isListRoute: boolean): Route => {
    const own = methods.filter(
      ([operation, isList]) => isList === isListRoute && operations.includes(operation),
    )
    const actions = own.map(([, , method, action]) => [method, action] as const)
    return { path: routePath, throttle, methods: Object.fromEntries(actions) }
  }
  return [route(path, true), route(`${path}/:${idName}`, false)].filter(
    (candidate) => Object.keys(candidate.methods).length > 0,
  )
}

/** A route with one method, such as an action on a record. */
export function actionRoute(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  scope: string,
  handle: (call: Call) => Response | Promise<Response>,
  throttle: ThrottleClass = 'default',
): Route {
  return { path, throttle, methods: { [method]: { scope, handle } } }
}

/** `GET …/activity` of all records of a resource. */
export function listActivityRoute<T extends StoredRecord>(resource: Resource<T>): Route {
  const { activity = '', path, throttle } = resource
  const handle = (call: Call): Response => activityPage(call, activity, undefined, projectOf(resource, call))
  return actionRoute('GET', `${path}/activity`, 'activity_log:read', handle, throttle)
}

/** `GET …/:id/activity` of one record, even a deleted one. */
export function recordActivityRoute<T extends StoredRecord>(resource: Resource<T>): Route {
  const { activity = '', path, idName = 'id', throttle } = resource
  const handle = (call: Call): Response =>
    activityPage(call, activity, findAnyRecord(resource, call).id, projectOf(resource, call))
  return actionRoute('GET', `${path}/:${idName}/activity`, 'activity_log:read', handle, throttle)
}

/** Responds with a record. */
export async function recordResponse<T extends StoredRecord>(
  resource: Resource<T>,
  call: Call,
  record: T,
  status = 200,
): Promise<Response> {
  return jsonResponse(status, await recordView(resource, call, record))
}

async function list<T extends StoredRecord>(resource: Resource<T>, call: Call): Promise<Response> {
  const { url, state } = call
  const records = listRecords(resource, call)
  const page =
    resource.paging === 'cursor'
      ? cursorPage(records, url, state.pageSize)
      : resource.paging === 'page'
        ? numberedPage(records, url, state.pageSize)
        : offsetPage(records, url, state.pageSize)
  if (page === undefined) throw notFound('Invalid page.')
  const results = await Promise.all(page.results.map((record) => recordView(resource, call, record, true)))
  return jsonResponse(200, { ...page, results })
}

async function create<T extends StoredRecord>(resource: Resource<T>, call: Call): Promise<Response> {
  return recordResponse(resource, call, await createRecord(resource, call, call.body), 201)
}

async function remove<T extends StoredRecord>(resource: Resource<T>, call: Call): Promise<Response> {
  const record = findRecord(resource, call)
  // PostHog itself rejects these deletes, not the web framework: its 405 has no body.
  if (resource.deletion === 'refused') return new Response(null, { status: 405 })
  await deleteRecord(resource, call, record)
  return new Response(null, { status: 204 })
}
