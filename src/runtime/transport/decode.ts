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
}

/** The body of an answer as text. */
export function textOf({ bytes }: Pick<Answer, 'bytes'>): string {
  return utf8.decode(bytes)
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
    throw decodeFault(answer, text, operation, error)
  }
}

/**
 * The value of a body by its content type: text for CSV, plain text and YAML, a Blob for images and other binary
 * data, else JSON.
 *
 * @throws DecodeError like `decodeJson`
 */
export function decodeBody(answer: Answer, call: Decoding): unknown {
  if (isJson(answer.headers)) return decodeJson(answer, call)
  const type = answer.headers.get('content-type') ?? ''
  if (/^text\/(?!html)|yaml|jsonl|ndjson/i.test(type)) return textOf(answer)
  if (/^(?:image|video|audio|font)\/|octet-stream|zip|pdf/i.test(type)) {
    return new Blob(answer.bytes === undefined ? [] : [answer.bytes], { type })
  }
  return decodeJson(answer, call)
}
