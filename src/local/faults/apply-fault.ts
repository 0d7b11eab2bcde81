import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'

/** A reset connection. The server resets its socket; a `fetch` fails with `ECONNRESET`. */
export class ConnectionReset extends TypeError {
  override readonly name: string = 'ConnectionReset'
  readonly code = 'ECONNRESET'

  constructor() {
    super('fetch failed: the connection was reset', { cause: { code: 'ECONNRESET' } })
  }
}

/** A connection that closes cleanly before the body ends. */
export class ConnectionCut extends TypeError {
  override readonly name: string = 'ConnectionCut'

  constructor() {
    super('terminated: the connection ended within the body', { cause: { code: 'UND_ERR_SOCKET' } })
  }
}

/**
 * Applies a fault to a request. Reading the body of the response plays the rest of the fault. Rejects with a
 * ConnectionReset when the fault prevents the response.
 *
 * @param handle Gets PostHog's own response.
 * @param signal Aborts when the client disconnects.
 */
export async function applyFault(
  fault: Fault,
  handle: () => Promise<Response>,
  signal: AbortSignal,
): Promise<Response> {
  const { status, delayMs = 0, reset, stall } = fault
  if (reset === 'unseen') throw new ConnectionReset()
  const original = status === undefined ? await handle() : new Response(null)
  if (delayMs > 0) await delay(delayMs, signal)
  if (stall === 'headers') await waitForAbort(signal)
  if (reset === 'before-headers') throw new ConnectionReset()
  const headers = new Headers(original.headers)
  const replacement = 'body' in fault ? encodeBody(fault.body, headers) : undefined
  const bytes = replacement ?? new Uint8Array(await original.arrayBuffer())
  if (bytes.length > 0) headers.set('content-length', String(bytes.length))
  for (const [name, value] of Object.entries(fault.headers ?? {})) headers.set(name, value)
  const finalStatus = status ?? original.status
  const body = allowsBody(finalStatus) && bytes.length > 0 ? streamBody(bytes, fault, signal) : null
  return new Response(body, { status: finalStatus, headers })
}

/** Waits. Rejects with a ConnectionReset when the client disconnects. */
async function delay(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw new ConnectionReset()
  })
}

/** Waits until the client disconnects, then rejects with a ConnectionReset. */
function waitForAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => reject(new ConnectionReset())
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

function streamBody(
  bytes: Uint8Array<ArrayBuffer>,
  fault: Fault,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const { reset, stall, cutAfterBytes, drip } = fault
  const half = Math.floor(bytes.length / 2)
  const breakAt =
    reset === 'after-headers' ? 0 : reset === 'mid-body' || stall === 'body' ? half : cutAfterBytes
  const end = Math.min(breakAt ?? bytes.length, bytes.length)
  let sent = 0
  return new ReadableStream({
    async pull(controller) {
      try {
        if (sent < end) {
          if (drip !== undefined && sent > 0) await delay(drip.everyMs, signal)
          const chunk = bytes.subarray(sent, Math.min(end, sent + (drip?.bytes ?? bytes.length)))
          sent += chunk.length
          controller.enqueue(chunk)
        } else if (breakAt === undefined || (breakAt >= bytes.length && reset === undefined)) {
          controller.close()
        } else if (stall === 'body') await waitForAbort(signal)
        else controller.error(reset === undefined ? new ConnectionCut() : new ConnectionReset())
      } catch (error) {
        controller.error(error)
      }
    },
  })
}

function encodeBody(body: unknown, headers: Headers): Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body)
  const isText = typeof body === 'string'
  headers.set('content-type', isText ? 'text/plain; charset=utf-8' : 'application/json')
  return new TextEncoder().encode(isText ? body : (JSON.stringify(body) ?? ''))
}

function allowsBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304
}
