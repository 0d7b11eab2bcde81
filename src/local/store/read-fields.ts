import { type ApiError, invalid } from '../http/api-error.ts'
import { isObject } from '../http/json.ts'
import type { JsonRecord } from './collection.ts'
import { type Field, type Fields, TAGS, tagsOf } from './fields.ts'

const KINDS: Readonly<Record<string, string>> = {
  string: 'str',
  number: 'int',
  boolean: 'bool',
  object: 'dict',
}

/** What a body is for: POST, PUT or PATCH. */
export type BodyMode = 'create' | 'replace' | 'change'

/** The body as an object. No body is an empty one. */
export function bodyObject(body: unknown): JsonRecord {
  if (body === undefined) return {}
  if (isObject(body)) return body
  throw invalid(null, `Invalid data. Expected a dictionary, but got ${kindOf(body)}.`)
}

/**
 * Reads the fields of a body and leaves every other key aside.
 *
 * @param mode What fields that are left out mean. To `create`: their defaults. To `replace`: no change, though those
 * that are required must be there. To `change`: no change.
 * @throws ApiError 400 about the first field that is wrong.
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

/** 400 for a field that has to be there. */
export function requiredError(name: string): ApiError {
  return invalid(name, 'This field is required.', 'required')
}

function readValue(name: string, field: Field, value: unknown): unknown {
  if (value === null) {
    if (field.nullable === true || field.type === 'json') return null
    throw invalid(name, 'This field may not be null.', 'null')
  }
  if (field.type === 'text') return readText(name, field, value)
  if (field.type === 'choice') {
    const known = field.choices?.find((one) => one === value)
    if (known !== undefined) return known
    if (value === '' && field.blank === true) return value
    throw invalid(name, `"${String(value)}" is not a valid choice.`, 'invalid_choice')
  }
  const wrong = problemOf(field, value)
  if (wrong !== undefined) throw invalid(name, ...wrong)
  if (field === TAGS && Array.isArray(value)) return tagsOf(value)
  return field.type === 'integer' || field.type === 'number' ? Number(value) : value
}

function readText(name: string, field: Field, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw invalid(name, 'Not a valid string.')
  const words = String(value)
  if (words.trim() === '' && field.blank !== true) {
    throw invalid(name, 'This field may not be blank.', 'blank')
  }
  if (words.length > (field.maxLength ?? Number.POSITIVE_INFINITY)) {
    throw invalid(name, `Ensure this field has no more than ${field.maxLength} characters.`, 'max_length')
  }
  return words
}

function problemOf(field: Field, value: unknown): [detail: string, code?: string] | undefined {
  switch (field.type) {
    case 'integer':
      return value !== '' && typeof value !== 'boolean' && Number.isInteger(Number(value))
        ? undefined
        : ['A valid integer is required.']
    case 'number':
      return value !== '' && typeof value !== 'boolean' && Number.isFinite(Number(value))
        ? undefined
        : ['A valid number is required.']
    case 'boolean':
      return typeof value === 'boolean' ? undefined : ['Must be a valid boolean.']
    case 'list':
      return Array.isArray(value)
        ? undefined
        : [`Expected a list of items but got type "${kindOf(value)}".`, 'not_a_list']
    case 'object':
      return isObject(value)
        ? undefined
        : [`Expected a dictionary of items but got type "${kindOf(value)}".`, 'not_a_dict']
    case 'datetime':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value))
        ? undefined
        : [
            'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].',
          ]
    default:
      return undefined
  }
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : (KINDS[typeof value] ?? typeof value)
}
