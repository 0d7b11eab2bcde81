import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createPlatform } from '../../../../src/runtime/platform.ts'
import { key } from '../../fake-server.ts'
import { failure, sender } from '../harness.ts'

let servers: Server[] = []

afterEach(async () => {
  await Promise.all(
    servers.map((server) => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    }),
  )
  servers = []
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A client in real time with very short waits between attempts. */
const client = (host: string, options = {}): ReturnType<typeof sender> =>
  sender(createPlatform({ env: {} }), { host, retry: { initialDelay: 1, maxDelay: 1 }, ...options })

describe('over real connections', () => {
  it('retries a read after a reset during the body', async () => {
    let calls = 0
    const host = await serve((_, response) => {
      calls += 1
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      if (calls > 1) return response.end(`{"a":${'1'.repeat(94)}}`)
      response.write('{"a":')
      setImmediate(() => response.destroy())
      return undefined
    })
    expect((await (await client(host)()).text()).length).toBe(100)
    expect(calls).toBe(2)
  })

  it('does not retry a write after a reset during the body', async () => {
    let calls = 0
    const host = await serve((_, response) => {
      calls += 1
      response.writeHead(200, { 'content-length': '100' })
      response.write('{')
      setImmediate(() => response.destroy())
    })
    const error = await failure(client(host)({ method: 'POST', content: '{}' }))
    expect(error).toMatchObject({ name: 'ConnectionError', unsent: false })
    expect(calls).toBe(1)
  })

  it('does not retry a write after a reset before the response', async () => {
    let calls = 0
    const host = await serve((request) => {
      calls += 1
      request.socket.destroy()
    })
    expect(await failure(client(host)({ method: 'DELETE' }))).toMatchObject({ name: 'ConnectionError' })
    expect(calls).toBe(1)
  })

  it('times out an attempt whose headers stall', async () => {
    const host = await serve(() => {})
    const error = await failure(client(host, { timeout: 40, retry: false })())
    expect(error).toMatchObject({ name: 'AttemptTimeoutError', phase: 'attempt', ms: 40 })
  })

  it('times out a stalled body', async () => {
    const host = await serve((_, response) => {
      response.write('{"a":')
    })
    const error = await failure(client(host, { idleTimeout: 40, retry: false })())
    expect(error).toMatchObject({ name: 'IdleTimeoutError', phase: 'idle' })
  })

  it('closes the connection after a timeout', async () => {
    let onClose = (): void => {}
    const closed = new Promise<void>((resolve) => {
      onClose = resolve
    })
    const host = await serve((_, response) => {
      response.on('close', onClose)
      response.write('{"a":')
    })
    await failure(client(host, { timeout: 40, retry: false })())
    await expect(closed).resolves.toBeUndefined()
  })

  it('detects a truncated body', async () => {
    const host = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '50' })
      response.write('{}')
      response.socket?.end()
    })
    expect(await failure(client(host)({ maxAttempts: 1 }))).toMatchObject({ name: 'ConnectionError' })
  })

  it('reads compressed bodies', async () => {
    const host = await serve((_, response) => {
      const bytes = gzipSync('{"a":1}')
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bytes.length })
      response.end(bytes)
    })
    expect(await (await client(host)()).json()).toEqual({ a: 1 })
  })

  it('reads HEAD responses with a content length and no body', async () => {
    const host = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '50' })
      response.end()
    })
    expect(await (await client(host)({ method: 'HEAD' })).text()).toBe('')
  })

  it("throws a clear error for a proxy's HTML", async () => {
    const host = await serve((_, response) => {
      response.writeHead(502, { 'content-type': 'text/html' })
      response.end('<html><h1>Bad Gateway</h1></html>')
    })
    const error = await failure(client(host)())
    expect(error).toMatchObject({ name: 'ServerError', status: 502 })
    expect(error['attempts']).toHaveLength(3)
    expect(error.message).toContain('text/html')
    expect(error.message).not.toContain('Bad Gateway')
  })

  it('follows a redirect of a GET within the origin, with the key', async () => {
    const seen: unknown[] = []
    const host = await serve((request, response) => {
      seen.push([request.url, request.headers.authorization])
      if (request.url !== '/end') response.writeHead(302, { location: '/end' })
      response.end()
    })
    await client(host)()
    expect(seen).toEqual([
      ['/api/things/', `Bearer ${key}`],
      ['/end', `Bearer ${key}`],
    ])
  })

  it.each(['GET', 'POST'])('does not follow a redirect of a %s to another origin', async (method) => {
    let reached = 0
    const other = await serve((_, response) => {
      reached += 1
      response.end()
    })
    const host = await serve((_, response) => {
      response.writeHead(307, { location: `${other}/steal` })
      response.end()
    })
    const error = await failure(client(host)({ method, ...(method === 'POST' ? { content: '{}' } : {}) }))
    expect(error).toMatchObject({ name: 'ConfigurationError' })
    expect(error.message).toContain(other)
    expect(reached).toBe(0)
  })

  it('does not follow a redirect of a POST within the origin', async () => {
    let calls = 0
    const host = await serve((_, response) => {
      calls += 1
      response.writeHead(307, { location: '/elsewhere' })
      response.end()
    })
    await failure(client(host)({ method: 'POST', content: '{}' }))
    expect(calls).toBe(1)
  })

  it('aborts during the body, and closes the connection', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    let onClose = (): void => {}
    const closed = new Promise<void>((resolve) => {
      onClose = resolve
    })
    const host = await serve((_, response) => {
      response.on('close', onClose)
      response.write('{"a":')
      setImmediate(() => controller.abort(reason))
    })
    await expect(client(host)({ signal: controller.signal })).rejects.toBe(reason)
    await expect(closed).resolves.toBeUndefined()
  })

  it('retries a write after a refused connection', async () => {
    const host = await serve((_, response) => response.end('{}'))
    const closedUrl = await serve(() => {})
    const closedServer = servers.pop()
    await new Promise((resolve) => closedServer?.close(resolve))
    let calls = 0
    const platform = createPlatform({
      env: {},
      fetch: (url, init) => {
        calls += 1
        return fetch(calls === 1 ? closedUrl : url, init)
      },
    })
    const send = sender(platform, { host, retry: { initialDelay: 1, maxDelay: 1 } })
    expect((await send({ method: 'POST', content: '{}' })).status).toBe(200)
    expect(calls).toBe(2)
  })

  it('leaves no timer behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const host = await serve((_, response) => response.end('{}'))
    const send = client(host)
    await send()
    const before = timers()
    await Promise.all([send(), send(), send()])
    expect(timers()).toBeLessThanOrEqual(before)
  })
})
