import { isPlainObject, unexpected } from '../runtime/config/check-options.ts'
import { jsonText } from './json-text.ts'

/**
 * The body of an operation that takes a form. An object becomes one: lists as repeated fields, objects as JSON text,
 * dates as ISO 8601. Fields that are undefined or null are left out.
 *
 * @throws ConfigurationError for anything else, and for a value that no form can hold
 */
export function formBody(body: unknown): FormData {
  if (body instanceof FormData) return body
  if (!isPlainObject(body)) throw unexpected('`body`', body, 'an object or FormData')
  const form = new FormData()
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined || value === null) continue
    for (const item of Array.isArray(value) ? value : [value]) append(form, name, item)
  }
  return form
}

function append(form: FormData, name: string, value: unknown): void {
  if (typeof value === 'string' || value instanceof Blob) form.append(name, value)
  else if (value instanceof Date && !Number.isNaN(value.getTime())) form.append(name, value.toISOString())
  else if (value === undefined) throw unexpected(`\`body.${name}\``, value, 'a value in each item of a list')
  else form.append(name, jsonText(value, `\`body.${name}\``))
}
