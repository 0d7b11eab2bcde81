import { invalid } from '../http/api-error.ts'
import { jsonResponse } from '../http/json.ts'
import type { Call, Route } from '../http/route.ts'
import { choice, type Fields, list, tagsOf } from './fields.ts'
import { readFields } from './read-fields.ts'
import { changeRecord, recordsOf } from './records.ts'
import type { Resource } from './resource.ts'
import { actionRoute } from './resource-routes.ts'

const BODY: Fields = {
  ids: list({ required: true }),
  action: choice(['add', 'remove', 'set'], { required: true }),
  tags: list({ required: true }),
}
/** Records that one request may change. */
const MOST = 500

/** `bulk_update_tags` of a resource. */
export function bulkTagsRoute(resource: Resource): Route {
  const path = `${resource.path}/bulk_update_tags`
  const handle = (call: Call): Promise<Response> => updateTags(resource, call)
  return actionRoute('POST', path, `${resource.object}:write`, handle, resource.throttle)
}

async function updateTags(resource: Resource, call: Call): Promise<Response> {
  const body = readFields(BODY, call.body)
  const ids = body['ids'] as unknown[]
  const tags = tagsOf(body['tags'] as unknown[])
  if (ids.length === 0) throw invalid('ids', 'This list may not be empty.', 'empty')
  if (ids.length > MOST) {
    throw invalid('ids', `Ensure this field has no more than ${MOST} elements.`, 'max_length')
  }
  const updated: object[] = []
  const skipped: object[] = []
  for (const id of ids) {
    const record = recordsOf(resource, call).get(id)
    if (record === undefined || record['deleted'] === true) {
      skipped.push({ id, reason: 'Not found' })
      continue
    }
    const after = merge(tagsOf(record['tags'] as unknown[]), tags, body['action'])
    await changeRecord(resource, call, record, { tags: after })
    updated.push({ id: record.id, tags: after })
  }
  return jsonResponse(200, { updated, skipped })
}

function merge(before: readonly string[], given: readonly string[], action: unknown): string[] {
  if (action === 'set') return [...given]
  if (action === 'remove') return before.filter((tag) => !given.includes(tag))
  return [...new Set([...before, ...given])]
}
