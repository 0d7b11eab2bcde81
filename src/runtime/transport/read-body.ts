import { IdleTimeoutError } from '../errors/timeout-error.ts'
import type { Platform } from '../platform.ts'
import { openScope, type Scope, untilAbort } from './abort.ts'
import { type Answer, rebuilt } from './answer.ts'

/** What reading a body depends on. */
export interface Reading {
  readonly platform: Pick<Platform, 'timer'>
  readonly operation: string
  /** Milliseconds without a byte; undefined when something else ends the reading before. */
  readonly idleTimeout: number | undefined
  readonly scope: Scope
}

/** Reads the whole body. Rejects with the scope's reason, a TimeoutError or a ConnectionError. */
export async function readBody(response: Response, reading: Reading): Promise<Answer> {
  const reader = openReader(response, reading)
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read()) {
    chunks.push(chunk)
    length += chunk.byteLength
  }
  const { status, headers } = response
  return { status, headers, bytes: joined(chunks, length), response }
}

function joined(chunks: readonly Uint8Array<ArrayBuffer>[], length: number): Uint8Array<ArrayBuffer> {
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
  /** The next chunk, undefined at the end. Rejects with the scope's reason, a TimeoutError or a ConnectionError. */
  read(): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Gives the connection back. */
  cancel(): void
}

function openReader(
  response: Response,
  { platform, operation, idleTimeout: ms, scope }: Reading,
): BodyReader {
  const reader = response.body?.getReader()
  let received = 0
  const cancel = (): void => {
    reader?.cancel().catch(() => {})
  }
  return {
    cancel,
    async read() {
      if (reader === undefined) return undefined
      const idle =
        ms === undefined ? scope : openScope(platform, scope, ms, () => new IdleTimeoutError(operation, ms))
      try {
        // The declaration of `fetch` leaves the chunks open; its specification says that they are bytes.
        const { value } = (await untilAbort(reader.read(), idle)) as { value?: Uint8Array<ArrayBuffer> }
        received += value?.byteLength ?? 0
        if (value === undefined && isShort(response, received)) {
          throw (await import('./connection.ts')).toCutBody(response, operation, received)
        }
        return value
      } catch (error) {
        cancel()
        idle.throwIfAborted()
        const { toConnectionError } = await import('./connection.ts')
        throw toConnectionError(error, operation, true)
      } finally {
        if (idle !== scope) idle.end()
      }
    },
  }
}

/** Whether a body ended before its announced length, which says nothing about a compressed one. */
function isShort({ headers }: Response, received: number): boolean {
  return !headers.has('content-encoding') && received < Number(headers.get('content-length'))
}
