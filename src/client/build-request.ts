import { isPlainObject, unexpected } from '../runtime/config/check-options.ts'
import type { Config } from '../runtime/config/resolve.ts'
import type { Outgoing, OutgoingBody } from '../runtime/transport/outgoing.ts'
import { formBody } from './form-body.ts'
import { jsonText } from './json-text.ts'
import type { Operation } from './operation.ts'
import { queryString } from './query-string.ts'

/** An operation's input before types: what `client.request` and the functions of `typehog/api` hand over. */
export interface RawInput {
  readonly path?: unknown
  readonly query?: unknown
  readonly body?: unknown
  readonly headers?: unknown
}

/**
 * The request of one operation. The generated client could build it as well, but brings event streams and path
 * styles along that PostHog's API has no use for, and 3 kB with them.
 *
 * @param path the template, filled in
 * @param headers by names in lower case
 * @throws ConfigurationError for a query or body that cannot be sent as it is
 */
export function buildRequest(
  config: Pick<Config, 'host'>,
  operation: Pick<Operation, 'method' | 'form' | 'call'>,
  path: string,
  { query, body: given }: RawInput,
  headers: Readonly<Record<string, string>>,
): Outgoing {
  const { method } = operation
  const search = queryString(query)
  const url = `${config.host}${path}${search && `?${search}`}`
  const untyped = 'content-type' in headers ? withoutType(headers) : headers
  const body = bodyOf(operation, given)
  if (typeof body !== 'string') return { method, url, headers: untyped, body }
  return { method, url, headers: { ...untyped, 'content-type': 'application/json' }, body }
}

function bodyOf(
  { method, form, call }: Pick<Operation, 'method' | 'form' | 'call'>,
  body: unknown,
): OutgoingBody | undefined {
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
