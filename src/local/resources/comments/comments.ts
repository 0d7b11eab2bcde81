import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import { cursorPage } from '../../http/cursor-page.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { boolean, json, list, text } from '../../store/fields.ts'
import { referenceError } from '../../store/read-fields.ts'
import { findRecord, listRecords, recordsOf, recordView } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'
import { sessionOnlyRoute } from '../../store/session-routes.ts'
import { checkContent, checkNewTask, checkTarget, isProductScope, readContext } from './comment-rules.ts'

/** Comments. The local projects have no AI tasks, canvases and tickets, so nobody comments on them. */
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
  filter: filterComments,
  // A PATCH finds deleted comments, a GET only those that it asks for.
  find: (call, id) => {
    const comment = recordsOf(comments, call).get(id)
    const isHidden = comment?.['deleted'] === true && call.request.method === 'GET' && !asksForDeleted(call)
    return isHidden ? undefined : comment
  },
  prepareCreate: ({ state }, given) => {
    const source = sourceOf(collectionOf(state, comments.kind).get, given)
    if (source === undefined && given['scope'] === undefined) {
      throw invalid('scope', 'This field is required.', 'required')
    }
    const values = source === undefined ? given : { ...given, ...placeOf(source, given['item_context']) }
    const context = readContext(values['item_context'])
    checkTarget(values)
    checkContent(values)
    if (values['is_task'] === true) checkNewTask(values, context)
    return { ...values, item_context: context, version: 0 }
  },
  prepareUpdate: (_, before, values) => {
    if (values['is_task'] !== undefined && values['is_task'] !== before['is_task']) {
      throw invalid('is_task', 'Cannot change task state after creation.')
    }
    checkTarget({ ...before, ...values })
    checkContent(values)
    return {
      ...(values['item_context'] === undefined ? {} : { item_context: readContext(values['item_context']) }),
      version: Number(before['version']) + (values['content'] ? 1 : 0),
    }
  },
  // Only signed-in users complete tasks and mirror comments to Slack.
  view: (_, { version }) => ({ version, completed_at: null, completed_by: null, slack_thread: null }),
}

const COMMENT = `${comments.path}/:id`

/**
 * Comments and their threads.
 *
 * @see PostHog/posthog posthog/api/comments.py
 */
export const commentRoutes: readonly Route[] = [
  actionRoute('GET', `${comments.path}/count`, 'comment:read', (call) =>
    jsonResponse(200, { count: listRecords(comments, call).length }),
  ),
  ...resourceRoutes(comments),
  actionRoute('GET', `${COMMENT}/thread`, 'comment:read', thread),
  ...['complete', 'reopen', 'send_to_slack'].map((name) => sessionOnlyRoute('POST', `${COMMENT}/${name}`)),
]

function asksForDeleted({ url }: Call): boolean {
  return (url.searchParams.get('deleted') ?? 'false') !== 'false'
}

function filterComments(call: Call, found: readonly StoredRecord[]): readonly StoredRecord[] {
  if (asksForDeleted(call)) throw invalid('deleted', 'The local PostHog does not list deleted comments.')
  const [kind, completed, author, emoji] = ['kind', 'completed', 'created_by', 'exclude_emoji_reactions'].map(
    (name) => call.url.searchParams.get(name),
  )
  const isTask = (comment: StoredRecord): boolean => comment['is_task'] === true
  return found
    .filter(({ scope }) => !isProductScope(scope))
    .filter((comment) => !kind || kind === 'any' || isTask(comment) === (kind === 'task'))
    .filter(() => kind !== 'task' || completed !== 'completed')
    .filter(() => !author || author === String(USER.id))
    .filter(({ item_context: context }) => emoji !== 'true' || !isObject(context) || !context['is_emoji'])
}

/** The first comment of the thread that a new comment replies to. */
function sourceOf(
  get: (id: unknown) => StoredRecord | undefined,
  { source_comment: id }: JsonRecord,
): StoredRecord | undefined {
  if (id === null || id === undefined) return undefined
  const source = get(id)
  if (source === undefined) throw referenceError('source_comment', id)
  return get(source['source_comment']) ?? source
}

/** What a reply takes from the first comment of its thread. It keeps signals of its own. */
function placeOf({ id, scope, item_id, item_context: context }: StoredRecord, given: unknown): JsonRecord {
  const own = readContext(given) ?? {}
  const { is_emoji, threadState } = own
  const item_context = {
    ...(isObject(context) ? context : {}),
    ...('is_emoji' in own ? { is_emoji } : {}),
    ...(threadState === 'resolved' || threadState === 'open' ? { threadState } : {}),
  }
  return { source_comment: id, scope, item_id, item_context }
}

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
