import { formDataBodySerializer, jsonBodySerializer } from '../generated/core/bodySerializer.gen.ts'
import type { Config } from '../runtime/config/resolve.ts'
import type { Outgoing } from '../runtime/transport/outgoing.ts'
import { encodePath } from '../runtime/transport/path.ts'
import { queryString } from './query-string.ts'
import { isForm } from './rules/is-form.ts'

/** An operation's input before types: what `client.request` and the functions of `typehog/api` hand over. */
export interface RawInput {
  readonly path?: unknown
  readonly query?: unknown
  readonly body?: unknown
  readonly headers?: unknown
}

/**
 * The request of one operation. The generated client could build it as well, but brings event streams and path
 * styles along that PostHog's API has no use for, and 3 kB with them; its body serialisers are used as they are.
 *
 * @param path every parameter of the template
 * @param headers by names in lower case
 */
export function buildRequest(
  config: Pick<Config, 'host'>,
  method: string,
  template: string,
  path: Readonly<Record<string, unknown>>,
  { query, body }: RawInput,
  headers: Readonly<Record<string, string>>,
): Outgoing {
  const search = typeof query === 'string' ? query : queryString(Object(query ?? {}))
  const url = `${config.host}${encodePath(template, path)}${search && `?${search}`}`
  // What a body is says its own type; a form brings one with its boundary.
  const { 'content-type': _, ...rest } = headers
  if (body === undefined || method === 'GET' || method === 'HEAD') {
    return { method, url, headers: rest, body: undefined }
  }
  if (body instanceof FormData || body instanceof Blob) return { method, url, headers: rest, body }
  if (isForm(method, template)) {
    return { method, url, headers: rest, body: formDataBodySerializer.bodySerializer(body) }
  }
  const json = { ...rest, 'content-type': 'application/json' }
  return { method, url, headers: json, body: jsonBodySerializer.bodySerializer(body) }
}
