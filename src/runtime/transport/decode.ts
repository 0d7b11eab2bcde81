import { DecodeError } from '../errors/decode-error.ts'
import { redact } from '../observe/redact.ts'
import { bytesOf } from './answer.ts'
import type { Call } from './context.ts'
import { jsonFault } from './json-fault.ts'

/** Characters of a page that is not JSON which the error shows. */
const shown = 120

/**
 * The value of a JSON body; undefined for an empty one. Leaves the response readable when the pipeline gave it.
 *
 * @throws DecodeError for HTML and broken JSON
 */
export async function decodeJson(response: Response, call: Pick<Call, 'operation'>): Promise<unknown> {
  // The decoder drops a byte order mark.
  const text = new TextDecoder().decode(await bytesOf(response))
  if (text.trim() === '') return undefined
  const type = response.headers.get('content-type')?.split(';')[0] || 'no content type'
  if (type.includes('html') || text.trimStart().startsWith('<')) {
    const start = redact(text.replace(/\s+/g, ' ').trim()).slice(0, shown)
    throw new DecodeError({
      message: `${call.operation} was answered by ${response.status} with ${type} in place of JSON: ${start}`,
      fix: 'Check `host`: login pages, ingestion hosts and wrong sub-paths answer so.',
    })
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    // The parser's own message quotes the body, so it is not passed on.
    throw new DecodeError({
      message: `${call.operation} was answered by ${response.status} with ${type} that is not JSON: it breaks at character ${jsonFault(text, error)} of ${text.length}.`,
      fix: 'Look for a proxy that changes or cuts off answers.',
    })
  }
}

/**
 * The value of a body by its content type: text for CSV, plain text and YAML, a Blob for images and other binary
 * data, else JSON.
 *
 * @throws DecodeError like `decodeJson`
 */
export async function decodeBody(response: Response, call: Pick<Call, 'operation'>): Promise<unknown> {
  const type = response.headers.get('content-type') ?? ''
  if (/^text\/(?!html)|yaml|jsonl|ndjson/i.test(type))
    return new TextDecoder().decode(await bytesOf(response))
  if (/^(?:image|video|audio|font)\/|octet-stream|zip|pdf/i.test(type)) {
    return new Blob([await bytesOf(response)], { type })
  }
  return decodeJson(response, call)
}
