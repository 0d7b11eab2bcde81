import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { foreignRequestError } from './foreign-requests.ts'
import type { RequestHandler } from './request-handler.ts'
import { MAX_BODY_BYTES } from './route.ts'
import { sendReply } from './send-reply.ts'

/** Options of `listen`. */
export interface ListenOptions {
  /** Port. Default: 0, any free port. */
  readonly port?: number | undefined
  /** Host. Default: `127.0.0.1`, this machine only. */
  readonly host?: string | undefined
  /**
   * Host names to accept in `Host` and `Origin`, such as the name of a container. Loopback names and the local address
   * of the connection are always accepted. Other hosts get 403, so no foreign web page can use the server.
   * Default: none.
   */
  readonly allowedHosts?: readonly string[] | undefined
  /**
   * Whether browsers get a page at `/`: endpoints and SQL to run, requests and executions. The page contains the keys,
   * so the host must be a loopback address. Default: false.
   */
  readonly page?: boolean | undefined
}

/** A listening server. */
export interface LocalServer {
  /** Base URL such as `http://127.0.0.1:43117`, without a trailing slash. */
  readonly url: string
  /** Stops listening, waits for running requests, and closes connections that are idle or stalled by a fault. */
  close(): Promise<void>
}

/** Serves a request handler over HTTP. */
export async function listen(
  handle: RequestHandler,
  { port = 0, host = '127.0.0.1', allowedHosts = [] }: ListenOptions,
): Promise<LocalServer> {
  const running = new Set<AbortController>()
  let closed: Promise<void> | undefined
  const server = createServer((incoming, outgoing) => {
    const hosts = [host, ...allowedHosts]
    respond(handle, incoming, outgoing, { hosts, running, isClosing: () => closed !== undefined }).catch(
      (error: unknown) => {
        // The connection broke, or the request is malformed: only the socket is left to close.
        outgoing.destroy(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  // A listening TCP server has an address of this type.
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

interface Listener {
  /** Accepted hosts, in addition to those of the loopback interface. */
  readonly hosts: readonly string[]
  readonly running: Set<AbortController>
  readonly isClosing: () => boolean
}

async function respond(
  handle: RequestHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { hosts, running, isClosing }: Listener,
): Promise<void> {
  const url = requestUrl(incoming)
  if (url === undefined) {
    outgoing.writeHead(400, { 'Content-Type': 'text/plain' })
    outgoing.end('The request target or the Host header is not a valid URL')
    return
  }
  const { origin } = incoming.headers
  const site = incoming.headers['sec-fetch-site']?.toString()
  const { localAddress } = incoming.socket
  const foreign = foreignRequestError({ url, origin, site, localAddress }, hosts)
  if (foreign !== undefined) {
    outgoing.writeHead(foreign.status, { 'Content-Type': 'application/json', Connection: 'close' })
    outgoing.end(JSON.stringify(foreign.body))
    return
  }
  const body = await readBody(incoming)
  if (body === undefined) {
    // Closing the connection stops the client from sending the rest.
    outgoing.writeHead(413, { 'Content-Type': 'text/plain', Connection: 'close' })
    outgoing.end('Request body is larger than 20 MiB')
    return
  }
  const disconnected = new AbortController()
  outgoing.once('close', () => disconnected.abort())
  running.add(disconnected)
  try {
    const request = toRequest(incoming, url, body)
    await sendReply(incoming, outgoing, () => handle(request, disconnected.signal), isClosing)
  } finally {
    running.delete(disconnected)
  }
}

/** Reads the body. Undefined when it is too large. */
async function readBody(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming) {
    // Without an encoding set, a message yields buffers.
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function toRequest(incoming: IncomingMessage, url: URL, body: Buffer<ArrayBuffer>): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const method = incoming.method ?? 'GET'
  // A Request cannot have a body with GET, so the body is dropped.
  const hasBody = body.length > 0 && method !== 'GET' && method !== 'HEAD'
  return new Request(url, { method, headers, ...(hasBody ? { body } : {}) })
}

/** The URL of a request: its target on the host of its `Host` header. A path may start with two slashes. */
function requestUrl(incoming: IncomingMessage): URL | undefined {
  const target = incoming.url ?? '/'
  const text = target.startsWith('/') ? `http://${incoming.headers.host ?? 'localhost'}${target}` : target
  return URL.canParse(text) ? new URL(text) : undefined
}
