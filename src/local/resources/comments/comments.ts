import { invalid } from '../../http/api-error.ts'
import { cursorPage } from '../../http/cursor-page.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { collectionOf, type StoredRecord } from '../../store/collection.ts'
import { boolean, json, list, text } from '../../store/fields.ts'
import { referenceError, requiredError } from '../../store/read-fields.ts'
import { findRecord, listRecords, recordsOf, recordView } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'

const comments: Resource = {
  kind: { name: 'comments', ids: 'uuid' },
  path: 'projects/:project/comments',
  object: 'comment',
  fields: {
    content: text({ nullable: true, blank: true }),
    rich_content: json({ default: null }),
    item_id: text({ nullable: true, maxLength: 72 }),
    item_context: json({ default: null }),
    scope: text({ maxLength: 79 }),
    source_comment: text({ nullable: true }),
    deleted: boolean({ nullable: true, default: false }),
    is_task: boolean({ default: false }),
    mentions: list({ writeOnly: true }),
    slug: text({ blank: true, writeOnly: true }),
  },
  systemFields: ['created_at', 'created_by'],
  deletion: 'refused',
  paging: 'cursor',
  activity: 'Comment',
  search: ['content'],
  filterBy: ['scope', 'item_id', 'source_comment'],
  filter: ({ url: { searchParams } }, found) => {
    const [kind, completed, author] = ['kind', 'completed', 'created_by'].map((name) =>
      searchParams.get(name),
    )
    const isTask = (comment: StoredRecord): boolean => comment['is_task'] === true
    return (
      found
        .filter((comment) => !kind || kind === 'any' || isTask(comment) === (kind === 'task'))
        .filter(() => !author || author === String(USER.id))
        // No route here completes a task.
        .filter((comment) => !completed || completed === 'any' || (completed === 'open' && isTask(comment)))
    )
  },
  prepareCreate: ({ state }, { source_comment: source, scope, is_task }) => {
    if (source === null) {
      if (scope === undefined) throw requiredError('scope')
      return { version: 0 }
    }
    const all = collectionOf(state, comments.kind)
    const parent = all.get(source)
    if (parent === undefined) throw referenceError('source_comment', source)
    if (is_task === true) throw invalid('is_task', 'Replies cannot be tasks.')
    // A reply joins the thread of its parent. PostHog/posthog posthog/api/comments.py
    const root = all.get(parent['source_comment']) ?? parent
    const { scope: rootScope, item_id, item_context } = root
    return {
      version: 0,
      source_comment: root.id,
      scope: rootScope,
      item_id,
      item_context: item_context ?? {},
    }
  },
  prepareUpdate: (_, before) => ({ version: Number(before['version']) + 1 }),
  view: (_, comment) => ({ version: comment['version'] }),
}

/** Comments and their threads. */
export const commentRoutes: readonly Route[] = [
  actionRoute('GET', `${comments.path}/count`, 'comment:read', (call) =>
    jsonResponse(200, { count: listRecords(comments, call).length }),
  ),
  ...resourceRoutes(comments),
  actionRoute('GET', `${comments.path}/:id/thread`, 'comment:read', thread),
]

async function thread(call: Call): Promise<Response> {
  const { id } = findRecord(comments, call)
  const replies = recordsOf(comments, call)
    .all()
    .filter((comment) => comment['source_comment'] === id && comment['deleted'] !== true)
    .reverse()
  const page = cursorPage(replies, call.url, call.state.pageSize)
  const results = await Promise.all(page.results.map((comment) => recordView(comments, call, comment, true)))
  return jsonResponse(200, { ...page, results })
}
