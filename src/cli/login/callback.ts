import { timingSafeEqual } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A listener for the browser's return from the login page. */
export interface CallbackListener {
  readonly redirectUri: string
  /** The query of the first request with the right `state`. Never rejects. */
  readonly query: Promise<URLSearchParams>
  close(): Promise<void>
}

const path = '/callback'

/**
 * Listens on a free port of 127.0.0.1 (RFC 8252, 7.3) for one return from the login page. Requests with another `state`
 * get 400: any page of the browser can send them.
 */
export async function listenForCallback(state: string): Promise<CallbackListener> {
  let settle: (query: URLSearchParams) => void = () => {}
  let isUsed = false
  const query = new Promise<URLSearchParams>((resolve) => {
    settle = resolve
  })
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', origin)
    // A name that resolves to 127.0.0.1 would make this page part of a foreign origin.
    if (request.headers.host !== new URL(origin).host || url.pathname !== path || request.method !== 'GET') {
      return respond(response, 404, 'There is no such page.')
    }
    if (!hasState(url.searchParams, state)) {
      return respond(response, 400, 'This is not the login that the terminal waits for.')
    }
    if (isUsed) return respond(response, 400, 'This login has been used already.')
    isUsed = true
    response.once('close', () => settle(url.searchParams))
    if (url.searchParams.has('code')) {
      return respond(response, 200, 'Typehog has received the login. You can close this page.')
    }
    return respond(response, 400, 'The login was not completed. You can close this page.')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  // A listening TCP server has an AddressInfo.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    redirectUri: `${origin}${path}`,
    query,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Whether a query has the expected state. Takes equally long for any wrong one. */
export function hasState(query: URLSearchParams, expected: string): boolean {
  const given = Buffer.from(query.get('state') ?? '')
  const wanted = Buffer.from(expected)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** Responds with a page of one sentence. The URL of the page has the code, so nothing may load or store it. */
function respond(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end(
    `<!doctype html><html lang="en"><head><title>Typehog</title></head><body><p>${sentence}</p></body></html>\n`,
  )
}
