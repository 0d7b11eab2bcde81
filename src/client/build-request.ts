import type { Config } from '../runtime/config/resolve.ts'
import type { Outgoing } from '../runtime/transport/outgoing.ts'
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
 */
export function buildRequest(
  config: Pick<Config, 'host'>,
  { method }: Pick<Operation, 'method'>,
  path: string,
  { query, body }: RawInput,
  headers: Readonly<Record<string, string>>,
): Outgoing {
  const search = typeof query === 'string' ? query : queryString(query)
  const url = `${config.host}${path}${search && `?${search}`}`
  const untyped = 'content-type' in headers ? withoutType(headers) : headers
  if (body === undefined || method === 'GET' || method === 'HEAD') {
    return { method, url, headers: untyped, body: undefined }
  }
  if (body instanceof FormData || body instanceof Blob) return { method, url, headers: untyped, body }
  const json = { ...untyped, 'content-type': 'application/json' }
  return { method, url, headers: json, body: JSON.stringify(body, writable) }
}

/** JSON has no integers beyond what a number holds. */
function writable(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/** What a body is says its own type; a form brings one with its boundary. */
function withoutType({
  'content-type': _,
  ...rest
}: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return rest
}
