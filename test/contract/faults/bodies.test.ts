import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientOptions, createClient, hogql, type TypehogClient } from '../../../src/index.ts'
import { failure } from '../../unit/runtime/harness.ts'

// Bodies that end too early, too late or never, or are something else than the operation answers.

let answer: (reply: ServerResponse) => void = (reply) => reply.end()
let open = 0
const server = createServer((request, reply) => {
  open += 1
  reply.on('close', () => {
    open -= 1
  })
  request.resume().on('end', () => answer(reply))
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
const type = (contentType: string): Record<string, string> => ({ 'content-type': contentType })
const json = type('application/json')
/** Writes the same piece for as long as somebody reads. */
const endless = (reply: ServerResponse, piece: string | Buffer): void => {
  const more = (): void => {
    while (!reply.destroyed && reply.write(piece));
  }
  reply.on('drain', more)
  more()
}
const released = async (): Promise<void> => expect.poll(() => open).toBe(0)

describe('the status of a refusal is kept', () => {
  it('when its body falls silent', async () => {
    answer = (reply) => reply.writeHead(400, json).write('{"detail":"half')
    expect(await failure(get({ timeout: 2_000 }))).toMatchObject({ name: 'BadRequestError', status: 400 })
    await released()
  })

  it('when the total timeout ends in its body', async () => {
    answer = (reply) => reply.writeHead(400, json).write('{"detail":"half')
    expect(await failure(get({ totalTimeout: 2_000 }))).toMatchObject({
      name: 'BadRequestError',
      status: 400,
    })
    await released()
  })

  it('when its body never ends, which is not read to the end', async () => {
    let written = 0
    answer = (reply) => {
      endless(reply.writeHead(500, type('text/html')), '<p>'.repeat(20_000))
      reply.on('close', () => {
        written = reply.socket?.bytesWritten ?? 0
      })
    }
    expect(await failure(get())).toMatchObject({ name: 'ServerError', status: 500 })
    await released()
    expect(written).toBeLessThan(20_000_000)
  })

  it('when its body breaks off', async () => {
    answer = (reply) => {
      reply.writeHead(403, { ...json, 'content-length': 1_000 }).write('{"detail":')
      setTimeout(() => reply.destroy(), 50)
    }
    expect(await failure(get())).toMatchObject({ name: 'PermissionError', status: 403 })
  })

  it('when its body unpacks to 200 MB', async () => {
    const packed = gzipSync(Buffer.alloc(200_000_000, 32), { level: 1 })
    answer = (reply) => reply.writeHead(404, { ...json, 'content-encoding': 'gzip' }).end(packed)
    const before = process.memoryUsage().rss
    expect(await failure(get())).toMatchObject({ name: 'NotFoundError', status: 404 })
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })

  it('when its body is no gzip at all', async () => {
    answer = (reply) => reply.writeHead(404, { ...json, 'content-encoding': 'gzip' }).end('{"detail":"x"}')
    expect(await failure(get())).toMatchObject({ name: 'NotFoundError', status: 404 })
  })

  it("but the caller's abort ends the call with its reason", async () => {
    answer = (reply) => reply.writeHead(400, json).write('{"detail":"half')
    const controller = new AbortController()
    const call = client().request(flag, { path: { id: 7 } }, { signal: controller.signal })
    setTimeout(() => controller.abort('enough'), 100)
    await expect(call).rejects.toBe('enough')
    await released()
  })
})

describe('a response that is larger than maxResponseBytes', () => {
  const tooLarge = { name: 'ResponseTooLargeError', kind: 'response_too_large', maxBytes: 1_000_000 }
  const limited = { maxResponseBytes: 1_000_000 }

  it.each(['plain', 'gzip'])('is refused while it is read, %s', async (encoding) => {
    const body = Buffer.from(JSON.stringify({ id: 7, name: 'n'.repeat(1_000_000) }))
    answer = (reply) =>
      encoding === 'gzip'
        ? reply.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(body))
        : reply.writeHead(200, json).end(body)
    expect(await failure(get(limited))).toMatchObject({ ...tooLarge, operation: flag })
    expect(await get({ maxResponseBytes: body.byteLength })).toMatchObject({ id: 7 })
  })

  it('is refused when it never ends, and its connection is given back', async () => {
    answer = (reply) => {
      reply.writeHead(200, json).write('{"name":"')
      endless(reply, 'n'.repeat(50_000))
    }
    expect(await failure(get(limited))).toMatchObject(tooLarge)
    await released()
  })

  it('is refused as the answer of a query', async () => {
    answer = (reply) => {
      reply.writeHead(200, json).write('{"columns":["a"],"results":[["x"]')
      endless(reply, ',["row"]'.repeat(5_000))
    }
    expect(await failure(client(limited).hogql(hogql`select 1`).then())).toMatchObject(tooLarge)
    await released()
  })

  it.each([0, -1, 1.5, Number.NaN])('rejects the limit %s', (maxResponseBytes) => {
    expect(() => client({ maxResponseBytes })).toThrow(/maxResponseBytes/)
  })
})

describe('an operation that answers an object', () => {
  it.each<[string, number, string | Buffer, Record<string, string>]>([
    ['no byte', 200, '', json],
    ['no byte to a creation', 201, '', json],
    ['blanks', 200, '  \n', json],
    [
      'a brotli stream that breaks off',
      200,
      brotliCompressSync(Buffer.from('{"id":7}')).subarray(0, 3),
      { ...json, 'content-encoding': 'br' },
    ],
    ['CSV', 200, 'id,key\n7,x\n', type('text/csv')],
    ['plain text', 200, 'OK', type('text/plain')],
    ['YAML', 200, 'id: 7', type('application/yaml')],
    ['bytes', 200, 'PK\u0003\u0004', type('application/octet-stream')],
    ['a web page', 200, '<html>', type('text/html')],
    ['a text as JSON', 200, '"OK"', json],
    ['a number as text', 200, '7', type('text/plain')],
    ['null', 200, 'null', json],
  ])('refuses %s', async (_, status, body, headers) => {
    answer = (reply) =>
      reply.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
    expect(await failure(get())).toMatchObject({
      name: 'DecodeError',
      message: expect.stringContaining(flag),
    })
  })

  it.each(['text/plain', 'application/octet-stream', 'text/json', ''])(
    'takes JSON that a proxy calls "%s"',
    async (contentType) => {
      answer = (reply) => reply.writeHead(200, type(contentType)).end('{"id":7}')
      expect(await get()).toEqual({ id: 7 })
    },
  )

  it.each([202, 204])('may be empty after %i', async (status) => {
    answer = (reply) => reply.writeHead(status).end()
    expect(await get()).toBeUndefined()
  })

  it('gives text where the caller asked for CSV', async () => {
    answer = (reply) => reply.writeHead(200, type('text/csv')).end('id,key\n7,x\n')
    const list = client().request('GET /api/projects/{project_id}/persons/', { query: { format: 'csv' } })
    expect(await list).toBe('id,key\n7,x\n')
  })

  it('hands any response out unread', async () => {
    answer = (reply) => reply.writeHead(200, type('text/csv')).end('id,key\n')
    const response = await client()
      .request(flag, { path: { id: 7 } })
      .asResponse()
    expect(await response.text()).toBe('id,key\n')
  })
})

describe('an operation that answers no object', () => {
  it('may be empty when it deletes', async () => {
    answer = (reply) => reply.writeHead(200, json).end()
    const route = 'DELETE /api/projects/{project_id}/feature_flags/{id}/'
    expect(await client().request(route, { path: { id: 7 } })).toBeUndefined()
  })

  it("may be anything when PostHog's schema does not have it", async () => {
    // What a newer PostHog has besides.
    const route =
      'GET /api/projects/{project_id}/feature_flags/new/' as 'GET /api/projects/{project_id}/feature_flags/'
    answer = (reply) => reply.writeHead(200, json).end()
    expect(await client().request(route)).toBeUndefined()
    answer = (reply) => reply.writeHead(200, type('text/csv')).end('a\n')
    expect(await client().request(route)).toBe('a\n')
  })
})
