/** What a field of a body may hold. */
export type FieldType =
  | 'text'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'choice'
  | 'datetime'
  | 'list'
  | 'object'
  | 'json'

/** How a field is set. */
export interface FieldOptions {
  readonly required?: true
  readonly nullable?: true
  /** Text that may be empty. */
  readonly blank?: true
  /** What it holds when it was not given. */
  readonly default?: unknown
  /** The longest text. */
  readonly maxLength?: number
  /** Checked and used, and not shown. */
  readonly writeOnly?: true
}

/** A field that a caller may write. */
export interface Field extends FieldOptions {
  readonly type: FieldType
  readonly choices?: readonly (string | number)[]
}

/** The fields of a resource, in the order in which they are checked. */
export type Fields = Readonly<Record<string, Field>>

type Make = (options?: FieldOptions) => Field

const ofType =
  (type: FieldType): Make =>
  (options = {}) => ({ type, ...options })

export const text: Make = ofType('text')
export const integer: Make = ofType('integer')
export const number: Make = ofType('number')
export const boolean: Make = ofType('boolean')
export const datetime: Make = ofType('datetime')
export const list: Make = ofType('list')
export const object: Make = ofType('object')
export const json: Make = ofType('json')

/** One of some values. */
export function choice(choices: readonly (string | number)[], options: FieldOptions = {}): Field {
  return { type: 'choice', choices, ...options }
}

/** `deleted`, by which most resources are deleted and restored. */
export const DELETED: Field = { type: 'boolean', default: false }

/** The field `tags`, a list of words. */
export const TAGS: Field = { type: 'list', default: [] }

/** Tags as they are kept: lower case, each once. */
export function tagsOf(tags: readonly unknown[]): string[] {
  return [...new Set(tags.map((tag) => String(tag).trim().toLowerCase()))]
}
