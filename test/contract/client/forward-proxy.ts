import { createServer, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** A forward proxy on 127.0.0.1. */
export interface ForwardProxy extends AsyncDisposable {
  readonly url: string
  /** Each request to the proxy: its method, its target and the credentials for the proxy. */
  readonly requests: readonly (readonly [method: string, target: string, credentials: string])[]
}

/** Starts a proxy that tunnels CONNECT, and forwards requests with an absolute URL. It refuses with a status, if given. */
export async function startForwardProxy(refuseWith?: number): Promise<ForwardProxy> {
  const requests: (readonly [string, string, string])[] = []
  const record = ({ method = '', url = '', headers }: IncomingMessage): void => {
    requests.push([method, url, headers['proxy-authorization'] ?? ''])
  }
  const server = createServer((message, response) => {
    record(message)
    if (refuseWith !== undefined) {
      response.writeHead(refuseWith).end()
      return
    }
    const { method, headers, url = '' } = message
    const forwarded = request(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    message.pipe(forwarded)
  })
  server.on('connect', (message: IncomingMessage, client: Socket) => {
    record(message)
    client.on('error', () => {})
    if (refuseWith !== undefined) {
      client.end(`HTTP/1.1 ${refuseWith} Refused\r\n\r\n`)
      return
    }
    const [host, port] = (message.url ?? '').split(':')
    const target = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      target.pipe(client).pipe(target)
    })
    target.on('error', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
