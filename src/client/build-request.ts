import { formDataBodySerializer, jsonBodySerializer } from '../generated/core/bodySerializer.gen.ts'
import { formBodies } from '../generated/rules.gen.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { encodePath } from '../runtime/transport/path.ts'
import { fillInPath } from './fill-in-path.ts'
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
 * styles along that PostHog's API has no use for, and 3 kB with them; its body serialisers are used as they are.
 */
export function buildRequest(config: Config, method: string, template: string, input: RawInput): Request {
  const { path, query, body } = input
  const search = queryString(Object(query ?? {}))
  const url = `${config.host}${encodePath(template, fillInPath(template, path, config))}${search && `?${search}`}`
  const headers = new Headers()
  for (const [name, value] of Object.entries(Object(input.headers ?? {}))) {
    // The generated functions set null to say that a form brings its own content type.
    if (value !== null && value !== undefined) headers.set(name, String(value))
  }
  if (body === undefined || method === 'GET' || method === 'HEAD') {
    headers.delete('content-type')
    return new Request(url, { method, headers })
  }
  const ready = body instanceof FormData || body instanceof Blob
  if (ready || formBodies.has(`${method} ${template}`)) {
    headers.delete('content-type')
    return new Request(url, {
      method,
      headers,
      body: ready ? body : formDataBodySerializer.bodySerializer(body),
    })
  }
  headers.set('content-type', 'application/json')
  return new Request(url, { method, headers, body: jsonBodySerializer.bodySerializer(body) })
}
