import { findJsonFault } from '../../shared/json-fault.ts'
import type { AttemptRecord } from '../errors/call-errors.ts'
import { isPostHogError } from '../errors/posthog-error.ts'
import { DecodeError } from '../errors/result-errors.ts'
import { redact } from '../observe/redact.ts'

/** Bytes as `fetch` gives them. Named by what makes such: before TypeScript 5.7 the type itself takes no argument. */
export type Bytes = ReturnType<typeof Uint8Array.of>

/** Takes a body while it arrives, within its attempt: each attempt has one of its own. */
export interface BodyReader {
  push(bytes: Bytes): void
  /** What came of it, when it is over. */
  end(): unknown
}

/** What came back for one request: the head, and the body where it was read within its attempt. */
export interface HttpResponse {
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
export interface CallResult extends HttpResponse {
  readonly attempts: readonly AttemptRecord[]
}

/** Answers by the responses that stand for them, so that a middleware may read one and pass it on all the same. */
const answers = new WeakMap<Response, HttpResponse>()

/** Statuses for which the constructor of `Response` refuses a body. */
const bodiless = [101, 103, 204, 205, 304]

/** The answer that a response was made of, if it was. */
export function httpResponseOf(response: Response): HttpResponse | undefined {
  return answers.get(response)
}

/** A response that can be read: each call gives a new one, except for streams. */
export function toResponse(answer: HttpResponse): Response {
  if (answer.bytes === undefined) return answer.response
  const headers = new Headers(answer.headers)
  // The bytes are decoded: the length and encoding of what was on the wire would mislead whoever passes them on.
  if (headers.has('content-encoding')) {
    headers.delete('content-encoding')
    headers.delete('content-length')
  }
  const body = bodiless.includes(answer.status) ? null : answer.bytes
  const response = withBody(answer.response, body, headers)
  answers.set(response, answer)
  return response
}

/** A response with another body, and the address of the first. */
export function withBody(
  source: Response,
  body: Bytes | ReadableStream<Uint8Array> | null,
  headers: Headers = source.headers,
): Response {
  const response = new Response(body, { status: source.status, statusText: source.statusText, headers })
  return Object.defineProperty(response, 'url', { value: source.url })
}

/** A warning or deprecation that PostHog announces in response headers. */
export function parseNotice(operation: string, headers: Headers): string | undefined {
  const warning = headers.get('x-posthog-warn')
  if (warning !== null) return `${operation}: PostHog warns: ${warning}`
  const sunset = headers.get('sunset')
  if (sunset === null && headers.get('deprecation') === null) return undefined
  return `${operation} is deprecated${sunset === null ? '' : ` and ends on ${sunset}`}.`
}

/** Whether headers announce JSON. */
export function isJson(headers: Headers): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')
}

/** Header under which proxies and PostHog's ingress name a request. */
const requestIdHeader = 'x-request-id'
/** The request id of an answer, when there is one. */
export function requestIdOf(headers: Headers): string | undefined {
  return headers.get(requestIdHeader) ?? undefined
}

/** Made once: a decoder that does not stream keeps nothing between two texts. It drops a byte order mark. */
const utf8 = /* @__PURE__ */ new TextDecoder()

/** How a body is decoded. */
export interface DecodeOptions {
  /** Method and path template of the call. */
  readonly operation: string
  /** Reads JSON. Default: `JSON.parse`. */
  readonly parse?: ((text: string) => unknown) | undefined
  /** Whether the operation answers an object or a list as JSON, and nothing else. Default: `false`. */
  readonly structured?: boolean | undefined
}

/** The body of an answer as text. */
export function textOf({ bytes }: Pick<HttpResponse, 'bytes'>): string {
  try {
    return utf8.decode(bytes)
  } catch {
    // It replaces what is no UTF-8: what is left is the longest string of the engine.
    throw new DecodeError({
      message: `A body of ${bytes?.byteLength} bytes does not fit into a JavaScript string.`,
      fix: 'Ask for less, or read it as a stream with `.asResponse()`.',
    })
  }
}

/**
 * The value of a JSON body; undefined for an empty one.
 *
 * @throws DecodeError for HTML and broken JSON
 */
export function decodeJson(answer: HttpResponse, { operation, parse = JSON.parse }: DecodeOptions): unknown {
  const text = textOf(answer)
  try {
    return parse(text)
  } catch (error) {
    if (text.trim() === '') return undefined
    // One that says more than that the text is no JSON.
    if (isPostHogError(error)) throw error
    throw decodeError(answer, text, operation)
  }
}

/**
 * The value of a body. That of a structured operation is JSON, whatever a proxy calls it. Else the content type
 * decides: text for CSV, plain text and YAML, a Blob for images and other binary data, else JSON.
 *
 * @throws DecodeError like `decodeJson`, and for a structured operation when there is no object or list
 */
export function decodeBody(answer: HttpResponse, call: DecodeOptions): unknown {
  if (call.structured === true) return decodeStructure(answer, call)
  if (isJson(answer.headers)) return decodeJson(answer, call)
  const type = answer.headers.get('content-type') ?? ''
  if (/^text\/(?!html)|yaml|jsonl|ndjson/i.test(type)) return textOf(answer)
  if (/^(?:image|video|audio|font)\/|octet-stream|zip|pdf/i.test(type)) {
    return new Blob(answer.bytes === undefined ? [] : [answer.bytes], { type })
  }
  return decodeJson(answer, call)
}

/** Statuses of 2xx that may come without a body, whatever the operation answers: accepted, no content, reset content. */
const emptyStatuses = [202, 204, 205]

function decodeStructure(answer: HttpResponse, call: DecodeOptions): unknown {
  const value = decodeJson(answer, call)
  if (typeof value === 'object' && value !== null) return value
  const { status } = answer
  if (value === undefined && emptyStatuses.includes(status)) return undefined
  const found = value === undefined ? 'an empty body' : value === null ? 'null' : `a ${typeof value}`
  throw new DecodeError({
    message: `${call.operation} was answered by ${status} with ${found}; expected an object or a list as JSON.`,
    fix: 'Look for a proxy that changes or cuts off answers.',
  })
}

/** Characters of a page that is not JSON which the error shows. */
const shown = 120

/** The error for an answer of 2xx that is a page, or JSON that is broken. */
export function decodeError(answer: HttpResponse, text: string, operation: string): DecodeError {
  const type = answer.headers.get('content-type')?.split(';')[0] || 'no content type'
  const answered = `${operation} was answered by ${answer.status} with ${type}`
  if (type.includes('html') || text.trimStart().startsWith('<')) {
    const start = redact(
      text
        .slice(0, 10 * shown)
        .replace(/\s+/g, ' ')
        .trim(),
    ).slice(0, shown)
    return new DecodeError({
      message: `${answered} in place of JSON: ${start}`,
      fix: 'Check `host`: login pages, ingestion hosts and wrong sub-paths answer so.',
    })
  }
  // The parser's own message quotes the body, so it is not passed on.
  return new DecodeError({
    message: `${answered} that is not JSON: it breaks at character ${findJsonFault(text).offset} of ${text.length}.`,
    fix: 'Look for a proxy that changes or cuts off answers.',
  })
}
