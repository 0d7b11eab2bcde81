import { createHash } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { loadDocument } from '../../../../../src/codegen/schema/load/load-document.ts'
import { type LoadIo, type LoadProgress, nodeLoadIo } from '../../../../../src/codegen/schema/load/load-io.ts'
import { maxDocumentBytes } from '../../../../../src/codegen/schema/load/read-limited.ts'
import { readSource } from '../../../../../src/codegen/schema/load/source-kind.ts'
import { SchemaError } from '../../../../../src/codegen/schema/schema-error.ts'

const valid = JSON.stringify({ openapi: '3.1.0', info: { title: 't', version: '1' }, paths: { '/a/': {} } })
const day = new Date('2026-05-07T10:00:00Z')
const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on an address has one of this form.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function io(parts: Partial<LoadIo> = {}): LoadIo {
  return { ...nodeLoadIo(), now: () => day, ...parts }
}

async function refusal(source: string, parts: Partial<LoadIo> = {}): Promise<SchemaError> {
  const error: unknown = await loadDocument(source, io(parts)).then(
    () => new Error('The document was accepted.'),
    (reason: unknown) => reason,
  )
  if (error instanceof SchemaError) return error
  throw error
}

function fileIo(content: string | Uint8Array, total = content.length): Partial<LoadIo> {
  const chunks = (async function* () {
    yield typeof content === 'string' ? Buffer.from(content) : content
  })()
  return { readFile: async () => ({ total, chunks }) }
}

describe('loadDocument from a host', () => {
  it('asks for the schema as JSON, with the final slash and without a credential', async () => {
    const requests: unknown[] = []
    const host = await serve((request, response) => {
      requests.push([request.method, request.url, request.headers.accept, request.headers.authorization])
      response.end(valid)
    })
    const progress: LoadProgress[] = []
    const loaded = await loadDocument(`${host}/posthog/`, io({ onProgress: (step) => progress.push(step) }))
    expect(requests).toEqual([['GET', '/posthog/api/schema/?format=json', 'application/json', undefined]])
    expect(loaded).toMatchObject({ source: new URL(host).host, bytes: valid.length, retrievedAt: day })
    expect(loaded.sha256).toBe(createHash('sha256').update(valid).digest('hex'))
    expect(progress.at(-1)).toEqual({ bytes: valid.length, total: valid.length })
  })

  it('follows a redirect to another path of the schema', async () => {
    const host = await serve((request, response) => {
      if (request.url === '/moved.json') response.end(valid)
      else response.writeHead(302, { location: '/moved.json' }).end()
    })
    expect((await loadDocument(host, io())).bytes).toBe(valid.length)
  })

  it('refuses a redirect to a login page', async () => {
    const host = await serve((_, response) =>
      response.writeHead(302, { location: '/login?next=/api/schema/' }).end(),
    )
    expect((await refusal(host)).message).toMatch(/login page/)
  })

  it('refuses redirects without an end', async () => {
    const host = await serve((_, response) => response.writeHead(301, { location: '/again.json' }).end())
    expect((await refusal(host)).message).toMatch(/redirects more than 3 times/)
  })

  it.each([
    [404, /ingestion host/],
    [401, /Try again/],
    [503, /Try again/],
  ])('refuses the status %i', async (status, fix) => {
    const host = await serve((_, response) => response.writeHead(status).end('<html>'))
    const error = await refusal(host)
    expect(error.message).toContain(String(status))
    expect(error.fix).toMatch(fix)
  })

  it('refuses an HTML page with status 200', async () => {
    const host = await serve((_, response) => response.end('<html>Sign in</html>'))
    expect((await refusal(host)).message).toMatch(/HTML page/)
  })

  it('refuses a body that breaks off', async () => {
    const host = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write(valid)
      setImmediate(() => response.destroy())
    })
    expect((await refusal(host)).message).toMatch(/broke off/)
  })

  it('refuses a server that stays silent after its headers', async () => {
    const host = await serve((_, response) => {
      response.writeHead(200)
      response.write('{')
    })
    let waits = 0
    const signalAfter = (): AbortSignal => {
      waits += 1
      // The third and later waits are those for chunks of the body.
      return waits < 4
        ? new AbortController().signal
        : AbortSignal.abort(new DOMException('late', 'TimeoutError'))
    }
    expect((await refusal(host, { signalAfter })).message).toMatch(/silent/)
  })

  it('refuses a host that nobody listens on', async () => {
    const host = await serve((_, response) => response.end())
    servers[0]?.close()
    expect((await refusal(host)).message).toMatch(/cannot be reached/)
  })

  it('refuses a document whose announced size is over the cap', async () => {
    const fetch = async (): Promise<Response> =>
      new Response('{}', { headers: { 'content-length': String(maxDocumentBytes + 1) } })
    expect((await refusal('https://us.posthog.com', { fetch })).message).toMatch(/100 MB/)
  })

  it('refuses an answer without a body', async () => {
    const fetch = async (): Promise<Response> => new Response(null, { status: 204 })
    expect((await refusal('https://us.posthog.com', { fetch })).message).toMatch(/without a document/)
  })
})

describe('loadDocument from a file', () => {
  it('names the file without its folder', async () => {
    const loaded = await loadDocument('/some/where/posthog.json', io(fileIo(valid)))
    expect(loaded.source).toBe('posthog.json')
  })

  it('refuses more bytes than the cap, whatever was announced', async () => {
    const chunk = new Uint8Array(1024 * 1024)
    const chunks = (async function* () {
      for (;;) yield chunk
    })()
    const error = await refusal('big.json', { readFile: async () => ({ total: 1, chunks }) })
    expect(error.message).toMatch(/100 MB/)
  })

  it('refuses a missing file and bytes that are no text', async () => {
    expect((await refusal('no/such/file.json')).message).toMatch(/cannot be read/)
    expect((await refusal('file.gz', fileIo(Uint8Array.of(0x1f, 0x8b, 0xff)))).message).toMatch(/not UTF-8/)
  })

  it.each([
    ['a list', '[]', '/', /is an object/],
    ['a text', '"openapi"', 'line 1', /is an object/],
    ['Swagger 2.0', '{"swagger": "2.0", "paths": {}}', '/swagger', /Swagger 2\.0/],
    ['another object', '{"detail": "Not found."}', '/openapi', /no OpenAPI document/],
    ['a future version', '{"openapi": "4.0.0"}', '/openapi', /4\.0\.0/],
    ['a document without paths', '{"openapi": "3.1.0"}', '/paths', /no paths/],
    ['a document with paths that are none', '{"openapi": "3.1.0", "paths": {}}', '/paths', /no path/],
    ['a path that is a list', '{"openapi": "3.1.0", "paths": {"/a/": []}}', '/paths/~1a~1', /object/],
    ['a path without a slash', '{"openapi": "3.1.0", "paths": {"a": {}}}', '/paths/a', /slash/],
    [
      'an operation that is null',
      '{"openapi": "3.1.0", "paths": {"/a/": {"get": null}}}',
      '/paths/~1a~1/get',
      /object/,
    ],
    [
      'a parameter without a name',
      '{"openapi": "3.1.0", "paths": {"/a/": {"get": {"parameters": [{}]}}}}',
      '/paths/~1a~1/get/parameters/0',
      /name/,
    ],
    [
      'a schema that is a number',
      '{"openapi": "3.1.0", "paths": {"/a/": {}}, "components": {"schemas": {"A": {"properties": {"b/c": 1}}}}}',
      '/components/schemas/A/properties/b~1c',
      /schema/,
    ],
    [
      'a union that is an object',
      '{"openapi": "3.1.0", "paths": {"/a/": {}}, "components": {"schemas": {"A": {"anyOf": {}}}}}',
      '/components/schemas/A/anyOf',
      /list/,
    ],
    [
      'a discriminator without a property',
      '{"openapi": "3.1.0", "paths": {"/a/": {}}, "components": {"schemas": {"A": {"discriminator": {}}}}}',
      '/components/schemas/A/discriminator',
      /property/,
    ],
  ])('refuses %s and names the place', async (_, text, place, problem) => {
    const error = await refusal('given.json', fileIo(text))
    expect(error.message).toMatch(problem)
    if (text.startsWith('{') || text.startsWith('[')) expect(error.place).toBe(place)
    expect(error.fix).not.toBe('')
  })
})

describe('readSource', () => {
  it.each([
    ['https://us.posthog.com', 'https://us.posthog.com/api/schema/?format=json', 'us.posthog.com'],
    ['https://x.dev/base/', 'https://x.dev/base/api/schema/?format=json', 'x.dev'],
    ['https://x.dev/specs/openapi.yaml', 'https://x.dev/specs/openapi.yaml', 'x.dev/specs/openapi.yaml'],
    ['https://x.dev/api/schema/', 'https://x.dev/api/schema/', 'x.dev/api/schema/'],
  ])('reads %s', (source, url, name) => {
    const read = readSource(source)
    expect(read).toMatchObject({ kind: 'address', name })
    expect(read.kind === 'address' ? read.url.href : undefined).toBe(url)
  })

  it.each(['a/b.json', 'b.json', 'C:\\a\\b.json', 'file:///a/b.json'])('reads %s as a file', (source) => {
    expect(readSource(source)).toMatchObject({ kind: 'file', name: 'b.json' })
  })

  it.each(['https://user:secret@x.dev', 'ftp://x.dev/a.json', 'https://'])('refuses %s', (source) => {
    expect(() => readSource(source)).toThrow(SchemaError)
  })

  it('keeps credentials out of the message', () => {
    expect(() => readSource('https://user:secret@x.dev')).not.toThrow(/secret/)
  })
})
