import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'

/** The connection is broken: a server resets it, a `fetch` fails with the code. */
export class ConnectionReset extends TypeError {
  override readonly name: string = 'ConnectionReset'
  readonly code = 'ECONNRESET'

  constructor() {
    super('fetch failed: the connection was reset', { cause: { code: 'ECONNRESET' } })
  }
}

/** The connection ends early, without an error of its own. */
export class ConnectionCut extends TypeError {
  override readonly name: string = 'ConnectionCut'

  constructor() {
    super('terminated: the connection ended within the body', { cause: { code: 'UND_ERR_SOCKET' } })
  }
}

/**
 * The answer to a request that a fault hits. Its body plays the fault as it is read. Rejects with a ConnectionReset
 * where there is no answer.
 *
 * @param answer PostHog's own answer
 * @param gone aborts when nobody waits for the answer any more
 */
export async function faultyAnswer(
  fault: Fault,
  answer: () => Promise<Response>,
  gone: AbortSignal,
): Promise<Response> {
  const { status, delayMs = 0, reset, stall } = fault
  if (reset === 'unseen') throw new ConnectionReset()
  const real = status === undefined ? await answer() : new Response(null)
  if (delayMs > 0) await wait(delayMs, gone)
  if (stall === 'headers') await silence(gone)
  if (reset === 'before-headers') throw new ConnectionReset()
  const headers = new Headers(real.headers)
  const own = 'body' in fault ? encode(fault.body, headers) : undefined
  const bytes = own ?? new Uint8Array(await real.arrayBuffer())
  if (bytes.length > 0) headers.set('content-length', String(bytes.length))
  for (const [name, value] of Object.entries(fault.headers ?? {})) headers.set(name, value)
  const code = status ?? real.status
  const body = bodyAllowed(code) && bytes.length > 0 ? play(bytes, fault, gone) : null
  return new Response(body, { status: code, headers })
}

/** A wait that ends early, with a ConnectionReset, when nobody waits any more. */
async function wait(ms: number, gone: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: gone }).catch(() => {
    throw new ConnectionReset()
  })
}

/** Rejects when nobody waits any more, and not before. */
function silence(gone: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new ConnectionReset())
    if (gone.aborted) end()
    else gone.addEventListener('abort', end, { once: true })
  })
}

function play(bytes: Uint8Array<ArrayBuffer>, fault: Fault, gone: AbortSignal): ReadableStream<Uint8Array> {
  const { reset, stall, cutAfterBytes, drip } = fault
  const half = Math.floor(bytes.length / 2)
  const end = reset === 'after-headers' ? 0 : reset === 'mid-body' || stall === 'body' ? half : cutAfterBytes
  const last = Math.min(end ?? bytes.length, bytes.length)
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      try {
        if (at < last) {
          if (drip !== undefined && at > 0) await wait(drip.everyMs, gone)
          const piece = bytes.subarray(at, Math.min(last, at + (drip?.bytes ?? bytes.length)))
          at += piece.length
          controller.enqueue(piece)
        } else if (end === undefined || (end >= bytes.length && reset === undefined)) controller.close()
        else if (stall === 'body') await silence(gone)
        else controller.error(reset === undefined ? new ConnectionCut() : new ConnectionReset())
      } catch (error) {
        controller.error(error)
      }
    },
  })
}

function encode(body: unknown, headers: Headers): Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body)
  const isText = typeof body === 'string'
  headers.set('content-type', isText ? 'text/plain; charset=utf-8' : 'application/json')
  return new TextEncoder().encode(isText ? body : (JSON.stringify(body) ?? ''))
}

function bodyAllowed(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304
}
