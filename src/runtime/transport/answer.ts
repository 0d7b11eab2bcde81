import type { AttemptRecord } from './context.ts'

/** Bodies that were read within their attempt. Kept beside the response, so that they can be read again. */
const bodies = new WeakMap<Response, Uint8Array<ArrayBuffer>>()
const histories = new WeakMap<Response, readonly AttemptRecord[]>()

/** Statuses for which the constructor of `Response` refuses a body. */
const bodiless = [101, 103, 204, 205, 304]

/** A response with the same status and headers whose body is at hand. */
export function buffered(source: Response, bytes: Uint8Array<ArrayBuffer>): Response {
  const headers = new Headers(source.headers)
  // The bytes are decoded: the length and encoding of what was on the wire would mislead whoever passes them on.
  if (headers.has('content-encoding')) {
    headers.delete('content-encoding')
    headers.delete('content-length')
  }
  const response = rebuilt(source, bodiless.includes(source.status) ? null : bytes, headers)
  bodies.set(response, bytes)
  return response
}

/** A response with another body, and the address of the first. */
export function rebuilt(
  source: Response,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
  headers: Headers = source.headers,
): Response {
  const response = new Response(body, { status: source.status, statusText: source.statusText, headers })
  return Object.defineProperty(response, 'url', { value: source.url })
}

/** The whole body, without using it up where it was read before. */
export async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  return keptBytes(response) ?? new Uint8Array(await response.arrayBuffer())
}

/** The body, if it was read within its attempt. */
export function keptBytes(response: Response): Uint8Array<ArrayBuffer> | undefined {
  return bodies.get(response)
}

/** Remembers the attempts that led to a response. */
export function keepAttempts(response: Response, attempts: readonly AttemptRecord[]): void {
  histories.set(response, attempts)
}

/** The attempts that led to a response. */
export function attemptsOf(response: Response): readonly AttemptRecord[] {
  return histories.get(response) ?? []
}
