import { invalid, notFound } from './api-error.ts'
import { isObject } from './json.ts'
import type { Call } from './route.ts'

/** The members of a body. A body that is no object has none. */
export function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return isObject(body) ? body : {}
}

/** A field that must be there and must not be null. */
export function requiredField(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  const value = fields[name]
  if (value === undefined) throw invalid(name, 'This field is required.', 'required')
  if (value === null) throw invalid(name, 'This field may not be null.', 'null')
  return value
}

/** A text that must be there and must not be empty. Numbers count as text, as in the web framework. */
export function requiredText(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = requiredField(fields, name)
  if (typeof value !== 'string' && typeof value !== 'number') throw invalid(name, 'Not a valid string.')
  if (String(value).trim() === '') throw invalid(name, 'This field may not be blank.', 'blank')
  return String(value)
}

/** A parameter of the address that must be there. */
export function requiredQuery(url: URL, name: string): string {
  const value = url.searchParams.get(name)
  if (value === null || value === '') throw invalid(name, 'This field is required.', 'required')
  return value
}

/** A list of texts under a name; undefined when it is left out. */
export function textList(
  fields: Readonly<Record<string, unknown>>,
  name: string,
): readonly string[] | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) throw invalid(name, 'Expected a list of items.', 'not_a_list')
  return value.map((item) => {
    if (typeof item !== 'string' && typeof item !== 'number') throw invalid(name, 'Not a valid string.')
    return String(item)
  })
}

/** The whole number that stands in a path; anything else names nothing. */
export function numberInPath({ params }: Call, name = 'id'): number {
  const text = params[name] ?? ''
  if (!/^\d{1,15}$/.test(text)) throw notFound()
  return Number(text)
}

/** The members of the body of a change. PUT must have a field that PATCH may leave out. */
export function changeFields({ request, body }: Call, needed: string): Readonly<Record<string, unknown>> {
  const fields = fieldsOf(body)
  if (request.method === 'PUT') requiredText(fields, needed)
  return fields
}

/** Refuses DELETE of what is deleted by `{"deleted": true}`: 405 without a body. */
export function refuseDelete(): Response {
  return new Response(null, { status: 405 })
}
