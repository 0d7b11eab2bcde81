import { isObject } from '../../shared/is-object.ts'
import { type ApiError, invalid } from '../http/api-error.ts'
import type { JsonRecord } from './collection.ts'
import { type Field, type Fields, normalizeTags } from './fields.ts'

const PYTHON_TYPES: Readonly<Record<string, string>> = {
  string: 'str',
  number: 'int',
  boolean: 'bool',
  object: 'dict',
}

/** The use of a body: POST creates, PUT replaces, PATCH changes. */
export type BodyMode = 'create' | 'replace' | 'change'

/** Reads a body as an object. No body is an empty object. */
export function bodyObject(body: unknown): JsonRecord {
  if (body === undefined) return {}
  if (isObject(body)) return body
  throw invalid(null, `Invalid data. Expected a dictionary, but got ${pythonType(body)}.`)
}

/**
 * Reads the fields of a body and ignores other keys.
 *
 * @param mode Absent fields: `create` uses their defaults, `replace` and `change` leave them unchanged. Required
 * fields may be absent from a `change` only.
 * @throws ApiError 400 about the first invalid field.
 */
export function readFields(fields: Fields, body: unknown, mode: BodyMode = 'create'): JsonRecord {
  const given = bodyObject(body)
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    if (Object.hasOwn(given, name)) values[name] = readValue(name, field, given[name])
    else if (mode === 'change') continue
    else if (field.required === true) throw requiredError(name)
    else if (mode === 'replace') continue
    else if (Object.hasOwn(field, 'default')) values[name] = field.default
    else if (field.nullable === true) values[name] = null
  }
  return values
}

/** Reads one required field. */
export function readField(name: string, field: Field, body: unknown): unknown {
  return readFields({ [name]: { ...field, required: true } }, body)[name]
}

/** 400 for a missing field. */
export function requiredError(name: string): ApiError {
  return invalid(name, 'This field is required.', 'required')
}

/** 400 for a field that refers to a record that does not exist. */
export function referenceError(name: string, id: unknown): ApiError {
  return invalid(name, `Invalid pk "${String(id)}" - object does not exist.`, 'does_not_exist')
}

function readValue(name: string, field: Field, value: unknown): unknown {
  if (value === null) {
    if (field.nullable === true || field.type === 'json') return null
    if (field.type !== 'choice' || field.choices?.includes(null) !== true) {
      throw invalid(name, 'This field may not be null.', 'null')
    }
  }
  switch (field.type) {
    case 'text':
      return readText(name, field, value)
    case 'integer':
      return readNumber(name, Number.isInteger, 'A valid integer is required.', value)
    case 'number':
      return readNumber(name, Number.isFinite, 'A valid number is required.', value)
    case 'boolean':
      if (typeof value === 'boolean') return value
      throw invalid(name, 'Must be a valid boolean.')
    case 'choice':
      if (field.choices?.includes(value) === true || (value === '' && field.blank === true)) return value
      throw invalid(name, `"${String(value)}" is not a valid choice.`, 'invalid_choice')
    case 'datetime':
      return readDatetime(name, value)
    case 'list':
      return readList(name, value)
    case 'texts':
      return readList(name, value).map((item) => readText(name, { type: 'text', blank: true }, item))
    case 'tags':
      return normalizeTags(readList(name, value))
    case 'object':
      if (isObject(value)) return value
      throw invalid(name, `Expected a dictionary of items but got type "${pythonType(value)}".`, 'not_a_dict')
    case 'json':
      return value
  }
}

// Numbers count as text, as in PostHog's web framework.
function readText(name: string, { blank, maxLength }: Field, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw invalid(name, 'Not a valid string.')
  const content = String(value)
  if (content.trim() === '' && blank !== true) throw invalid(name, 'This field may not be blank.', 'blank')
  if (maxLength !== undefined && content.length > maxLength) {
    throw invalid(name, `Ensure this field has no more than ${maxLength} characters.`, 'max_length')
  }
  return content
}

// Text counts as a number, as in PostHog's web framework.
function readNumber(
  name: string,
  isValid: (number: number) => boolean,
  detail: string,
  value: unknown,
): number {
  if (value === '' || typeof value === 'boolean' || !isValid(Number(value))) throw invalid(name, detail)
  return Number(value)
}

function readDatetime(name: string, value: unknown): string {
  if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return value
  const formats = 'YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]'
  throw invalid(name, `Datetime has wrong format. Use one of these formats instead: ${formats}.`)
}

function readList(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  throw invalid(name, `Expected a list of items but got type "${pythonType(value)}".`, 'not_a_list')
}

function pythonType(value: unknown): string {
  return Array.isArray(value) ? 'list' : (PYTHON_TYPES[typeof value] ?? typeof value)
}
