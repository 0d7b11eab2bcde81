import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectionCut, ConnectionReset } from '../faults/apply-fault.ts'
import type { HttpReply } from './request-handler.ts'

/** Milliseconds to wait before a reset, which discards all bytes that the client has not read yet. */
const DELIVERY_MS = 20

/** Sends a reply, and breaks the connection when a fault requires it. */
export async function sendReply(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  getReply: () => Promise<HttpReply>,
  isClosing: () => boolean,
): Promise<void> {
  try {
    const { response, hasFault, gzip } = await getReply()
    // A closing server must not keep the connection for another request.
    if (isClosing()) outgoing.shouldKeepAlive = false
    const body = gzip ? compress(response) : response.body
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    if (incoming.method === 'HEAD' || body === null) outgoing.end()
    else if (hasFault || isEventStream(response)) await stream(body, outgoing)
    else outgoing.end(Buffer.from(await response.arrayBuffer()))
  } catch (error) {
    if (error instanceof ConnectionReset) incoming.socket.resetAndDestroy()
    else if (error instanceof ConnectionCut) incoming.socket.destroySoon()
    else throw error
  }
}

/** Whether a response is an event stream, whose events are sent as they arrive. */
function isEventStream({ headers }: Response): boolean {
  return headers.get('content-type') === 'text/event-stream'
}

async function stream(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  outgoing.flushHeaders()
  const reader = body.getReader()
  try {
    for (;;) {
      const { value } = await reader.read()
      if (value === undefined) break
      if (!outgoing.write(value)) await once(outgoing, 'drain')
    }
    outgoing.end()
  } catch (error) {
    await sleep(DELIVERY_MS)
    throw error
  }
}

function compress({ headers, body }: Response): ReadableStream<Uint8Array> | null {
  headers.set('content-encoding', 'gzip')
  headers.delete('content-length')
  if (body === null) return null
  const { readable, writable } = new CompressionStream('gzip')
  // An error of the body also errors `readable`, where the caller sees it.
  body.pipeTo(writable as WritableStream<Uint8Array>).catch(() => {})
  return readable
}
