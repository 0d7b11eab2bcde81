import { invalid } from '../http/api-error.ts'
import { jsonResponse } from '../http/json.ts'
import type { Call, Route } from '../http/route.ts'
import type { StoredRecord } from './collection.ts'
import { choice, type Fields, list, normalizeTags } from './fields.ts'
import { readFields } from './read-fields.ts'
import { patchRecord, recordsOf } from './records.ts'
import type { Resource } from './resource.ts'
import { actionRoute } from './resource-routes.ts'

const BODY: Fields = {
  ids: list({ required: true }),
  action: choice(['add', 'remove', 'set'], { required: true }),
  tags: list({ required: true }),
}
/** PostHog's limit for the `ids` of one request. */
const MAX_IDS = 500

/** `POST …/bulk_update_tags` of a resource: adds, removes or sets tags of several records. */
export function bulkTagsRoute<T extends StoredRecord>(resource: Resource<T>): Route {
  const path = `${resource.path}/bulk_update_tags`
  const handle = (call: Call): Promise<Response> => updateTags(resource, call)
  return actionRoute('POST', path, `${resource.object}:write`, handle, resource.throttle)
}

async function updateTags<T extends StoredRecord>(resource: Resource<T>, call: Call): Promise<Response> {
  const body = readFields(BODY, call.body)
  const ids = body['ids'] as unknown[]
  const given = normalizeTags(body['tags'])
  if (ids.length === 0) throw invalid('ids', 'This list may not be empty.', 'empty')
  if (ids.length > MAX_IDS) {
    throw invalid('ids', `Ensure this field has no more than ${MAX_IDS} elements.`, 'max_length')
  }
  const updated: object[] = []
  const skipped: object[] = []
  for (const id of ids) {
    const record = recordsOf(resource, call).get(id)
    if (record === undefined || record['deleted'] === true) {
      skipped.push({ id, reason: 'Not found' })
      continue
    }
    const tags = changeTags(normalizeTags(record['tags']), given, body['action'])
    await patchRecord(resource, call, record, { tags })
    updated.push({ id: record.id, tags })
  }
  return jsonResponse(200, { updated, skipped })
}

function changeTags(before: readonly string[], given: readonly string[], action: unknown): string[] {
  if (action === 'set') return [...given]
  if (action === 'remove') return before.filter((tag) => !given.includes(tag))
  return [...new Set([...before, ...given])]
}
