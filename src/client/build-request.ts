import { isPlainObject, unexpected } from '../runtime/config/check-options.ts'
import { type Config, requireProjectId } from '../runtime/config/resolve.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import type { Call, HttpRequest, HttpRequestBody } from '../runtime/transport/call.ts'
import { stringifyLossless } from './json-text.ts'

/** Values of path parameters by name. */
export type PathParams = Readonly<Record<string, unknown>>

/** Path parameters of a call. The client's project and organization are the defaults. */
export function resolvePathParams(
  template: string,
  path: unknown,
  config: Pick<Config, 'projectId' | 'organizationId'>,
): Record<string, unknown> {
  const given: Record<string, unknown> = { ...Object(path ?? {}) }
  if (template.includes('{project_id}')) given['project_id'] ??= config.projectId ?? requireProjectId(config)
  if (template.includes('{organization_id}')) given['organization_id'] ??= requireOrganizationId(config)
  return given
}

function requireOrganizationId({ organizationId }: Pick<Config, 'organizationId'>): string {
  if (organizationId !== undefined) return organizationId
  throw new ConfigurationError({
    message: 'This route needs an organization.',
    fix: 'Pass `organizationId`, or "@current" for the organization that the key\'s user last opened in the app.',
  })
}

/** Values that need no encoding and cannot form a dot segment. Nearly all values match. */
const unreserved = /^[\w-]+$/
/** Dot segments, plain or percent-encoded. A server would resolve them (RFC 3986, 5.2.4). */
const dotSegment = /^(?:\.|%2e){1,2}$/i

/**
 * Compiles a path template. The returned function replaces each `{name}` with its encoded value.
 *
 * The returned function throws ConfigurationError for a value that is missing, empty, part of a dot segment, or not a
 * string, number, bigint or boolean, and for an unknown parameter.
 *
 * @example compilePath('/api/projects/{project_id}/')({ project_id: 7 }) // '/api/projects/7/'
 */
export function compilePath(template: string): (params: PathParams) => string {
  const [start = '', ...pieces] = template.split('{')
  const slots = pieces.map((piece) => {
    const end = piece.indexOf('}')
    return { name: piece.slice(0, end), text: piece.slice(end + 1) }
  })
  const names = new Set(slots.map(({ name }) => name))
  const hasDots = /[.%]/.test(template)
  return (params) => {
    for (const name in params) if (!names.has(name)) throw pathError(template, name, 'not part of this path')
    let path = start
    let isSafe = !hasDots
    for (const { name, text } of slots) {
      const value = Object.hasOwn(params, name) ? params[name] : missing
      const plain = (typeof value === 'string' && unreserved.test(value)) || Number.isSafeInteger(value)
      isSafe &&= plain
      path += (plain ? value : encode(value, template, name)) + text
    }
    if (!isSafe && path.split('/').some((segment) => dotSegment.test(segment))) {
      throw pathError(template, '', 'a dot segment')
    }
    return path
  }
}

const missing = Symbol('missing')

function encode(value: unknown, template: string, name: string): string {
  const problem = problemOf(value)
  if (problem !== undefined) throw pathError(template, name, problem)
  // `@` needs no encoding in a path, and `@current` is easier to read.
  return encodeURIComponent(String(value)).replaceAll('%40', '@')
}

function problemOf(value: unknown): string | undefined {
  if (value === missing) return 'missing'
  if (value === undefined || value === null) return `${value}`
  if (typeof value === 'number' && !Number.isFinite(value)) return 'not a finite number'
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value))
    return `a value of type ${typeof value}`
  const text = String(value)
  if (text === '') return 'empty'
  if (dotSegment.test(text)) return 'a dot segment'
  return /[\uD800-\uDFFF]/u.test(text) ? 'malformed Unicode' : undefined
}

function pathError(template: string, name: string, problem: string): ConfigurationError {
  const slot = `{${name}}`
  const at = name === '' ? -1 : template.indexOf(slot)
  const caret = at < 0 ? '' : `\n${' '.repeat(at)}${'^'.repeat(slot.length)}`
  return new ConfigurationError({
    message: `${name === '' ? 'The path' : `Path parameter "${name}"`} is ${problem}:\n${template}${caret}`,
    fix: 'Pass a string or number for each name in braces, and no other parameters.',
  })
}

/** Untyped input of an operation, from `client.request` or a function of `typehog/api`. */
export interface RawInput {
  readonly path?: unknown
  readonly query?: unknown
  readonly body?: unknown
  readonly headers?: unknown
}

/** The parts of an operation that decide its request. */
export interface RequestTemplate {
  readonly method: string
  readonly form: boolean
  readonly call: Pick<Call, 'public'>
  readonly fillPath: (params: PathParams) => string
}

/**
 * Builds the request of an operation. Replaces the generated client's own builder, which adds 3 kB for event streams
 * and path styles that PostHog's API does not use.
 *
 * @param params values of all path parameters
 * @param headers with lowercase names
 * @throws ConfigurationError for an invalid path parameter, query or body
 */
export function buildRequest(
  host: string,
  operation: RequestTemplate,
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

function bodyOf({ method, form, call }: RequestTemplate, body: unknown): HttpRequestBody | undefined {
  if (body === undefined) return undefined
  if (method === 'GET' || method === 'HEAD') {
    throw unexpected('`body`', body, `no body for a ${method} request`, 'Pass filters as `query`.')
  }
  if (form) return formBody(body)
  if (body instanceof FormData) return body
  // Only event capture is public, and it compresses its body.
  if (body instanceof Blob && call.public === true) return body
  if (isPlainObject(body) || Array.isArray(body)) {
    const json = stringifyLossless(body, '`body`')
    if (json?.startsWith('{') || json?.startsWith('[')) return json
  }
  throw unexpected('`body`', body ?? undefined, 'an object or array, which is sent as JSON')
}

/** Removes the content type: `fetch` sets it from the body, for a form with its boundary. */
function withoutType({
  'content-type': _,
  ...rest
}: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return rest
}

/**
 * Serializes query parameters in PostHog's format: arrays of plain values as repeated keys, objects and arrays of
 * objects as JSON, dates as ISO 8601. Omits undefined, null and empty arrays. Strings and `URLSearchParams` stay
 * unchanged.
 *
 * @throws ConfigurationError for a value that a query string cannot represent
 */
export function queryString(query: unknown): string {
  if (query === undefined) return ''
  if (typeof query === 'string') return checkQueryString(query)
  if (query instanceof URLSearchParams) return query.toString()
  if (!isPlainObject(query)) throw unexpected('`query`', query ?? undefined, 'an object or URLSearchParams')
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    const subject = `\`query.${name}\``
    if (!Array.isArray(value) || !value.every(isPlain)) search.append(name, serializeValue(value, subject))
    else for (const item of value) search.append(name, serializeValue(item, subject))
  }
  return search.toString()
}

/** Validates a string that the caller has encoded. */
function checkQueryString(query: string): string {
  const search = query.startsWith('?') ? query.slice(1) : query
  if (search === '' || (search.includes('=') && /^[!"$-~]*$/.test(search))) return search
  throw new ConfigurationError({
    message: '`query` is not a valid query string; expected a string such as `limit=10`.',
    fix: 'Pass an object or URLSearchParams, whose values are encoded. Nothing was sent.',
  })
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null || value instanceof Date
}

function serializeValue(value: unknown, subject: string): string {
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
      return stringifyLossless(value, subject, 'reject')
  }
  throw unexpected(subject, value, 'a string, number, boolean, date, array or object')
}

/**
 * Converts a body to a form: arrays become repeated fields, objects JSON, dates ISO 8601. Omits undefined and null
 * fields.
 *
 * @throws ConfigurationError for anything but an object or FormData, and for a value that a form cannot represent
 */
function formBody(body: unknown): FormData {
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
  else if (value === undefined) throw unexpected(`\`body.${name}\``, value, 'a value in each array item')
  else form.append(name, stringifyLossless(value, `\`body.${name}\``))
}
