import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MAX_BODY_BYTES } from './http/handler.ts'

/** Where to listen. */
export interface ListenOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** Default `127.0.0.1`: this machine only. */
  readonly host?: string
}

/** A listening server. */
export interface LocalServer {
  /** Such as `http://127.0.0.1:43117`, without a slash at the end. */
  readonly url: string
  /** Stops listening, lets running requests end and closes idle connections. */
  close(): Promise<void>
}

/** Serves a handler over HTTP. */
export async function listen(
  handle: (request: Request) => Promise<Response>,
  { port = 0, host = '127.0.0.1' }: ListenOptions,
): Promise<LocalServer> {
  let closing: Promise<void> | undefined
  const server = createServer((message, reply) => {
    respond(handle, message, reply, () => closing !== undefined).catch((error: unknown) => {
      // The connection broke, or the caller sent what is no request: there is nobody left to tell but the socket.
      reply.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  // A TCP server that listens has an address of this form.
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    url: `http://${name}:${address.port}`,
    close: () => {
      closing ??= new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeIdleConnections()
      })
      return closing
    },
  }
}

async function respond(
  handle: (request: Request) => Promise<Response>,
  message: IncomingMessage,
  reply: ServerResponse,
  isClosing: () => boolean,
): Promise<void> {
  const body = await readBody(message)
  if (body === undefined) {
    // Closing stops the caller from sending the rest.
    reply.writeHead(413, { 'Content-Type': 'text/plain', Connection: 'close' })
    reply.end('Request body is larger than 20 MiB')
    return
  }
  const url = urlOf(message)
  if (url === undefined) {
    reply.writeHead(400, { 'Content-Type': 'text/plain' })
    reply.end('The address or the Host header of this request cannot be read')
    return
  }
  const response = await handle(toRequest(message, url, body))
  // A connection that is busy when the server closes must not be kept for another request.
  if (isClosing()) reply.shouldKeepAlive = false
  reply.writeHead(response.status, Object.fromEntries(response.headers))
  reply.end(message.method === 'HEAD' ? undefined : Buffer.from(await response.arrayBuffer()))
}

function toRequest(message: IncomingMessage, url: URL, body: Buffer<ArrayBuffer>): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const method = message.method ?? 'GET'
  // GET with a body cannot be expressed as a Request; the body of a GET is left out.
  const hasBody = body.length > 0 && method !== 'GET' && method !== 'HEAD'
  return new Request(url, { method, headers, ...(hasBody ? { body } : {}) })
}

/** The address of a request: the path it names on the host that it asks. A path may begin with two slashes. */
function urlOf(message: IncomingMessage): URL | undefined {
  const target = message.url ?? '/'
  const text = target.startsWith('/') ? `http://${message.headers.host ?? 'localhost'}${target}` : target
  return URL.canParse(text) ? new URL(text) : undefined
}

/** The whole body; undefined when it is larger than the limit. */
async function readBody(message: IncomingMessage): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    // A request without an encoding set yields buffers.
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}
