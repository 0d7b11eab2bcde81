import { ConfigurationError } from '../errors/configuration-error.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { TimeoutError } from '../errors/timeout-error.ts'
import type { Platform } from '../platform.ts'
import { openScope, untilAbort } from './abort.ts'
import { buffered, keptBytes, rebuilt } from './answer.ts'
import { toConnectionError } from './connection.ts'

/** What reading a body depends on. */
export interface Reading {
  readonly platform: Pick<Platform, 'sleep'>
  readonly operation: string
  /** Milliseconds without a byte. */
  readonly idleTimeout: number
  readonly signal: AbortSignal
}

/** Reads the whole body and gives a response that can be read again. */
export async function bufferBody(response: Response, reading: Reading): Promise<Response> {
  const kept = keptBytes(response)
  if (kept !== undefined) return response.bodyUsed ? buffered(response, kept) : response
  if (response.bodyUsed) {
    throw new ConfigurationError({
      message: 'A middleware read the body of the response that it returned.',
      fix: 'Read `response.clone()`, or return a new Response.',
    })
  }
  const reader = openReader(response, reading)
  const chunks: Uint8Array[] = []
  let length = 0
  for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read()) {
    chunks.push(chunk)
    length += chunk.byteLength
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return buffered(response, bytes)
}

/** A response whose body is read as the caller reads it; `done` is called once, however the reading ends. */
export function streamBody(response: Response, reading: Reading, done: () => void): Response {
  if (response.body === null) {
    done()
    return response
  }
  const reader = openReader(response, reading)
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await reader.read()
          if (chunk !== undefined) return controller.enqueue(chunk)
          controller.close()
        } catch (error) {
          controller.error(error)
        }
        done()
      },
      cancel() {
        reader.cancel()
        done()
      },
    },
    { highWaterMark: 0 },
  )
  return rebuilt(response, body)
}

interface BodyReader {
  /** The next chunk, undefined at the end. Rejects with the signal's reason, a TimeoutError or a ConnectionError. */
  read(): Promise<Uint8Array | undefined>
  /** Gives the connection back. */
  cancel(): void
}

function openReader(response: Response, { platform, operation, idleTimeout, signal }: Reading): BodyReader {
  const reader = response.body?.getReader()
  const expected = reader === undefined ? 0 : declaredLength(response)
  let received = 0
  const cancel = (): void => {
    reader?.cancel().catch(() => {})
  }
  const next = async (): Promise<Uint8Array | undefined> => {
    if (reader === undefined) return undefined
    const idle = openScope(platform, signal, idleTimeout, () => {
      return new TimeoutError({ operation, phase: 'idle', ms: idleTimeout })
    })
    try {
      // The declaration of `fetch` leaves the chunks open; its specification says that they are bytes.
      return (await untilAbort(reader.read(), idle.signal)).value as Uint8Array | undefined
    } catch (error) {
      cancel()
      throw idle.signal.aborted ? idle.signal.reason : toConnectionError(error, operation, true)
    } finally {
      idle.end()
    }
  }
  return {
    cancel,
    async read() {
      const chunk = await next()
      received += chunk?.byteLength ?? 0
      if (chunk === undefined && received < expected) {
        throw new ConnectionError({
          operation,
          message: `${operation}: the body ended after ${received} of ${expected} bytes.`,
          fix: 'Look for a proxy that cuts answers off.',
        })
      }
      return chunk
    },
  }
}

/** Bytes that the server announced; 0 when that says nothing about the decoded body. */
function declaredLength({ headers }: Response): number {
  return headers.has('content-encoding') ? 0 : Number(headers.get('content-length') ?? 0) || 0
}
