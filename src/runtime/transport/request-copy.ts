import { ConfigurationError } from '../errors/configuration-error.ts'

/** Bodies of requests that were built here, so that a request may be sent more than once. */
const bodies = new WeakMap<Request, ArrayBuffer | null>()

/** What is different in the copy. */
export interface RequestChange {
  readonly url?: string
  readonly headers?: Headers
  readonly signal?: AbortSignal
}

/**
 * A request like another one, with redirects left to the caller. Unlike `clone()` it does not copy the body.
 *
 * @throws ConfigurationError when something else has read the body already
 */
export async function copyRequest(request: Request, change: RequestChange): Promise<Request> {
  const body = await bodyOf(request)
  const copy = new Request(change.url ?? request.url, {
    method: request.method,
    headers: change.headers ?? request.headers,
    body,
    redirect: 'manual',
    signal: change.signal ?? request.signal,
  })
  bodies.set(copy, body)
  return copy
}

async function bodyOf(request: Request): Promise<ArrayBuffer | null> {
  const known = bodies.get(request)
  if (known !== undefined) return known
  if (request.bodyUsed) {
    throw new ConfigurationError({
      message: 'A middleware read the body of the request that it passed on.',
      fix: 'Read `request.clone()`, or pass on a new Request.',
    })
  }
  const bytes = await request.arrayBuffer()
  const body = bytes.byteLength === 0 ? null : bytes
  bodies.set(request, body)
  return body
}
