import type { Bytes } from './body-reader.ts'
import type { AttemptRecord } from './context.ts'

/** What came back for one request: the head, and the body where it was read within its attempt. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The whole body; undefined while it is a stream that nobody has read. */
  readonly bytes: Bytes | undefined
  /** What a sink made of the body, in place of its bytes. */
  readonly value?: unknown
  /** The response as `fetch` gave it, or a stream that is watched. */
  readonly response: Response
}

/** An answer of 2xx with the attempts that led to it. */
export interface Outcome extends Answer {
  readonly attempts: readonly AttemptRecord[]
}

/** Answers by the responses that stand for them, so that a middleware may read one and pass it on all the same. */
const answers = new WeakMap<Response, Answer>()

/** Statuses for which the constructor of `Response` refuses a body. */
const bodiless = [101, 103, 204, 205, 304]

/** The answer that a response was made of, if it was. */
export function answerBehind(response: Response): Answer | undefined {
  return answers.get(response)
}

/** A response that can be read: each call gives a new one, except for streams. */
export function toResponse(answer: Answer): Response {
  if (answer.bytes === undefined) return answer.response
  const headers = new Headers(answer.headers)
  // The bytes are decoded: the length and encoding of what was on the wire would mislead whoever passes them on.
  if (headers.has('content-encoding')) {
    headers.delete('content-encoding')
    headers.delete('content-length')
  }
  const body = bodiless.includes(answer.status) ? null : answer.bytes
  const response = rebuilt(answer.response, body, headers)
  answers.set(response, answer)
  return response
}

/** A response with another body, and the address of the first. */
export function rebuilt(
  source: Response,
  body: Bytes | ReadableStream<Uint8Array> | null,
  headers: Headers = source.headers,
): Response {
  const response = new Response(body, { status: source.status, statusText: source.statusText, headers })
  return Object.defineProperty(response, 'url', { value: source.url })
}

/** Gives the connection of an unwanted answer back. */
export function release({ response }: Pick<Answer, 'response'>): void {
  response.body?.cancel().catch(() => {})
}
