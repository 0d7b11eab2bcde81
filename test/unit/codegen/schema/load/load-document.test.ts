import { createHash } from 'node:crypto'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDocumentSource } from '../../../../../src/codegen/schema/load/document-source.ts'
import {
  type LoadOptions,
  loadDocument,
  maxDocumentBytes,
} from '../../../../../src/codegen/schema/load/load-document.ts'
import { SchemaError } from '../../../../../src/codegen/schema/schema-error.ts'

const valid = JSON.stringify({ openapi: '3.1.0', info: { title: 't', version: '1' }, paths: { '/a/': {} } })
const day = new Date('2026-05-07T10:00:00Z')

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typehog-load-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const noDownload: LoadOptions = {
  download: async () => {
    throw new Error('A file must not be downloaded.')
  },
  now: () => day,
}

async function fileOf(content: string | Uint8Array, name = 'given.json'): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function rejection(source: string, options: LoadOptions = noDownload): Promise<SchemaError> {
  const error: unknown = await loadDocument(source, options).then(
    () => new Error('The document was accepted.'),
    (reason: unknown) => reason,
  )
  if (error instanceof SchemaError) return error
  throw error
}

describe('loadDocument from a host', () => {
  it('downloads the schema as JSON from the path with a trailing slash', async () => {
    const downloads: unknown[] = []
    const download: LoadOptions['download'] = async (url, source) => {
      downloads.push([url.href, source])
      return Buffer.from(valid)
    }
    const loaded = await loadDocument('https://ph.dev/posthog/', { download, now: () => day })
    expect(downloads).toEqual([['https://ph.dev/posthog/api/schema/?format=json', 'ph.dev']])
    expect(loaded).toMatchObject({ source: 'ph.dev', bytes: valid.length, retrievedAt: day })
    expect(loaded.sha256).toBe(createHash('sha256').update(valid).digest('hex'))
  })

  it('rejects an HTML page with status 200', async () => {
    const download = async (): Promise<Uint8Array> => Buffer.from('<html>Sign in</html>')
    expect((await rejection('https://ph.dev', { download })).message).toMatch(/HTML page/)
  })

  it('passes an error of the download on', async () => {
    const error = new SchemaError({ source: 'ph.dev', problem: 'No.', fix: 'None.' })
    const download = (): Promise<Uint8Array> => Promise.reject(error)
    expect(await rejection('https://ph.dev', { download })).toBe(error)
  })
})

describe('loadDocument from a file', () => {
  it('names the file without its folder', async () => {
    const loaded = await loadDocument(await fileOf(valid, 'posthog.json'), noDownload)
    expect(loaded.source).toBe('posthog.json')
  })

  it('rejects a file with more bytes than the limit', async () => {
    const path = await fileOf('', 'big.json')
    await truncate(path, maxDocumentBytes + 10)
    expect((await rejection(path)).message).toMatch(/100 MB/)
  })

  it('rejects a missing file and bytes that are not text', async () => {
    expect((await rejection('no/such/file.json')).message).toMatch(/cannot be read/)
    const archive = await fileOf(Uint8Array.of(0x1f, 0x8b, 0xff), 'file.gz')
    expect((await rejection(archive)).message).toMatch(/not UTF-8/)
  })

  it.each([
    ['a list', '[]', '/', /to be an object/],
    ['a string', '"openapi"', '/', /to be an object/],
    ['Swagger 2.0', '{"swagger": "2.0", "paths": {}}', '/swagger', /Swagger 2\.0/],
    ['another object', '{"detail": "Not found."}', '/openapi', /no `openapi` version/],
    ['a future version', '{"openapi": "4.0.0"}', '/openapi', /4\.0\.0/],
    ['a document without paths', '{"openapi": "3.1.0"}', '/paths', /Expected `paths`/],
    ['a document with empty paths', '{"openapi": "3.1.0", "paths": {}}', '/paths', /no paths/],
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
  ])('rejects %s and names the place', async (_, text, place, problem) => {
    const error = await rejection(await fileOf(text))
    expect(error.message).toMatch(problem)
    expect(error.place).toBe(place)
    expect(error.fix).not.toBe('')
  })
})

describe('readDocumentSource', () => {
  it.each([
    ['https://us.posthog.com', 'https://us.posthog.com/api/schema/?format=json', 'us.posthog.com'],
    ['https://x.dev/base/', 'https://x.dev/base/api/schema/?format=json', 'x.dev'],
    ['https://x.dev/specs/openapi.yaml', 'https://x.dev/specs/openapi.yaml', 'x.dev/specs/openapi.yaml'],
    ['https://x.dev/api/schema/', 'https://x.dev/api/schema/', 'x.dev/api/schema/'],
  ])('reads %s', (source, url, name) => {
    const read = readDocumentSource(source)
    expect(read).toMatchObject({ kind: 'url', name })
    expect(read.kind === 'url' ? read.url.href : undefined).toBe(url)
  })

  it.each(['a/b.json', 'b.json', 'C:\\a\\b.json', 'file:///a/b.json'])('reads %s as a file', (source) => {
    expect(readDocumentSource(source)).toMatchObject({ kind: 'file', name: 'b.json' })
  })

  it.each(['https://user:secret@x.dev', 'ftp://x.dev/a.json', 'https://'])('rejects %s', (source) => {
    expect(() => readDocumentSource(source)).toThrow(SchemaError)
  })

  it('keeps credentials out of the message', () => {
    expect(() => readDocumentSource('https://user:secret@x.dev')).not.toThrow(/secret/)
  })
})
