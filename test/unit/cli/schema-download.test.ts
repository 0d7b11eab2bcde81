import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createDownload, type DownloadOptions } from '../../../src/cli/schema/download.ts'
import { maxDocumentBytes } from '../../../src/codegen/schema/load/load-document.ts'
import { SchemaError } from '../../../src/codegen/schema/schema-error.ts'
import { createPlatform } from '../../../src/runtime/platform.ts'

const text = '{"openapi":"3.1.0"}'
const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a host has an address of this type.
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/schema/`)
}

async function download(url: URL, options: DownloadOptions = {}): Promise<string> {
  return new TextDecoder().decode(await createDownload(options)(url, 'the source'))
}

async function rejection(url: URL, options: DownloadOptions = {}): Promise<SchemaError> {
  const error: unknown = await download(url, options).then(
    () => new Error('The download succeeded.'),
    (reason: unknown) => reason,
  )
  if (error instanceof SchemaError) return error
  throw error
}

const responding = (response: Response): DownloadOptions => ({
  platform: createPlatform({ fetch: async () => response }),
})

const anywhere = new URL('https://us.posthog.com/api/schema/')

describe('createDownload', () => {
  it('requests JSON without a credential', async () => {
    const requests: unknown[] = []
    const url = await serve((request, response) => {
      requests.push([request.method, request.url, request.headers.accept, request.headers.authorization])
      response.end(text)
    })
    url.search = '?format=json'
    expect(await download(url)).toBe(text)
    expect(requests).toEqual([['GET', '/api/schema/?format=json', 'application/json', undefined]])
  })

  it('follows a redirect', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/moved.json') response.end(text)
      else response.writeHead(302, { location: '/moved.json' }).end()
    })
    expect(await download(url)).toBe(text)
  })

  it('rejects a redirect to a login page', async () => {
    const url = await serve((_, response) =>
      response.writeHead(302, { location: '/login?next=/api/schema/' }).end(),
    )
    expect((await rejection(url)).message).toMatch(/login page .*\/login\)/)
  })

  it('rejects endless redirects', async () => {
    const url = await serve((_, response) => response.writeHead(301, { location: '/again.json' }).end())
    expect((await rejection(url)).message).toMatch(/redirects more than 3 times/)
  })

  it.each([
    [404, /ingestion host/],
    [401, /Try again/],
    [503, /Try again/],
  ])('rejects the status %i and names the fix', async (status, fix) => {
    const url = await serve((_, response) => response.writeHead(status).end('<html>'))
    const error = await rejection(url)
    expect(error.message).toContain(`the source: The server returned ${status}.`)
    expect(error.fix).toMatch(fix)
  })

  it('rejects a truncated body', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write(text)
      setImmediate(() => response.destroy())
    })
    expect((await rejection(url)).message).toMatch(/closed before the document was complete/)
  })

  it('rejects a server that stops sending the body', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200)
      response.write('{')
    })
    const delays: number[] = []
    const timer = (ms: number, callback: () => void): (() => void) => {
      delays.push(ms)
      // The first two timers are for the whole download and the headers.
      if (delays.length > 3) setImmediate(callback)
      return () => {}
    }
    const error = await rejection(url, { platform: createPlatform({ timer }) })
    expect(error.message).toMatch(/sent nothing for 60 s/)
    expect(delays.slice(0, 4)).toEqual([300_000, 60_000, 60_000, 60_000])
  })

  it('rejects a download that takes too long', async () => {
    const url = await serve(() => {})
    const timer = (ms: number, callback: () => void): (() => void) => {
      if (ms === 300_000) setImmediate(callback)
      return () => {}
    }
    const error = await rejection(url, { platform: createPlatform({ timer }) })
    expect(error.message).toMatch(/took longer than 300 s/)
  })

  it("throws the caller's abort reason", async () => {
    const user = new AbortController()
    const url = await serve(() => user.abort(new RangeError('The user pressed Ctrl-C.')))
    await expect(download(url, { signal: user.signal })).rejects.toThrow(RangeError)
  })

  it('rejects a host that cannot be reached', async () => {
    const url = await serve((_, response) => response.end())
    servers[0]?.close()
    expect((await rejection(url)).message).toContain(`${url.origin} cannot be reached`)
  })

  it('rejects a body whose announced size is over the limit', async () => {
    const headers = { 'content-length': String(maxDocumentBytes + 1) }
    expect((await rejection(anywhere, responding(new Response('{}', { headers })))).message).toMatch(/100 MB/)
  })

  it('rejects a body whose real size is over the limit', async () => {
    const chunk = new Uint8Array(1024 * 1024)
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })
    expect((await rejection(anywhere, responding(new Response(body)))).message).toMatch(/100 MB/)
  })

  it('rejects a response without a body', async () => {
    const response = new Response(null, { status: 204 })
    expect((await rejection(anywhere, responding(response))).message).toMatch(/204 without a document/)
  })
})
