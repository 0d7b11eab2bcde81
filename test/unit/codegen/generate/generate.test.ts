import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashTree } from '../../../../src/codegen/files.ts'
import { type GenerationReport, generate } from '../../../../src/codegen/generate/generate.ts'
import type { OpenApiDocument } from '../../../../src/codegen/schema/document.ts'
import { documentOf, object, operationReturning, referenceTo } from '../small-documents.ts'

const timeout = 120_000
let root = ''
let report: GenerationReport

beforeAll(async () => {
  // Below the project, where the generated code finds zod.
  await mkdir('.tmp', { recursive: true })
  root = await mkdtemp('.tmp/generate-test-')
  report = await generate(hostile(), join(root, 'one'))
}, timeout)
afterAll(() => rm(root, { recursive: true, force: true }))

describe('generating from a hostile document', () => {
  it('reports the number of operations, folders, types and validators', () => {
    expect(report).toMatchObject({ operations: 5, folders: 4 })
    expect(report.types).toBeGreaterThan(report.operations)
    expect(report.validators).toBeGreaterThan(report.operations)
  })

  // One program for both: the compiler's libraries and zod are the slow part.
  describe('under the strict compiler', () => {
    let problems: readonly string[]
    beforeAll(async () => {
      await writeFile(join(root, 'use.ts'), usage)
      problems = compile(
        join(root, 'one', 'api.gen.ts'),
        join(root, 'one', 'zod.gen.ts'),
        join(root, 'use.ts'),
      )
    }, timeout)

    it('generates code that compiles', () => {
      expect(problems.filter((problem) => !isUsage(problem))).toEqual([])
    })

    it('generates the expected types', () => {
      expect(problems.filter(isUsage)).toEqual([])
    })
  })

  it('is deterministic', { timeout }, async () => {
    await generate(hostile(), join(root, 'two'))
    expect(await hashTree(join(root, 'two'))).toBe(await hashTree(join(root, 'one')))
  })

  it('generates validators that accept unknown values but no wrong types', { timeout }, async () => {
    const validators = await import(join(process.cwd(), root, 'one', 'zod.gen.ts'))
    const tree = { name: 'a', children: [{ name: 'b', children: [] }] }
    expect(validators.zTree.parse(tree)).toEqual(tree)
    expect(validators.zTree.safeParse({ name: 'a', children: [{ name: 7 }] }).success).toBe(false)
    expect(validators.zQuoted.parse('a value of tomorrow')).toBe('a value of tomorrow')
    expect(validators.zQuoted.safeParse(7).success).toBe(false)
  })

  it('keeps the existing files when generation fails', { timeout }, async () => {
    const before = await hashTree(join(root, 'one'))
    const broken = {
      ...hostile(),
      paths: { '/x/': { get: operationReturning('x', 'getX', referenceTo('Nowhere')) } },
    }
    await expect(generate(broken, join(root, 'one'))).rejects.toThrow()
    expect(await hashTree(join(root, 'one'))).toBe(before)
    expect((await readdir(root)).filter((name) => name.startsWith('.generate'))).toEqual([])
    expect((await readdir('.')).filter((name) => name.startsWith('openapi-ts-error'))).toEqual([])
  })

  it('exports a function with a reserved name under a valid name', async () => {
    const text = await readFile(join(root, 'one', 'api.gen.ts'), 'utf8')
    expect(text).toContain("export {\n  delete_,\n} from './dogs/sdk.gen.ts'")
  })

  it('escapes descriptions that would end a comment', async () => {
    const text = await readFile(join(root, 'one', 'cats', 'types.gen.ts'), 'utf8')
    expect(text).toContain('ends')
    expect(text).not.toMatch(/ends \*\/ export const evil/)
  })
})

/** A small document with names, comments, quotes, cycles and nulls that break generators. */
function hostile(): OpenApiDocument {
  const schemas = {
    Tree: {
      ...object({ name: { type: 'string' }, children: { type: 'array', items: referenceTo('Tree') } }),
      required: ['name', 'children'],
    },
    Ping: object({ pong: referenceTo('Pong') }),
    Pong: object({ ping: { anyOf: [referenceTo('Ping'), { type: 'null' }] } }),
    Quoted: { type: 'string', enum: ["it's", '"quoted"', 'back\\slash', 'line\nbreak', '`$`', '*/'] },
    Closed: { type: 'string', enum: ['on', 'off'], 'x-typehog-closed': true },
    Names: {
      ...object({
        'with-dash': { type: 'string' },
        'with space': { type: 'integer' },
        '1st': { type: 'boolean' },
        "it's": { type: 'string' },
        $ref$: { type: 'string' },
        class: { type: 'string', description: 'ends */ export const evil = 1 /* here' },
        ünïcode: { type: 'string' },
        constructor: { type: 'string' },
      }),
      description: 'ends */ export const evil = 2 /* here',
      required: ['with-dash', 'class'],
    },
    Nulls: {
      ...object({
        listed: { type: ['string', 'null'] },
        united: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        one: { oneOf: [referenceTo('Tree'), { type: 'null' }] },
        only: { type: 'null' },
        closed: referenceTo('Closed'),
        chosen: { type: ['string', 'null'], enum: ['a', 'b', null] },
      }),
      required: ['listed', 'united', 'one', 'only', 'chosen'],
    },
    Kind: { ...object({ kind: { type: 'string', const: 'only' } }), required: ['kind'] },
    delete: object({ id: { type: 'integer', readOnly: true }, name: { type: 'string' } }),
    CatQuery: object({ text: { type: 'string' } }),
    Free: { type: 'object', additionalProperties: true },
    Anything: {},
  }
  return documentOf(
    {
      '/api/projects/{project_id}/cats/': {
        get: {
          ...operationReturning('cats', 'listCats', { type: 'array', items: referenceTo('Names') }),
          description: 'ends */ export const evil = 3 /* here\n@deprecated `x`',
          parameters: [
            { name: 'project_id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'order-by', in: 'query', schema: referenceTo('Quoted') },
            { name: 'class', in: 'query', required: true, schema: { type: 'string' } },
          ],
        },
        post: {
          ...operationReturning('cats', 'createCat', referenceTo('delete')),
          requestBody: { required: true, content: { 'application/json': { schema: referenceTo('delete') } } },
          parameters: [{ name: 'project_id', in: 'path', required: true, schema: { type: 'string' } }],
        },
      },
      "/api/it's/{cat-id}/": {
        get: {
          ...operationReturning('dogs', 'delete', {
            oneOf: [referenceTo('Tree'), referenceTo('Nulls'), referenceTo('Kind'), referenceTo('Ping')],
          }),
          parameters: [{ name: 'cat-id', in: 'path', required: true, schema: { type: 'string' } }],
        },
      },
      '/api/search/': {
        post: {
          ...operationReturning('search-results', 'searchCats', referenceTo('Tree')),
          requestBody: { content: { 'application/json': { schema: referenceTo('CatQuery') } } },
          'x-typehog-retry': 'safe',
        },
        put: {
          operationId: 'uploadCats',
          tags: ['search-results'],
          requestBody: {
            content: {
              'multipart/form-data': { schema: object({ file: { type: 'string', format: 'binary' } }) },
            },
          },
          responses: { 204: { description: '' }, 200: { description: '', content: {} } },
        },
      },
    },
    schemas,
  )
}

const usage = `
import type { Operations } from './one/operations.gen.ts'
import type { Closed, Names, Nulls, Quoted, Tree } from './one/api.gen.ts'
import { zNames, zTree } from './one/zod.gen.ts'
import { formBodies, readingPosts } from './one/rules.gen.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const proof = <T extends true>(): T | undefined => undefined

proof<Equal<Nulls['listed'], string | null>>()
proof<Equal<Nulls['united'], string | null>>()
proof<Equal<Nulls['one'], Tree | null>>()
proof<Equal<Nulls['only'], null>>()
proof<Equal<Tree['children'], Array<Tree>>>()
proof<Equal<Names['with-dash'], string>>()
proof<Equal<Operations["GET /api/it's/{cat-id}/"]['input']['path'], { 'cat-id': string }>>()

proof<Equal<Closed, 'on' | 'off'>>()

const open: Quoted = 'a value of tomorrow'
const known: Quoted = "it's"
export const tree: Tree = zTree.parse({})
export const names: Names = zNames.parse({})
export const all = [open, known, formBodies.size, readingPosts.size]

// The client knows its project, so the path is optional. A required query is not.
type List = Operations['GET /api/projects/{project_id}/cats/']['input']
export const input: List = { query: { class: 'x' } }
// @ts-expect-error the query lacks its required parameter
export const wrong: List = { query: {} }
// @ts-expect-error read-only fields are not sent
export const body: Operations['POST /api/projects/{project_id}/cats/']['input']['body'] = { id: 1 }
`

const isUsage = (problem: string): boolean => /\buse\.ts:/.test(problem)

/** Messages of the strict compiler about files and their imports. */
function compile(...files: readonly string[]): string[] {
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    allowImportingTsExtensions: true,
    types: [],
  })
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
    return `${diagnostic.file?.fileName ?? ''}: ${message}`
  })
}
