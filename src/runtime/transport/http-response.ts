import { findJsonFault } from '../../shared/json-fault.ts'
import type { AttemptRecord } from '../errors/call-errors.ts'
import { isPostHogError } from '../errors/posthog-error.ts'
import { DecodeError } from '../errors/result-errors.ts'
import { redact } from '../observe/redact.ts'

/** Bytes from `fetch`. Derived from a function: before TypeScript 5.7, `Uint8Array` has no type parameter. */
export type Bytes = ReturnType<typeof Uint8Array.of>

/** Parses a body as it arrives. Each attempt creates one. */
export interface BodyReader {
  push(bytes: Bytes): void
  /** Returns the value at the end of the body. */
  end(): unknown
}

/** Response to one request, with its body if read within the attempt. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Headers
  /** The complete body; undefined for an unread stream. */
  readonly bytes: Bytes | undefined
  /** Value from a body reader, instead of the bytes. */
  readonly value?: unknown
  /** The original response of `fetch`, or one with a monitored stream. */
  readonly response: Response
}

/** A 2xx response with the attempts of its call. */
export interface CallResult extends HttpResponse {
  readonly attempts: readonly AttemptRecord[]
}

/** HTTP responses by the `Response` created from them, so that a middleware can read a body and still return it. */
const sources = new WeakMap<Response, HttpResponse>()

/** Statuses for which the constructor of `Response` rejects a body. */
const bodilessStatuses = [101, 103, 204, 205, 304]

/** The HTTP response behind a `Response`, if any. */
export function httpResponseOf(response: Response): HttpResponse | undefined {
  return sources.get(response)
}

/** Creates a readable `Response`. Returns the original one for streams. */
export function toResponse(source: HttpResponse): Response {
  if (source.bytes === undefined) return source.response
  const headers = new Headers(source.headers)
  // The bytes are decompressed, so the original encoding and length are wrong.
  if (headers.has('content-encoding')) {
    headers.delete('content-encoding')
    headers.delete('content-length')
  }
  const body = bodilessStatuses.includes(source.status) ? null : source.bytes
  const response = withBody(source.response, body, headers)
  sources.set(response, source)
  return response
}

/** Copies a response with another body and the same URL. */
export function withBody(
  source: Response,
  body: Bytes | ReadableStream<Uint8Array> | null,
  headers: Headers = source.headers,
): Response {
  const response = new Response(body, { status: source.status, statusText: source.statusText, headers })
  return Object.defineProperty(response, 'url', { value: source.url })
}

/** Whether the content type is JSON. */
export function isJson(headers: Headers): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')
}

/** Header of the request id, from proxies and PostHog's ingress. */
const requestIdHeader = 'x-request-id'

/** The request id of a response, if any. */
export function requestIdOf(headers: Headers): string | undefined {
  return headers.get(requestIdHeader) ?? undefined
}

/** Shared: without streaming, a decoder has no state. Drops a byte order mark. */
const utf8 = /* @__PURE__ */ new TextDecoder()

/** Options of decoding. */
export interface DecodeOptions {
  /** Method and path template of the call. */
  readonly operation: string
  /** Parses JSON. Default: `JSON.parse`. */
  readonly parse?: ((text: string) => unknown) | undefined
  /** Whether the operation always responds with a JSON object or array. Default: `false`. */
  readonly structured?: boolean | undefined
}

/** Decodes the body of a response as text. */
export function textOf({ bytes }: Pick<HttpResponse, 'bytes'>): string {
  try {
    return utf8.decode(bytes)
  } catch {
    // Invalid UTF-8 does not throw. Only the maximum string length of the engine does.
    throw new DecodeError({
      message: `A body of ${bytes?.byteLength} bytes exceeds the maximum length of a JavaScript string.`,
      fix: 'Request less data, or read the body as a stream with `.asResponse()`.',
    })
  }
}

/**
 * Decodes a JSON body. Returns undefined for an empty one.
 *
 * @throws DecodeError for HTML and invalid JSON
 */
export function decodeJson(
  response: HttpResponse,
  { operation, parse = JSON.parse }: DecodeOptions,
): unknown {
  const text = textOf(response)
  try {
    return parse(text)
  } catch (error) {
    if (text.trim() === '') return undefined
    // The parser's own DecodeError has more detail.
    if (isPostHogError(error)) throw error
    throw decodeError(response, text, operation)
  }
}

/**
 * Decodes a body. For a structured operation it is JSON, whatever its content type. Otherwise the content type decides:
 * a string for CSV, plain text and YAML, a Blob for images and other binary data, or else JSON.
 *
 * @throws DecodeError like `decodeJson`, and for a structured operation without an object or array
 */
export function decodeBody(response: HttpResponse, call: DecodeOptions): unknown {
  if (call.structured === true) return decodeStructure(response, call)
  if (isJson(response.headers)) return decodeJson(response, call)
  const type = response.headers.get('content-type') ?? ''
  if (/^text\/(?!html)|yaml|jsonl|ndjson/i.test(type)) return textOf(response)
  if (/^(?:image|video|audio|font)\/|octet-stream|zip|pdf/i.test(type)) {
    return new Blob(response.bytes === undefined ? [] : [response.bytes], { type })
  }
  return decodeJson(response, call)
}

/** 2xx statuses that may have no body, whatever the operation: accepted, no content, reset content. */
const emptyStatuses = [202, 204, 205]

function decodeStructure(response: HttpResponse, call: DecodeOptions): unknown {
  const value = decodeJson(response, call)
  if (typeof value === 'object' && value !== null) return value
  const { status } = response
  if (value === undefined && emptyStatuses.includes(status)) return undefined
  const found = value === undefined ? 'an empty body' : value === null ? 'null' : `a ${typeof value}`
  throw new DecodeError({
    message: `${call.operation} returned ${status} with ${found}; expected a JSON object or array.`,
    fix: 'Check for a proxy that changes or truncates responses.',
  })
}

/** Maximum characters of an HTML page in an error message. */
const maxShown = 120

/** The error for a 2xx response with HTML or invalid JSON. */
export function decodeError(response: HttpResponse, text: string, operation: string): DecodeError {
  const type = response.headers.get('content-type')?.split(';')[0] || 'no content type'
  const returned = `${operation} returned ${response.status} with ${type}`
  if (type.includes('html') || text.trimStart().startsWith('<')) {
    const start = redact(
      text
        .slice(0, 10 * maxShown)
        .replace(/\s+/g, ' ')
        .trim(),
    ).slice(0, maxShown)
    return new DecodeError({
      message: `${returned} instead of JSON: ${start}`,
      fix: 'Check `host`: login pages, ingestion hosts and wrong sub-paths respond like this.',
    })
  }
  // The parser's own message quotes the body, so it is omitted.
  return new DecodeError({
    message: `${returned}, but invalid JSON at character ${findJsonFault(text).offset} of ${text.length}.`,
    fix: 'Check for a proxy that changes or truncates responses.',
  })
}
