import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectionCut, ConnectionReset } from '../faults/faulty-answer.ts'
import type { Reply } from './request-handler.ts'

/** Milliseconds in which what was written gets through: a reset discards what the other side has not read. */
const settle = 20

/** Sends an answer, and breaks the connection where a fault says so. */
export async function sendReply(
  message: IncomingMessage,
  reply: ServerResponse,
  answer: () => Promise<Reply>,
  isClosing: () => boolean,
): Promise<void> {
  try {
    const { response, faulty, gzip } = await answer()
    // A connection that is busy when the server closes must not be kept for another request.
    if (isClosing()) reply.shouldKeepAlive = false
    const body = gzip ? compressed(response) : response.body
    reply.writeHead(response.status, Object.fromEntries(response.headers))
    if (message.method === 'HEAD' || body === null) reply.end()
    else if (faulty || isStream(response)) await play(body, reply)
    else reply.end(Buffer.from(await response.arrayBuffer()))
  } catch (error) {
    if (error instanceof ConnectionReset) message.socket.resetAndDestroy()
    else if (error instanceof ConnectionCut) message.socket.destroySoon()
    else throw error
  }
}

/** Events are sent one by one as they come, and not all at the end. */
function isStream({ headers }: Response): boolean {
  return headers.get('content-type') === 'text/event-stream'
}

async function play(body: ReadableStream<Uint8Array>, reply: ServerResponse): Promise<void> {
  reply.flushHeaders()
  const reader = body.getReader()
  try {
    for (;;) {
      const { value } = await reader.read()
      if (value === undefined) break
      if (!reply.write(value)) await once(reply, 'drain')
    }
    reply.end()
  } catch (error) {
    await sleep(settle)
    throw error
  }
}

function compressed({ headers, body }: Response): ReadableStream<Uint8Array> | null {
  headers.set('content-encoding', 'gzip')
  headers.delete('content-length')
  if (body === null) return null
  const { readable, writable } = new CompressionStream('gzip')
  // What breaks the body breaks what is read of it as well.
  body.pipeTo(writable as WritableStream<Uint8Array>).catch(() => {})
  return readable
}
