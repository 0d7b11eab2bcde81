import type { Field } from './field.ts'

/** The field `tags`, a list of words. */
export const TAGS: Field = { type: 'list', default: [] }

/** Tags as they are kept: lower case, each once. */
export function tagsOf(tags: readonly unknown[]): string[] {
  return [...new Set(tags.map((tag) => String(tag).trim().toLowerCase()))]
}
