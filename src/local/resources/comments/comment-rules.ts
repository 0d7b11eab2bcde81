import { isObject } from '../../../shared/is-object.ts'
import { forbidden, invalid } from '../../http/api-error.ts'
import type { JsonRecord } from '../../store/collection.ts'

const TASK_SCOPES: readonly unknown[] = ['task', 'task_artifact', 'desktop_canvas']
const TICKET_SCOPES: readonly unknown[] = ['Ticket', 'conversations_ticket']

/** Members of the context that only PostHog's Slack mirror sets. */
const RESERVED_MEMBERS = [
  'from_slack',
  'slack_synced_ts',
  'slack_message_ts',
  'slack_author_name',
  'slack_author_avatar',
]

/** Whether comments of a scope belong to a product that checks access itself: tickets, AI tasks and canvases. */
export function isProductScope(scope: unknown): boolean {
  return TASK_SCOPES.includes(scope) || TICKET_SCOPES.includes(scope)
}

/**
 * Checks that the commented object exists if it is a ticket or an AI task.
 *
 * @throws ApiError 400 or 403
 */
export function checkTarget({ scope, item_id: item }: JsonRecord): void {
  if (TICKET_SCOPES.includes(scope) && item) throw invalid('item_id', 'Ticket not found')
  if (TASK_SCOPES.includes(scope)) throw forbidden('You do not have access to this task comment target')
}

/**
 * Reads the context of a comment, without reserved members.
 *
 * @throws ApiError 400 unless it is an object or null
 */
export function readContext(context: unknown): JsonRecord | null {
  if (context === null || context === undefined) return null
  if (!isObject(context)) throw invalid('item_context', 'Must be an object.')
  return Object.fromEntries(Object.entries(context).filter(([name]) => !RESERVED_MEMBERS.includes(name)))
}

/**
 * Checks that a comment has content. A change needs it too, unless it deletes the comment.
 *
 * @throws ApiError 400
 */
export function checkContent({ content, rich_content: rich, deleted }: JsonRecord): void {
  if (deleted === true || String(content ?? '').trim() !== '') return
  if (!isObject(rich) || Object.keys(rich).length === 0 || hasEmptyParagraph(rich)) {
    throw invalid(null, 'A comment must have content')
  }
}

/**
 * Checks that a new task is a comment of its own.
 *
 * @throws ApiError 400
 */
export function checkNewTask({ source_comment: source }: JsonRecord, context: JsonRecord | null): void {
  if (source) throw invalid('is_task', 'Replies cannot be tasks.')
  if (context?.['is_emoji']) throw invalid('is_task', 'Emoji reactions cannot be tasks.')
}

function hasEmptyParagraph({ content }: JsonRecord): boolean {
  const nodes = Array.isArray(content) ? content.filter(isObject) : []
  return nodes.some(({ type, content: children }) => {
    const [only] = Array.isArray(children) && children.length === 1 ? children : []
    return type === 'paragraph' && isObject(only) && only['type'] === 'text' && (only['text'] ?? '') === ''
  })
}
