import { IdleTimeoutError, TimeoutError } from '../errors/call-errors.ts'
import { PostHogError } from '../errors/posthog-error.ts'
import { ResponseTooLargeError } from '../errors/result-errors.ts'
import type { Platform } from '../platform.ts'
import { type Deadline, startDeadline } from './deadline.ts'
import type { BodyReader, Bytes, HttpResponse } from './http-response.ts'
import { toConnectionError, truncatedBodyError } from './network-error.ts'

/** Dependencies of reading a body. */
export interface ReadContext {
  readonly platform: Pick<Platform, 'timer'>
  readonly operation: string
  /** Milliseconds without a byte; undefined when an earlier timeout applies. */
  readonly idleTimeout: number | undefined
  readonly deadline: Deadline
}

/** Reads the chunks of a body. */
export type ChunkReader = ReadableStreamDefaultReader<Bytes>

type Chunk = { readonly value?: Bytes | undefined }

/** The reader of a body, if any. */
export function chunkReaderOf({ body }: Response): ChunkReader | undefined {
  // The fetch specification guarantees that chunks are bytes; its type declaration does not.
  return body?.getReader() as ChunkReader | undefined
}

/** Releases the connection. Ends a pending read at once, even of a `fetch` without signal support. */
export function cancel(reader: ChunkReader): void {
  reader.cancel().catch(() => {})
}

/** Reads the next chunk. Its value is undefined at the end. */
export function readChunk(reader: ChunkReader, context: ReadContext): Promise<Chunk> {
  const { idleTimeout } = context
  return idleTimeout === undefined ? reader.read() : readWithin(idleTimeout, reader, context)
}

async function readWithin(
  ms: number,
  reader: ChunkReader,
  { platform, operation, deadline }: ReadContext,
): Promise<Chunk> {
  const idle = startDeadline(platform, deadline, ms, () => new IdleTimeoutError(operation, ms))
  idle.onAbort(() => cancel(reader))
  try {
    const chunk = await reader.read()
    idle.throwIfAborted()
    return chunk
  } finally {
    idle.end()
  }
}

/** Throws the error that ended a read: the deadline's or the connection's. */
export function throwReadError(
  error: unknown,
  reader: ChunkReader,
  { operation, deadline }: ReadContext,
): never {
  cancel(reader)
  deadline.throwIfAborted()
  if (error instanceof PostHogError) throw error
  throw toConnectionError(error, operation, true)
}

/** Whether a body is shorter than its content length, which does not apply to a compressed body. */
export function isTruncated(headers: Headers, received: number): boolean {
  return received < Number(headers.get('content-length')) && !headers.has('content-encoding')
}

/** Throws the error for a truncated body. */
export function throwTruncatedBody(response: Response, { operation }: ReadContext, received: number): never {
  throw truncatedBodyError(response, operation, received)
}

/** Bytes per block of small chunks. Separate single-byte chunks would need hundreds of times the memory. */
const blockBytes = 16_384
/** Number of chunks stored without copying. Most bodies have fewer. */
const maxUncopied = 16

/** Collects the chunks of a body. */
export class ByteList {
  readonly #chunks: Bytes[] = []
  /** The current block, with space for more bytes. */
  #block: Bytes | undefined
  #used = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  push(chunk: Bytes): void {
    this.#length += chunk.byteLength
    if (chunk.byteLength > blockBytes / 2 || this.#chunks.length < maxUncopied) {
      this.#close()
      this.#chunks.push(chunk)
      return
    }
    if (this.#used + chunk.byteLength > blockBytes) this.#close()
    this.#block ??= new Uint8Array(blockBytes)
    this.#block.set(chunk, this.#used)
    this.#used += chunk.byteLength
  }

  /** Joins all chunks. */
  join(): Bytes {
    this.#close()
    const [first] = this.#chunks
    if (this.#chunks.length === 1 && first !== undefined) return first
    const bytes = new Uint8Array(this.#length)
    let offset = 0
    for (const chunk of this.#chunks) {
      bytes.set(chunk, offset)
      offset += chunk.byteLength
    }
    return bytes
  }

  #close(): void {
    if (this.#block !== undefined) this.#chunks.push(this.#block.subarray(0, this.#used))
    this.#block = undefined
    this.#used = 0
  }
}

/** Maximum bytes of an error response: enough for the 100,000 characters of its error. */
const maxErrorBytes = 300_000
/** Idle timeout of an error response's body, in milliseconds. */
const errorIdleTimeout = 5_000

/**
 * Reads the complete body, with a body reader if given.
 *
 * Rejects with the deadline's reason, a TimeoutError, a ConnectionError, or a ResponseTooLargeError.
 *
 * @param maxBytes maximum bytes of the body, decompressed
 */
export async function readBody(
  response: Response,
  context: ReadContext,
  maxBytes: number,
  bodyReader?: BodyReader,
): Promise<HttpResponse> {
  const { status, headers } = response
  const reader = chunkReaderOf(response)
  if (reader === undefined) return { status, headers, bytes: new Uint8Array(), response }
  const chunks = new ByteList()
  let length = 0
  const { deadline } = context
  const removeCallback = deadline.onAbort(() => cancel(reader))
  try {
    for (;;) {
      const { value } = await readChunk(reader, context)
      deadline.throwIfAborted()
      if (value === undefined) break
      length += value.byteLength
      if (length > maxBytes) throw new ResponseTooLargeError(context.operation, 'body', maxBytes)
      if (bodyReader === undefined) chunks.push(value)
      else bodyReader.push(value)
    }
    if (isTruncated(headers, length)) throwTruncatedBody(response, context, length)
    if (bodyReader !== undefined)
      return { status, headers, bytes: undefined, value: bodyReader.end(), response }
    return { status, headers, bytes: chunks.join(), response }
  } catch (error) {
    return throwReadError(error, reader, context)
  } finally {
    removeCallback()
  }
}

/**
 * Reads the body of an error response, up to the size that its error uses. A body that stalls, breaks off or times out
 * counts as read so far, because the status matters more.
 *
 * Rejects with the caller's own abort reason.
 */
export async function readErrorResponse(response: Response, context: ReadContext): Promise<HttpResponse> {
  const { status, headers } = response
  const reader = chunkReaderOf(response)
  if (reader === undefined) return { status, headers, bytes: new Uint8Array(), response }
  const { deadline, idleTimeout = errorIdleTimeout } = context
  const errorContext = { ...context, idleTimeout: Math.min(idleTimeout, errorIdleTimeout) }
  const chunks = new ByteList()
  const removeCallback = deadline.onAbort(() => cancel(reader))
  try {
    while (chunks.length < maxErrorBytes) {
      const { value } = await readChunk(reader, errorContext)
      if (value === undefined) break
      chunks.push(value)
    }
  } catch {
    // The status matters more than an error in the body.
  } finally {
    removeCallback()
    cancel(reader)
  }
  if (deadline.aborted && !(deadline.reason instanceof TimeoutError)) throw deadline.reason
  return { status, headers, bytes: chunks.join().subarray(0, maxErrorBytes), response }
}
