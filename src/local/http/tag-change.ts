import { invalid } from './api-error.ts'
import { fieldsOf, requiredField, textList } from './fields.ts'

const ACTIONS = ['add', 'remove', 'set'] as const

/** What is to become of the tags of several objects. */
export interface TagChange {
  /** Numbers, or uuids where objects have these. */
  readonly ids: readonly (number | string)[]
  readonly action: (typeof ACTIONS)[number]
  readonly tags: readonly string[]
}

/** Reads the body of a change of tags in bulk. */
export function readTagChange(body: unknown): TagChange {
  const fields = fieldsOf(body)
  const ids = requiredField(fields, 'ids')
  if (!Array.isArray(ids)) throw invalid('ids', 'Expected a list of items.', 'not_a_list')
  const asked = requiredField(fields, 'action')
  const action = ACTIONS.find((candidate) => candidate === asked)
  if (action === undefined) {
    throw invalid('action', `"${String(asked)}" is not a valid choice.`, 'invalid_choice')
  }
  requiredField(fields, 'tags')
  return {
    ids: ids.map((id) => (typeof id === 'number' ? id : String(id))),
    action,
    tags: textList(fields, 'tags') ?? [],
  }
}

/** The tags after a change, sorted. */
export function changeTags(before: readonly string[], { action, tags }: TagChange): string[] {
  if (action === 'remove') return before.filter((tag) => !tags.includes(tag)).sort()
  return [...new Set(action === 'add' ? [...before, ...tags] : tags)].sort()
}
