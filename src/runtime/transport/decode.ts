import { DecodeError } from '../errors/decode-error.ts'
import { isPostHogError } from '../errors/posthog-error.ts'
import type { Answer } from './answer.ts'
import type { Call } from './context.ts'
import { decodeFault } from './decode-fault.ts'
import { isJson } from './read-body.ts'

/** Made once: a decoder that does not stream keeps nothing between two texts. It drops a byte order mark. */
const utf8 = /* @__PURE__ */ new TextDecoder()

/** How a body is decoded. */
export interface Decoding extends Pick<Call, 'operation'> {
  /** Reads JSON. Default: `JSON.parse`. */
  readonly parse?: ((text: string) => unknown) | undefined
  /** Whether the operation answers an object or a list as JSON, and nothing else. Default: `false`. */
  readonly structured?: boolean | undefined
}

/** The body of an answer as text. */
export function textOf({ bytes }: Pick<Answer, 'bytes'>): string {
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
export function decodeJson(answer: Answer, { operation, parse = JSON.parse }: Decoding): unknown {
  const text = textOf(answer)
  try {
    return parse(text)
  } catch (error) {
    if (text.trim() === '') return undefined
    // One that says more than that the text is no JSON.
    if (isPostHogError(error)) throw error
    throw decodeFault(answer, text, operation, error)
  }
}

/**
 * The value of a body. That of a structured operation is JSON, whatever a proxy calls it. Else the content type
 * decides: text for CSV, plain text and YAML, a Blob for images and other binary data, else JSON.
 *
 * @throws DecodeError like `decodeJson`, and for a structured operation when there is no object or list
 */
export function decodeBody(answer: Answer, call: Decoding): unknown {
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
const bodiless = [202, 204, 205]

function decodeStructure(answer: Answer, call: Decoding): unknown {
  const value = decodeJson(answer, call)
  if (typeof value === 'object' && value !== null) return value
  const { status } = answer
  if (value === undefined && bodiless.includes(status)) return undefined
  const found = value === undefined ? 'an empty body' : value === null ? 'null' : `a ${typeof value}`
  throw new DecodeError({
    message: `${call.operation} was answered by ${status} with ${found}; expected an object or a list as JSON.`,
    fix: 'Look for a proxy that changes or cuts off answers.',
  })
}
