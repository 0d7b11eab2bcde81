import { PostHogError } from '../errors/posthog-error.ts'
import { IdleTimeoutError } from '../errors/timeout-error.ts'
import type { Platform } from '../platform.ts'
import { openScope, type Scope } from './abort.ts'
import { type Answer, rebuilt } from './answer.ts'

/** What reading a body depends on. */
export interface Reading {
  readonly platform: Pick<Platform, 'timer'>
  readonly operation: string
  /** Milliseconds without a byte; undefined when something else ends the reading before. */
  readonly idleTimeout: number | undefined
  readonly scope: Scope
}

type Bytes = Uint8Array<ArrayBuffer>
type Reader = ReadableStreamDefaultReader<Bytes>
type Chunk = { readonly value?: Bytes | undefined }

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

/** A response whose body is read as the caller reads it; `done` is called once, however the reading ends. */
export function streamBody(response: Response, reading: Reading, done: () => void): Response {
  const reader = readerOf(response)
  if (reader === undefined) {
    done()
    return response
  }
  let received = 0
  const leave = reading.scope.onAbort(() => cancel(reader))
  const end = (): void => {
    leave()
    done()
  }
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value } = await readChunk(reader, reading)
          reading.scope.throwIfAborted()
          if (value !== undefined) {
            received += value.byteLength
            return controller.enqueue(value)
          }
          if (isShort(response.headers, received)) await refuseCutBody(response, reading, received)
          controller.close()
        } catch (error) {
          await fail(error, reader, reading).catch((reason: unknown) => controller.error(reason))
        }
        end()
      },
      cancel() {
        cancel(reader)
        end()
      },
    },
    { highWaterMark: 0 },
  )
  return rebuilt(response, body)
}

function readerOf({ body }: Response): Reader | undefined {
  // The declaration of `fetch` leaves the chunks open; its specification says that they are bytes.
  return body?.getReader() as Reader | undefined
}

/** Gives the connection back. A read under way ends at once, also one of a `fetch` that knows no signal. */
function cancel(reader: Reader): void {
  reader.cancel().catch(() => {})
}

function readChunk(reader: Reader, reading: Reading): Promise<Chunk> {
  const { idleTimeout } = reading
  return idleTimeout === undefined ? reader.read() : readWithin(idleTimeout, reader, reading)
}

async function readWithin(
  ms: number,
  reader: Reader,
  { platform, operation, scope }: Reading,
): Promise<Chunk> {
  const idle = openScope(platform, scope, ms, () => new IdleTimeoutError(operation, ms))
  idle.onAbort(() => cancel(reader))
  try {
    const chunk = await reader.read()
    idle.throwIfAborted()
    return chunk
  } finally {
    idle.end()
  }
}

/** Rejects with what ended the reading: the scope, or the connection. */
async function fail(error: unknown, reader: Reader, { operation, scope }: Reading): Promise<never> {
  cancel(reader)
  scope.throwIfAborted()
  if (error instanceof PostHogError) throw error
  const { toConnectionError } = await import('./connection.ts')
  throw toConnectionError(error, operation, true)
}

/** Whether a body ended before its announced length, which says nothing about a compressed one. */
function isShort(headers: Headers, received: number): boolean {
  return received < Number(headers.get('content-length')) && !headers.has('content-encoding')
}

async function refuseCutBody(response: Response, { operation }: Reading, received: number): Promise<never> {
  throw (await import('./connection.ts')).toCutBody(response, operation, received)
}
