import { isPlainObject, unexpected } from '../runtime/config/check-options.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import type { HttpRequest, HttpRequestBody } from '../runtime/transport/call.ts'
import { jsonText } from './json-text.ts'
import type { Operation } from './operation.ts'
import type { PathParams } from './path.ts'

/** An operation's input before types: what `client.request` and the functions of `typehog/api` hand over. */
export interface RawInput {
  readonly path?: unknown
  readonly query?: unknown
  readonly body?: unknown
  readonly headers?: unknown
}

/**
 * Builds the request of an operation. The generated client could, but it brings 3 kB of event streams and path styles
 * that PostHog's API does not use.
 *
 * @param params values of all path parameters
 * @param headers names in lower case
 * @throws ConfigurationError for a path parameter, query or body that cannot be sent as it is
 */
export function buildRequest(
  host: string,
  operation: Pick<Operation, 'method' | 'form' | 'call' | 'fillPath'>,
  params: PathParams,
  { query, body: given }: RawInput,
  headers: Readonly<Record<string, string>>,
): HttpRequest {
  const { method } = operation
  const search = queryString(query)
  const url = `${host}${operation.fillPath(params)}${search && `?${search}`}`
  const untyped = 'content-type' in headers ? withoutType(headers) : headers
  const body = bodyOf(operation, given)
  if (typeof body !== 'string') return { method, url, headers: untyped, body }
  return { method, url, headers: { ...untyped, 'content-type': 'application/json' }, body }
}

function bodyOf(
  { method, form, call }: Pick<Operation, 'method' | 'form' | 'call'>,
  body: unknown,
): HttpRequestBody | undefined {
  if (body === undefined) return undefined
  if (method === 'GET' || method === 'HEAD') {
    throw unexpected('`body`', body, `no body for a ${method} request`, 'Pass filters as `query`.')
  }
  if (form) return formBody(body)
  if (body instanceof FormData) return body
  // Events are compressed before they are sent; nothing else goes without the key.
  if (body instanceof Blob && call.public === true) return body
  if (isPlainObject(body) || Array.isArray(body)) {
    const text = jsonText(body, '`body`')
    if (text?.startsWith('{') || text?.startsWith('[')) return text
  }
  throw unexpected('`body`', body ?? undefined, 'an object or a list, which is sent as JSON')
}

/** What a body is says its own type; a form brings one with its boundary. */
function withoutType({
  'content-type': _,
  ...rest
}: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return rest
}

/**
 * Writes query parameters the way PostHog reads them: lists of plain values as repeated keys, objects and lists of
 * objects as JSON text, dates as ISO 8601. Undefined, null and empty lists are left out. A text and `URLSearchParams`
 * are taken as they are.
 *
 * @throws ConfigurationError for a value that a query string cannot hold
 */
export function queryString(query: unknown): string {
  if (query === undefined) return ''
  if (typeof query === 'string') return checkedText(query)
  if (query instanceof URLSearchParams) return query.toString()
  if (!isPlainObject(query)) throw unexpected('`query`', query ?? undefined, 'an object or URLSearchParams')
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    const subject = `\`query.${name}\``
    if (!Array.isArray(value) || !value.every(isPlain)) search.append(name, text(value, subject))
    else for (const item of value) search.append(name, text(item, subject))
  }
  return search.toString()
}

/** A query string that is written already. */
function checkedText(query: string): string {
  const written = query.startsWith('?') ? query.slice(1) : query
  if (written === '' || (written.includes('=') && /^[!"$-~]*$/.test(written))) return written
  throw new ConfigurationError({
    message: '`query` is a text that is no query string, such as `limit=10`.',
    fix: 'Pass an object or URLSearchParams, which encode their values. Nothing was sent.',
  })
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null || value instanceof Date
}

function text(value: unknown, subject: string): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      if (Number.isFinite(value)) return String(value)
      break
    case 'object':
      if (value === null || value instanceof Date) break
      return jsonText(value, subject, 'refused')
  }
  throw unexpected(subject, value, 'a text, number, boolean, date, list or object')
}

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
