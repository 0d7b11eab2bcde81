import { notFound } from '../http/api-error.ts'
import { cursorPage } from '../http/cursor-page.ts'
import { jsonResponse } from '../http/json.ts'
import type { ThrottleClass } from '../http/limits/throttles.ts'
import { numberedPage, offsetPage } from '../http/page.ts'
import type { Action, Call, Route } from '../http/route.ts'
import type { StoredRecord } from './collection.ts'
import type { BodyMode } from './read-fields.ts'
import { createRecord, deleteRecord, findRecord, listRecords, recordView, updateRecord } from './records.ts'
import type { Operation, Resource } from './resource.ts'

const ALL: readonly Operation[] = ['list', 'create', 'get', 'update', 'delete']

/** The routes of a resource: its list and one of it. */
export function resourceRoutes(resource: Resource): readonly Route[] {
  const { object, path, idName = 'id', throttle = 'default', operations = ALL } = resource
  const read = `${object}:read`
  const write = `${object}:write`
  const update = (mode: BodyMode): Action => ({
    scope: write,
    handle: (call) => patch(resource, call, mode),
  })
  const whole: [Operation, string, Action][] = [
    ['list', 'GET', { scope: read, handle: (call) => list(resource, call) }],
    ['create', 'POST', { scope: write, handle: (call) => create(resource, call) }],
  ]
  const single: [Operation, string, Action][] = [
    [
      'get',
      'GET',
      { scope: read, handle: (call) => recordResponse(resource, call, findRecord(resource, call)) },
    ],
    ['update', 'PUT', update('replace')],
    ['update', 'PATCH', update('change')],
    ['delete', 'DELETE', { scope: write, handle: (call) => remove(resource, call) }],
  ]
  const methods = (entries: readonly [Operation, string, Action][]): Record<string, Action> =>
    Object.fromEntries(
      entries
        .filter(([operation]) => operations.includes(operation))
        .map(([, method, action]) => [method, action]),
    )
  return [
    { path, throttle, methods: methods(whole) },
    { path: `${path}/:${idName}`, throttle, methods: methods(single) },
  ].filter((route) => Object.keys(route.methods).length > 0)
}

/** A record as an answer. */
export async function recordResponse(
  resource: Resource,
  call: Call,
  record: StoredRecord,
  status = 200,
): Promise<Response> {
  return jsonResponse(status, await recordView(resource, call, record))
}

async function list(resource: Resource, call: Call): Promise<Response> {
  const { url, world } = call
  const records = listRecords(resource, call)
  const page =
    resource.paging === 'cursor'
      ? cursorPage(records, url, world.pageSize)
      : resource.paging === 'page'
        ? numberedPage(records, url, world.pageSize)
        : offsetPage(records, url, world.pageSize)
  if (page === undefined) throw notFound('Invalid page.')
  const results = await Promise.all(page.results.map((record) => recordView(resource, call, record, true)))
  return jsonResponse(200, { ...page, results })
}

async function create(resource: Resource, call: Call): Promise<Response> {
  return recordResponse(resource, call, await createRecord(resource, call, call.body), 201)
}

async function patch(resource: Resource, call: Call, mode: BodyMode): Promise<Response> {
  return recordResponse(resource, call, await updateRecord(resource, call, mode))
}

async function remove(resource: Resource, call: Call): Promise<Response> {
  const record = findRecord(resource, call)
  // Refused deletes have no body at all: they are not an error of the framework's.
  if (resource.deletion === 'refused') return new Response(null, { status: 405 })
  await deleteRecord(resource, call, record)
  return new Response(null, { status: 204 })
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
