import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readBody } from './read-body.ts'
import type { RequestHandler } from './request-handler.ts'
import { sendReply } from './send-reply.ts'
import { foreignSource } from './trusted-source.ts'

/** Where to listen. */
export interface ListenOptions {
  /** Default 0: any free port. */
  readonly port?: number | undefined
  /** Default `127.0.0.1`: this machine only. */
  readonly host?: string | undefined
  /**
   * Host names that requests may name in `Host` and `Origin` beside the loopback names and the address they come in by,
   * such as the name of a container. Others are refused with 403, so that no foreign web page can use the server.
   * Default: none.
   */
  readonly allowedHosts?: readonly string[] | undefined
}

/** A listening server. */
export interface LocalServer {
  /** Such as `http://127.0.0.1:43117`, without a slash at the end. */
  readonly url: string
  /** Stops listening, lets running requests end, and closes connections that are idle or that a fault keeps. */
  close(): Promise<void>
}

/** Serves over HTTP what a front answers. */
export async function listen(
  front: RequestHandler,
  { port = 0, host = '127.0.0.1', allowedHosts = [] }: ListenOptions,
): Promise<LocalServer> {
  const running = new Set<AbortController>()
  let closed: Promise<void> | undefined
  const server = createServer((message, reply) => {
    const hosts = [host, ...allowedHosts]
    respond(front, message, reply, { hosts, running, isClosing: () => closed !== undefined }).catch(
      (error: unknown) => {
        // The connection broke, or the caller sent what is no request: there is nobody left to tell but the socket.
        reply.destroy(error instanceof Error ? error : new Error(String(error)))
      },
    )
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
      closed ??= new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeIdleConnections()
        for (const request of running) request.abort()
      })
      return closed
    },
  }
}

interface ServerState {
  /** Names that requests may be for, beside those of the loopback interface. */
  readonly hosts: readonly string[]
  readonly running: Set<AbortController>
  readonly isClosing: () => boolean
}

async function respond(
  front: RequestHandler,
  message: IncomingMessage,
  reply: ServerResponse,
  { hosts, running, isClosing }: ServerState,
): Promise<void> {
  const url = urlOf(message)
  if (url === undefined) {
    reply.writeHead(400, { 'Content-Type': 'text/plain' })
    reply.end('The address or the Host header of this request cannot be read')
    return
  }
  const { origin } = message.headers
  const site = message.headers['sec-fetch-site']?.toString()
  const foreign = foreignSource({ url, origin, site, localAddress: message.socket.localAddress }, hosts)
  if (foreign !== undefined) {
    reply.writeHead(foreign.status, { 'Content-Type': 'application/json', Connection: 'close' })
    reply.end(JSON.stringify(foreign.body))
    return
  }
  const body = await readBody(message)
  if (body === undefined) {
    // Closing stops the caller from sending the rest.
    reply.writeHead(413, { 'Content-Type': 'text/plain', Connection: 'close' })
    reply.end('Request body is larger than 20 MiB')
    return
  }
  const gone = new AbortController()
  reply.once('close', () => gone.abort())
  running.add(gone)
  try {
    await sendReply(message, reply, () => front(toRequest(message, url, body), gone.signal), isClosing)
  } finally {
    running.delete(gone)
  }
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
