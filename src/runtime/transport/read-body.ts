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

/** Reads the whole body. Rejects with the scope's reason, a TimeoutError or a ConnectionError. */
export async function readBody(response: Response, reading: Reading): Promise<Answer> {
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
      chunks.push(value)
      length += value.byteLength
    }
    if (isShort(headers, length)) await refuseCutBody(response, reading, length)
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
