import { IdleTimeoutError, TimeoutError } from '../errors/call-errors.ts'
import { PostHogError } from '../errors/posthog-error.ts'
import { ResponseTooLargeError } from '../errors/result-errors.ts'
import type { Platform } from '../platform.ts'
import { type Deadline, startDeadline } from './deadline.ts'
import type { BodyReader, Bytes, HttpResponse } from './http-response.ts'
import { toConnectionError, truncatedBodyError } from './network-error.ts'

/** What reading a body depends on. */
export interface ReadContext {
  readonly platform: Pick<Platform, 'timer'>
  readonly operation: string
  /** Milliseconds without a byte; undefined when something else ends the reading before. */
  readonly idleTimeout: number | undefined
  readonly scope: Deadline
}

/** Reads the chunks of a body. */
export type ChunkReader = ReadableStreamDefaultReader<Bytes>

type Chunk = { readonly value?: Bytes | undefined }

/** The reader of a body, if there is one. */
export function chunkReaderOf({ body }: Response): ChunkReader | undefined {
  // The declaration of `fetch` leaves the chunks open; its specification says that they are bytes.
  return body?.getReader() as ChunkReader | undefined
}

/** Gives the connection back. A read under way ends at once, also one of a `fetch` that knows no signal. */
export function cancel(reader: ChunkReader): void {
  reader.cancel().catch(() => {})
}

/** The next chunk; its value is undefined at the end. */
export function readChunk(reader: ChunkReader, reading: ReadContext): Promise<Chunk> {
  const { idleTimeout } = reading
  return idleTimeout === undefined ? reader.read() : readWithin(idleTimeout, reader, reading)
}

async function readWithin(
  ms: number,
  reader: ChunkReader,
  { platform, operation, scope }: ReadContext,
): Promise<Chunk> {
  const idle = startDeadline(platform, scope, ms, () => new IdleTimeoutError(operation, ms))
  idle.onAbort(() => cancel(reader))
  try {
    const chunk = await reader.read()
    idle.throwIfAborted()
    return chunk
  } finally {
    idle.end()
  }
}

/** Throws what ended the reading: the scope, or the connection. */
export function throwReadError(
  error: unknown,
  reader: ChunkReader,
  { operation, scope }: ReadContext,
): never {
  cancel(reader)
  scope.throwIfAborted()
  if (error instanceof PostHogError) throw error
  throw toConnectionError(error, operation, true)
}

/** Whether a body ended before its announced length, which says nothing about a compressed one. */
export function isTruncated(headers: Headers, received: number): boolean {
  return received < Number(headers.get('content-length')) && !headers.has('content-encoding')
}

/** Throws for a body that is short. */
export function throwTruncatedBody(response: Response, { operation }: ReadContext, received: number): never {
  throw truncatedBodyError(response, operation, received)
}

/** Bytes of a block that small chunks are copied into: a body of single bytes would take hundreds of times its size. */
const blockBytes = 16_384
/** Chunks that are kept as they came before small ones are copied: most bodies have fewer. */
const uncopied = 16

/** Chunks of a body, put together at the end. */
export class ByteList {
  readonly #chunks: Bytes[] = []
  /** The last of the chunks while it has room for more. */
  #block: Bytes | undefined
  #used = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  push(chunk: Bytes): void {
    this.#length += chunk.byteLength
    if (chunk.byteLength > blockBytes / 2 || this.#chunks.length < uncopied) {
      this.#close()
      this.#chunks.push(chunk)
      return
    }
    if (this.#used + chunk.byteLength > blockBytes) this.#close()
    this.#block ??= new Uint8Array(blockBytes)
    this.#block.set(chunk, this.#used)
    this.#used += chunk.byteLength
  }

  /** All bytes in one piece. */
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

/** Bytes of a refusal that are read: enough for the 100,000 characters that its error uses. */
const maxRefusalBytes = 300_000
/** Milliseconds without a byte after which the rest of a refusal is not waited for. */
const refusalPatience = 5_000

/**
 * Reads the whole body, into a sink when there is one.
 *
 * Rejects with the scope's reason, a TimeoutError, a ConnectionError, or a ResponseTooLargeError.
 *
 * @param maxBytes of the body, decompressed
 */
export async function readBody(
  response: Response,
  reading: ReadContext,
  maxBytes: number,
  sink?: BodyReader,
): Promise<HttpResponse> {
  const { status, headers } = response
  const reader = chunkReaderOf(response)
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
    if (isTruncated(headers, length)) throwTruncatedBody(response, reading, length)
    if (sink !== undefined) return { status, headers, bytes: undefined, value: sink.end(), response }
    return { status, headers, bytes: chunks.join(), response }
  } catch (error) {
    return throwReadError(error, reader, reading)
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
export async function readRefusal(response: Response, reading: ReadContext): Promise<HttpResponse> {
  const { status, headers } = response
  const reader = chunkReaderOf(response)
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
