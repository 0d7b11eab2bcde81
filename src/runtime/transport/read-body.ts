import { ResponseTooLargeError } from '../errors/response-too-large-error.ts'
import { TimeoutError } from '../errors/timeout-error.ts'
import type { Answer } from './answer.ts'
import { cancel, fail, isShort, type Reading, readChunk, readerOf, refuseCutBody } from './body-reader.ts'
import type { BodySink } from './body-sink.ts'
import { ByteList } from './byte-list.ts'

/** Bytes of a refusal that are read: enough for the 100,000 characters that its error uses. */
const maxRefusalBytes = 300_000
/** Milliseconds without a byte after which the rest of a refusal is not waited for. */
const refusalPatience = 5_000

/** Whether headers announce JSON. */
export function isJson(headers: Headers): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')
}

/**
 * Reads the whole body, into a sink when there is one.
 *
 * Rejects with the scope's reason, a TimeoutError, a ConnectionError, or a ResponseTooLargeError.
 *
 * @param maxBytes of the body, decompressed
 */
export async function readBody(
  response: Response,
  reading: Reading,
  maxBytes: number,
  sink?: BodySink,
): Promise<Answer> {
  const { status, headers } = response
  const reader = readerOf(response)
  if (reader === undefined) return { status, headers, bytes: new Uint8Array(), response }
  const chunks = new ByteList()
  let length = 0
  const { scope } = reading
  const leave = scope.onAbort(() => cancel(reader))
  try {
    for (;;) {
      const { value } = await readChunk(reader, reading)
      scope.throwIfAborted()
      if (value === undefined) break
      length += value.byteLength
      if (length > maxBytes) throw new ResponseTooLargeError(reading.operation, 'body', maxBytes)
      if (sink === undefined) chunks.push(value)
      else sink.push(value)
    }
    if (isShort(headers, length)) refuseCutBody(response, reading, length)
    if (sink !== undefined) return { status, headers, bytes: undefined, value: sink.end(), response }
    return { status, headers, bytes: chunks.join(), response }
  } catch (error) {
    return fail(error, reader, reading)
  } finally {
    leave()
  }
}

/**
 * Reads the body of a refusal as far as its error uses it. Whatever happens to it, the status is known: one that falls
 * silent, breaks off or runs into a timeout counts as far as it came.
 *
 * Rejects with the caller's own abort reason.
 */
export async function readRefusal(response: Response, reading: Reading): Promise<Answer> {
  const { status, headers } = response
  const reader = readerOf(response)
  if (reader === undefined) return { status, headers, bytes: new Uint8Array(), response }
  const { scope, idleTimeout = refusalPatience } = reading
  const patient = { ...reading, idleTimeout: Math.min(idleTimeout, refusalPatience) }
  const chunks = new ByteList()
  const leave = scope.onAbort(() => cancel(reader))
  try {
    while (chunks.length < maxRefusalBytes) {
      const { value } = await readChunk(reader, patient)
      if (value === undefined) break
      chunks.push(value)
    }
  } catch {
    // The status says more than what went wrong behind it.
  } finally {
    leave()
    cancel(reader)
  }
  if (scope.aborted && !(scope.reason instanceof TimeoutError)) throw scope.reason
  return { status, headers, bytes: chunks.join().subarray(0, maxRefusalBytes), response }
}
