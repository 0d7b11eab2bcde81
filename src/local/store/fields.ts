/** The type of a body field. */
export type FieldType =
  | 'text'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'choice'
  | 'datetime'
  | 'list'
  | 'texts'
  | 'tags'
  | 'object'
  | 'json'

/** Rules for a body field. */
export interface FieldOptions {
  readonly required?: true
  readonly nullable?: true
  /** Allows empty text. */
  readonly blank?: true
  /** Value of an absent field. */
  readonly default?: unknown
  /** Maximum length of text. */
  readonly maxLength?: number
  /** Validated but not shown in responses. */
  readonly writeOnly?: true
}

/** A field of a request body. */
export interface Field extends FieldOptions {
  readonly type: FieldType
  readonly choices?: readonly unknown[]
}

/** Fields by name, validated in this order. */
export type Fields = Readonly<Record<string, Field>>

type FieldFactory = (options?: FieldOptions) => Field

const ofType =
  (type: FieldType): FieldFactory =>
  (options = {}) => ({ type, ...options })

export const text: FieldFactory = ofType('text')
export const integer: FieldFactory = ofType('integer')
export const number: FieldFactory = ofType('number')
export const boolean: FieldFactory = ofType('boolean')
export const datetime: FieldFactory = ofType('datetime')
export const list: FieldFactory = ofType('list')
/** A list of text. */
export const texts: FieldFactory = ofType('texts')
export const object: FieldFactory = ofType('object')
export const json: FieldFactory = ofType('json')

/** One of the given values. */
export function choice(choices: readonly unknown[], options: FieldOptions = {}): Field {
  return { type: 'choice', choices, ...options }
}

/** `deleted`, the field by which clients delete and restore most records. */
export const DELETED: Field = { type: 'boolean', default: false }

/** `tags`, a list of text that PostHog trims, lowercases and deduplicates. */
export const TAGS: Field = { type: 'tags', default: [] }

/** Trims, lowercases and deduplicates tags. */
export function normalizeTags(tags: unknown): string[] {
  return [...new Set(Array.isArray(tags) ? tags.map((tag) => String(tag).trim().toLowerCase()) : [])]
}
