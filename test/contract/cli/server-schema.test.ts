import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { version } from '../../../src/client/version.ts'
import { type OpenApiDocument, operationsOf } from '../../../src/codegen/schema/document.ts'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
/** The snapshot, as a server's own document. */
let server: OpenApiDocument

const report = {
  type: 'object',
  required: ['id', 'title'],
  properties: { id: { type: 'integer' }, title: { type: 'string' } },
}
const reports = {
  get: {
    operationId: 'reports_list',
    parameters: [
      { in: 'path', name: 'project_id', required: true, schema: { type: 'string' } },
      { in: 'query', name: 'limit', schema: { type: 'integer' } },
      { in: 'query', name: 'offset', schema: { type: 'integer' } },
    ],
    responses: {
      200: {
        description: '',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['count', 'results'],
              properties: {
                count: { type: 'integer' },
                next: { type: ['string', 'null'] },
                previous: { type: ['string', 'null'] },
                results: { type: 'array', items: { $ref: '#/components/schemas/Report' } },
              },
            },
          },
        },
      },
    },
  },
}

const reportsPath = '/api/projects/{project_id}/reports_beyond/'

/** Writes a document of a server with reports, and with other changes. */
async function writeServer(
  name: string,
  change: (document: OpenApiDocument) => void = () => {},
): Promise<void> {
  const document = structuredClone(server)
  // As PostHog writes it: a path item and a component of OpenAPI.
  Object.assign(document.paths, { [reportsPath]: structuredClone(reports) })
  Object.assign(document.components?.schemas ?? {}, { Report: structuredClone(report) })
  change(document)
  await writeFile(join(harness.folder, name), JSON.stringify(document))
}

beforeAll(async () => {
  harness = await startCliHarness()
  server = JSON.parse(await readFile('openapi/posthog.json', 'utf8'))
  await writeServer('server.json')
})

afterAll(() => harness[Symbol.asyncDispose]())

const read = (name: string): Promise<string> => readFile(join(harness.folder, name), 'utf8')

// Each command applies all overlays to the whole schema twice: seconds of work.
const timeout = 240_000

describe('schema pull', { timeout }, () => {
  it('writes the operations that the snapshot lacks, and a lock', async () => {
    const { code, out, err } = await harness.run(['schema', 'pull', 'server.json'])
    expect(err).toBe('Loading server.json\n')
    expect(code).toBe(0)
    expect(out).toContain('1 of them absent')
    const module = await read('posthog.schema.ts')
    expect(module).toContain(
      "declare module 'typehog' {\n  interface ServerOperations {\n    'GET /api/projects/",
    )
    expect(module.match(/readonly input: /g)).toHaveLength(1)
    expect(module).toContain(`'GET ${reportsPath}': ItemOf<`)
    const lock = JSON.parse(await read('posthog.schema.lock.json'))
    expect(lock).toMatchObject({
      lockfileVersion: 1,
      typehog: version,
      source: 'server.json',
      day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      sha256: expect.stringMatching(/^[\da-f]{64}$/),
      counts: { server: [...operationsOf(server)].length + 1, written: 1 },
    })
  })

  it('keeps a file that it did not write', async () => {
    await writeFile(join(harness.folder, 'mine.ts'), 'export const mine = 1\n')
    const { code, err } = await harness.run(['schema', 'pull', 'server.json', '--out', 'mine.ts'])
    expect(code).toBe(2)
    expect(err).toContain('--force')
    expect(await read('mine.ts')).toBe('export const mine = 1\n')
  })

  it('exits with 3 and writes nothing when the configured host has no document', async () => {
    const { code, err } = await harness.run(['schema', 'pull', '--out', 'elsewhere.ts'])
    expect(code).toBe(3)
    expect(err).toContain('Fix: ')
    expect(await readdir(harness.folder)).not.toContain('elsewhere.ts')
  })
})

describe('schema check', { timeout }, () => {
  it('exits with 0 when nothing has changed', async () => {
    const { code, out } = await harness.run(['schema', 'check', 'server.json'])
    expect(out).toBe('0 breaking, 0 risky, 0 safe\n')
    expect(code).toBe(0)
  })

  it('exits with 1 when a field of a written operation is gone', async () => {
    await writeServer('renamed.json', ({ components }) => {
      Object.assign(components?.schemas ?? {}, {
        Report: { ...report, properties: { id: { type: 'integer' } } },
      })
    })
    const { code, out } = await harness.run(['schema', 'check', 'renamed.json'])
    expect(out).toMatch(/breaking.*title/)
    expect(code).toBe(1)
  })

  it('exits with 1 when an operation of the snapshot is gone, and grades a new one as safe', async () => {
    await writeServer('gone.json', ({ paths }) => {
      delete paths['/api/projects/{project_id}/cohorts/{id}/']?.get
      Object.assign(paths, { '/api/projects/{project_id}/reports_newer/': structuredClone(reports) })
    })
    const { code, out } = await harness.run(['schema', 'check', 'gone.json', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      changes: [
        { grade: 'breaking', operation: 'GET /api/projects/{project_id}/cohorts/{id}/' },
        { grade: 'safe', operation: 'GET /api/projects/{project_id}/reports_newer/' },
      ],
    })
  })

  it('exits with 2 without a lock, or with a broken one', async () => {
    const absent = await harness.run(['schema', 'check', 'server.json', '--out', 'absent.ts'])
    expect([absent.code, absent.err]).toEqual([2, expect.stringContaining('typehog schema pull')])
    await writeFile(join(harness.folder, 'broken.lock.json'), '{}')
    const broken = await harness.run(['schema', 'check', 'server.json', '--lock', 'broken.lock.json'])
    expect([broken.code, broken.err]).toEqual([2, expect.stringContaining('lockfileVersion')])
  })
})
