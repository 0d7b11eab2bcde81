import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LoadOptions } from '../../../../../src/codegen/schema/load/load-document.ts'
import { SchemaError } from '../../../../../src/codegen/schema/schema-error.ts'
import { renderLock } from '../../../../../src/codegen/schema/snapshot/lock-file.ts'
import { pullSchema, renderPull } from '../../../../../src/codegen/schema/snapshot/pull-schema.ts'
import { readSnapshot } from '../../../../../src/codegen/schema/snapshot/read-snapshot.ts'

const options: LoadOptions = {
  download: () => Promise.reject(new Error('A file must not be downloaded.')),
  now: () => new Date('2026-05-07T23:59:59Z'),
}
const raw = {
  openapi: '3.0.3',
  info: { title: 'Vendor', version: '1', description: 'prose' },
  paths: {
    '/api/projects/{project_id}/things/': { get: { operationId: 'list_2', responses: { '200': {} } } },
  },
}
const overlay = `overlay: 1.0.0
info: { title: T, version: 1.0.0 }
actions:
  - target: $.paths[*].get
    update: { x-typehog-throttle: default }
    x-reason: r
    x-source: s
`

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typehog-pull-'))
  await mkdir(join(folder, 'overlay'))
  await writeFile(join(folder, 'overlay', 'throttle.yaml'), overlay)
  await writeFile(join(folder, 'raw.json'), JSON.stringify(raw))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const content = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')

describe('pullSchema', () => {
  it('writes the normalized document without overlays, and a lock without local paths', async () => {
    const report = await pullSchema(join(folder, 'raw.json'), folder, options)
    expect(await content('posthog.json')).not.toMatch(/prose|throttle/)
    const lock: unknown = JSON.parse(await content('lock.json'))
    expect(lock).toEqual(report.lock)
    expect(lock).toMatchObject({
      source: 'raw.json',
      day: '2026-05-07',
      bytes: JSON.stringify(raw).length,
      snapshot: { paths: 1, operations: 1, schemas: 0 },
      rules: { 'name-operations': 1, 'upgrade-to-3-1': 1 },
    })
    expect(await content('lock.json')).not.toContain(folder)
    expect(renderPull(report)).toContain('1 paths, 1 operations, 0 schemas')
  })

  it('is deterministic and preserves the generation record', async () => {
    await pullSchema(join(folder, 'raw.json'), folder, options)
    const first = await content('posthog.json')
    const lock: unknown = JSON.parse(await content('lock.json'))
    await writeFile(
      join(folder, 'lock.json'),
      JSON.stringify({ ...Object(lock), generator: { version: '1', output: 'abc' } }),
    )
    await pullSchema(join(folder, 'raw.json'), folder, options)
    expect(await content('posthog.json')).toBe(first)
    expect(JSON.parse(await content('lock.json'))).toMatchObject({
      generator: { version: '1', output: 'abc' },
    })
  })

  it.each([
    [
      'the source is truncated',
      async (): Promise<void> => writeFile(join(folder, 'raw.json'), JSON.stringify(raw).slice(0, -9)),
    ],
    [
      'a reference has no target',
      async (): Promise<void> =>
        writeFile(
          join(folder, 'raw.json'),
          JSON.stringify({ ...raw, components: { schemas: { A: { $ref: '#/components/schemas/B' } } } }),
        ),
    ],
    [
      'an overlay no longer matches',
      async (): Promise<void> =>
        writeFile(
          join(folder, 'overlay', 'throttle.yaml'),
          overlay.replace('paths[*].get', 'paths[*].trace'),
        ),
    ],
  ])('leaves both files unchanged when %s', async (_, breakIt) => {
    await pullSchema(join(folder, 'raw.json'), folder, options)
    const before = [await content('posthog.json'), await content('lock.json')]
    await breakIt()
    await expect(pullSchema(join(folder, 'raw.json'), folder, options)).rejects.toThrow(SchemaError)
    expect([await content('posthog.json'), await content('lock.json')]).toEqual(before)
    expect((await readdir(folder)).sort()).toEqual(['lock.json', 'overlay', 'posthog.json', 'raw.json'])
  })
})

describe('readSnapshot', () => {
  it('reads the snapshot with its overlays applied', async () => {
    await pullSchema(join(folder, 'raw.json'), folder, options)
    const { document, overlays } = await readSnapshot(folder)
    expect(document.paths['/api/projects/{project_id}/things/']?.get?.['x-typehog-throttle']).toBe('default')
    expect(overlays).toEqual([{ overlay: 'throttle.yaml', actions: 1, nodes: 1 }])
  })
})

describe('renderLock', () => {
  const lock = {
    source: 's',
    day: 'd',
    bytes: 1,
    sha256: 'h',
    snapshot: { sha256: 'h', bytes: 1, paths: 1, operations: 1, schemas: 1 },
    overlays: {},
    rules: {},
  }

  it.each([undefined, '', '<<<<<<< HEAD', '[]', 'null', '{"source":"old"}'])(
    'ignores the previous lock %j',
    (previous) => {
      expect(JSON.parse(renderLock(lock, previous))).toEqual(lock)
    },
  )
})
