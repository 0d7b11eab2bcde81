import type { Answer } from './answer.ts'
import {
  type Bytes,
  cancel,
  fail,
  isShort,
  type Reading,
  readChunk,
  readerOf,
  refuseCutBody,
} from './body-reader.ts'
import type { BodySink } from './body-sink.ts'

/** Whether headers announce JSON. */
export function isJson(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('application/json') === true
}

/** Reads the whole body, into a sink when there is one. Rejects with the scope's reason, a TimeoutError or a ConnectionError. */
export async function readBody(response: Response, reading: Reading, sink?: BodySink): Promise<Answer> {
  const { status, headers } = response
  const reader = readerOf(response)
  if (reader === undefined) return { status, headers, bytes: new Uint8Array(), response }
  const chunks: Bytes[] = []
  let length = 0
  const { scope } = reading
  const leave = scope.onAbort(() => cancel(reader))
  try {
    for (;;) {
      const { value } = await readChunk(reader, reading)
      scope.throwIfAborted()
      if (value === undefined) break
      if (sink === undefined) chunks.push(value)
      else sink.push(value)
      length += value.byteLength
    }
    if (isShort(headers, length)) refuseCutBody(response, reading, length)
    if (sink !== undefined) return { status, headers, bytes: undefined, value: sink.end(), response }
    return { status, headers, bytes: joined(chunks, length), response }
  } catch (error) {
    return fail(error, reader, reading)
  } finally {
    leave()
  }
}

function joined(chunks: readonly Bytes[], length: number): Bytes {
  const [first] = chunks
  if (chunks.length === 1 && first !== undefined) return first
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}
