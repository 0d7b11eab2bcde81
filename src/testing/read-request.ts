import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { parseLosslessJson } from '../runtime/rows/lossless-json.ts'
import type { RecordedBody, RecordedRequest } from './recording.ts'

/** A `fetch` function as the client's option `fetch` takes it. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>

/** A request as it is recorded and compared, and the options to send it with. */
export interface ReadRequest {
  readonly request: RecordedRequest
  readonly headers: Headers
  /** Equal to the given options, with an unread body. */
  readonly init: RequestInit
}

/** Reads the method, path and body of a request. A compressed body is decompressed. */
export async function readRequest(url: string, given: RequestInit = {}): Promise<ReadRequest> {
  const { pathname, search } = new URL(url)
  let init = given
  let { body = null } = given
  if (body instanceof ReadableStream) {
    const [kept, sent] = body.tee()
    init = { ...given, body: sent }
    body = kept
  }
  // Response knows the content type of each kind of body, such as the boundary of a form.
  const message = new Response(body)
  const headers = new Headers(given.headers)
  const type = headers.get('content-type') ?? message.headers.get('content-type')
  const bytes = new Uint8Array(await message.arrayBuffer())
  const plain = decompress(bytes, headers.get('content-encoding'))
  const recorded = await readBody(plain, type)
  const request: RecordedRequest = {
    method: (given.method ?? 'GET').toUpperCase(),
    path: pathname + search,
    ...(recorded === undefined ? {} : { body: recorded }),
  }
  return { request, headers, init }
}

function decompress(bytes: Uint8Array, encoding: string | null): Uint8Array {
  if (encoding === 'gzip') return gunzipSync(bytes)
  if (encoding === 'deflate') return inflateSync(bytes)
  return encoding === 'br' ? brotliDecompressSync(bytes) : bytes
}

/** Reads bytes as JSON, as a form, as text, or as bytes. Undefined for an empty body. */
export async function readBody(bytes: Uint8Array, type: string | null): Promise<RecordedBody | undefined> {
  if (bytes.length === 0) return undefined
  if (type?.startsWith('multipart/form-data')) return readForm(bytes, type)
  return readContent(bytes)
}

function readContent(bytes: Uint8Array): RecordedBody {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') }
  }
  try {
    return { json: parseLosslessJson(text) }
  } catch {
    return { text }
  }
}

async function readForm(bytes: Uint8Array, type: string): Promise<RecordedBody> {
  const form = await new Response(Buffer.from(bytes), { headers: { 'content-type': type } }).formData()
  const fields: (readonly [string, RecordedBody])[] = []
  for (const [name, value] of form) {
    fields.push([name, readContent(new Uint8Array(await new Response(value).arrayBuffer()))])
  }
  return { form: fields }
}
