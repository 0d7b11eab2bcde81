import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** The response to a query. */
interface Stored {
  readonly status: number
  readonly body: Buffer
}

/**
 * Serves a local PostHog so that each query takes the same time. The first request of a query is computed, and the same
 * query later is answered from memory: the local PostHog computes one query at a time, and PostHog several.
 *
 * @returns its URL
 */
export async function serveSteadily(local: string, delayMs: number): Promise<string> {
  const stored = new Map<string, Stored>()
  const server = createServer(async (request, response) => {
    const wait = new Promise((resolve) => setTimeout(resolve, delayMs))
    const sent = await text(request)
    const key = `${request.method} ${request.url} ${sent.replace(/"client_query_id":"[^"]*"/, '')}`
    const known = stored.get(key)
    const { status, body } =
      known ?? (await forward(`${local}${request.url}`, request.method, request.headers, sent))
    if (known === undefined && status === 200) stored.set(key, { status, body })
    await wait
    if (response.destroyed) return
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has such an address.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function forward(
  url: string,
  method = 'GET',
  { authorization = '' }: IncomingHttpHeaders,
  sent: string,
): Promise<Stored> {
  const headers = { authorization, 'content-type': 'application/json' }
  const response = await fetch(url, { method, headers, ...(sent === '' ? {} : { body: sent }) })
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) }
}
