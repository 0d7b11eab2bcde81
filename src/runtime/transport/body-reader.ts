import { PostHogError } from '../errors/posthog-error.ts'
import { IdleTimeoutError } from '../errors/timeout-error.ts'
import type { Platform } from '../platform.ts'
import { openScope, type Scope } from './abort.ts'
import { toConnectionError, toCutBody } from './connection.ts'

/** What reading a body depends on. */
export interface Reading {
  readonly platform: Pick<Platform, 'timer'>
  readonly operation: string
  /** Milliseconds without a byte; undefined when something else ends the reading before. */
  readonly idleTimeout: number | undefined
  readonly scope: Scope
}

/** Bytes as `fetch` gives them. Named by what makes such: before TypeScript 5.7 the type itself takes no argument. */
export type Bytes = ReturnType<typeof Uint8Array.of>

/** Reads the chunks of a body. */
export type Reader = ReadableStreamDefaultReader<Bytes>

type Chunk = { readonly value?: Bytes | undefined }

/** The reader of a body, if there is one. */
export function readerOf({ body }: Response): Reader | undefined {
  // The declaration of `fetch` leaves the chunks open; its specification says that they are bytes.
  return body?.getReader() as Reader | undefined
}

/** Gives the connection back. A read under way ends at once, also one of a `fetch` that knows no signal. */
export function cancel(reader: Reader): void {
  reader.cancel().catch(() => {})
}

/** The next chunk; its value is undefined at the end. */
export function readChunk(reader: Reader, reading: Reading): Promise<Chunk> {
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

/** Throws what ended the reading: the scope, or the connection. */
export function fail(error: unknown, reader: Reader, { operation, scope }: Reading): never {
  cancel(reader)
  scope.throwIfAborted()
  if (error instanceof PostHogError) throw error
  throw toConnectionError(error, operation, true)
}

/** Whether a body ended before its announced length, which says nothing about a compressed one. */
export function isShort(headers: Headers, received: number): boolean {
  return received < Number(headers.get('content-length')) && !headers.has('content-encoding')
}

/** Throws for a body that is short. */
export function refuseCutBody(response: Response, { operation }: Reading, received: number): never {
  throw toCutBody(response, operation, received)
}
