import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientOptions, createClient, hogql, type TypehogClient } from '../../../src/index.ts'
import { failure } from '../../unit/runtime/harness.ts'

// Bodies that end too early, too late or never, or have an unexpected content.

let respond: (reply: ServerResponse) => void = (reply) => reply.end()
let openReplies = 0
const server = createServer((request, reply) => {
  openReplies += 1
  reply.on('close', () => {
    openReplies -= 1
  })
  request.resume().on('end', () => respond(reply))
})
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const client = (options: ClientOptions = {}): TypehogClient =>
  createClient({
    apiKey: 'phx_Secret0123456789abcdef',
    projectId: 1,
    host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    retry: false,
    limits: false,
    ...options,
  })
const flag = 'GET /api/projects/{project_id}/feature_flags/{id}/'
const get = (options?: ClientOptions): Promise<unknown> =>
  client(options)
    .request(flag, { path: { id: 7 } })
    .then()
const contentTypeHeader = (contentType: string): Record<string, string> => ({ 'content-type': contentType })
const json = contentTypeHeader('application/json')
/** Writes the same chunk until the client disconnects. */
const writeForever = (reply: ServerResponse, chunk: string | Buffer): void => {
  const more = (): void => {
    while (!reply.destroyed && reply.write(chunk));
  }
  reply.on('drain', more)
  more()
}
const expectReleased = async (): Promise<void> => expect.poll(() => openReplies).toBe(0)

describe('an error keeps its status', () => {
  it('when its body stalls', async () => {
    respond = (reply) => reply.writeHead(400, json).write('{"detail":"half')
    expect(await failure(get({ timeout: 2_000 }))).toMatchObject({ name: 'BadRequestError', status: 400 })
    await expectReleased()
  })

  it('when the total timeout expires in its body', async () => {
    respond = (reply) => reply.writeHead(400, json).write('{"detail":"half')
    expect(await failure(get({ totalTimeout: 2_000 }))).toMatchObject({
      name: 'BadRequestError',
      status: 400,
    })
    await expectReleased()
  })

  it('when its body never ends, without reading all of it', async () => {
    let written = 0
    respond = (reply) => {
      writeForever(reply.writeHead(500, contentTypeHeader('text/html')), '<p>'.repeat(20_000))
      reply.on('close', () => {
        written = reply.socket?.bytesWritten ?? 0
      })
    }
    expect(await failure(get())).toMatchObject({ name: 'ServerError', status: 500 })
    await expectReleased()
    expect(written).toBeLessThan(20_000_000)
  })

  it('when its body breaks off', async () => {
    respond = (reply) => {
      reply.writeHead(403, { ...json, 'content-length': 1_000 }).write('{"detail":')
      setTimeout(() => reply.destroy(), 50)
    }
    expect(await failure(get())).toMatchObject({ name: 'PermissionError', status: 403 })
  })

  it('when its body decompresses to 200 MB', async () => {
    const compressed = gzipSync(Buffer.alloc(200_000_000, 32), { level: 1 })
    respond = (reply) => reply.writeHead(404, { ...json, 'content-encoding': 'gzip' }).end(compressed)
    const before = process.memoryUsage().rss
    expect(await failure(get())).toMatchObject({ name: 'NotFoundError', status: 404 })
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })

  it('when its body is not gzip despite its header', async () => {
    respond = (reply) => reply.writeHead(404, { ...json, 'content-encoding': 'gzip' }).end('{"detail":"x"}')
    expect(await failure(get())).toMatchObject({ name: 'NotFoundError', status: 404 })
  })

  it("unless the caller aborts, which rejects with the caller's reason", async () => {
    respond = (reply) => reply.writeHead(400, json).write('{"detail":"half')
    const controller = new AbortController()
    const call = client().request(flag, { path: { id: 7 } }, { signal: controller.signal })
    setTimeout(() => controller.abort('enough'), 100)
    await expect(call).rejects.toBe('enough')
    await expectReleased()
  })
})

describe('a response larger than maxResponseBytes', () => {
  const tooLarge = { name: 'ResponseTooLargeError', kind: 'response_too_large', maxBytes: 1_000_000 }
  const limited = { maxResponseBytes: 1_000_000 }

  it.each(['plain', 'gzip'])('is rejected while it arrives, %s', async (encoding) => {
    const body = Buffer.from(JSON.stringify({ id: 7, name: 'n'.repeat(1_000_000) }))
    respond = (reply) =>
      encoding === 'gzip'
        ? reply.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(body))
        : reply.writeHead(200, json).end(body)
    expect(await failure(get(limited))).toMatchObject({ ...tooLarge, operation: flag })
    expect(await get({ maxResponseBytes: body.byteLength })).toMatchObject({ id: 7 })
  })

  it('is rejected when it never ends, and its connection is released', async () => {
    respond = (reply) => {
      reply.writeHead(200, json).write('{"name":"')
      writeForever(reply, 'n'.repeat(50_000))
    }
    expect(await failure(get(limited))).toMatchObject(tooLarge)
    await expectReleased()
  })

  it('is rejected as the response of a query', async () => {
    respond = (reply) => {
      reply.writeHead(200, json).write('{"columns":["a"],"results":[["x"]')
      writeForever(reply, ',["row"]'.repeat(5_000))
    }
    expect(await failure(client(limited).hogql(hogql`select 1`).then())).toMatchObject(tooLarge)
    await expectReleased()
  })

  it.each([0, -1, 1.5, Number.NaN])('cannot be limited to %s bytes', (maxResponseBytes) => {
    expect(() => client({ maxResponseBytes })).toThrow(/maxResponseBytes/)
  })
})

describe('an operation with an object as its response', () => {
  it.each<[string, number, string | Buffer, Record<string, string>]>([
    ['an empty body', 200, '', json],
    ['an empty body of a creation', 201, '', json],
    ['whitespace', 200, '  \n', json],
    [
      'a truncated brotli body',
      200,
      brotliCompressSync(Buffer.from('{"id":7}')).subarray(0, 3),
      { ...json, 'content-encoding': 'br' },
    ],
    ['CSV', 200, 'id,key\n7,x\n', contentTypeHeader('text/csv')],
    ['plain text', 200, 'OK', contentTypeHeader('text/plain')],
    ['YAML', 200, 'id: 7', contentTypeHeader('application/yaml')],
    ['binary data', 200, 'PK\u0003\u0004', contentTypeHeader('application/octet-stream')],
    ['a web page', 200, '<html>', contentTypeHeader('text/html')],
    ['a JSON string', 200, '"OK"', json],
    ['a number as plain text', 200, '7', contentTypeHeader('text/plain')],
    ['null', 200, 'null', json],
  ])('rejects %s', async (_, status, body, headers) => {
    respond = (reply) =>
      reply.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
    expect(await failure(get())).toMatchObject({
      name: 'DecodeError',
      message: expect.stringContaining(flag),
    })
  })

  it.each(['text/plain', 'application/octet-stream', 'text/json', ''])(
    'accepts JSON with the content type "%s"',
    async (contentType) => {
      respond = (reply) => reply.writeHead(200, contentTypeHeader(contentType)).end('{"id":7}')
      expect(await get()).toEqual({ id: 7 })
    },
  )

  it.each([202, 204])('returns undefined after %i', async (status) => {
    respond = (reply) => reply.writeHead(status).end()
    expect(await get()).toBeUndefined()
  })

  it('returns text when the caller requests CSV', async () => {
    respond = (reply) => reply.writeHead(200, contentTypeHeader('text/csv')).end('id,key\n7,x\n')
    const list = client().request('GET /api/projects/{project_id}/persons/', { query: { format: 'csv' } })
    expect(await list).toBe('id,key\n7,x\n')
  })

  it('returns any response undecoded from asResponse', async () => {
    respond = (reply) => reply.writeHead(200, contentTypeHeader('text/csv')).end('id,key\n')
    const response = await client()
      .request(flag, { path: { id: 7 } })
      .asResponse()
    expect(await response.text()).toBe('id,key\n')
  })
})

describe('an operation without an object as its response', () => {
  it('returns undefined for an empty response to a deletion', async () => {
    respond = (reply) => reply.writeHead(200, json).end()
    const route = 'DELETE /api/projects/{project_id}/feature_flags/{id}/'
    expect(await client().request(route, { path: { id: 7 } })).toBeUndefined()
  })

  it('reads any response with get, whatever the path', async () => {
    const path = '/api/projects/{project_id}/feature_flags/new/'
    respond = (reply) => reply.writeHead(200, json).end()
    expect(await client().get(path)).toBeUndefined()
    respond = (reply) => reply.writeHead(200, contentTypeHeader('text/csv')).end('a\n')
    expect(await client().get(path)).toBe('a\n')
  })
})
