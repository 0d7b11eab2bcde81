import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A proxy on 127.0.0.1 that counts requests. */
export interface CountingProxy extends AsyncDisposable {
  readonly url: string
  counts(): { readonly total: number; readonly mostAtOnce: number }
}

/** Starts a proxy that forwards requests to a local PostHog. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  let open = 0
  let total = 0
  let mostAtOnce = 0
  const server = createServer(async (request, response) => {
    open += 1
    total += 1
    mostAtOnce = Math.max(mostAtOnce, open)
    const { method = 'GET', url = '', headers } = request
    const forwarded = await fetch(target + url, {
      method,
      headers: { authorization: headers.authorization ?? '', 'content-type': 'application/json' },
      body: await text(request),
    })
    const body = await forwarded.text()
    open -= 1
    response.writeHead(forwarded.status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    counts: () => ({ total, mostAtOnce }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
