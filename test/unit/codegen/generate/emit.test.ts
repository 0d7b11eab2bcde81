import { describe, expect, it } from 'vitest'
import { emitApiEntry, emitZodEntry } from '../../../../src/codegen/generate/emit-entries.ts'
import { emitOperations } from '../../../../src/codegen/generate/emit-operations.ts'
import { emitRules } from '../../../../src/codegen/generate/emit-rules.ts'
import type { GeneratedSymbol } from '../../../../src/codegen/generate/hey-api.ts'
import { nameShapes, type ShapeKind } from '../../../../src/codegen/generate/named-shapes.ts'
import { typeSources } from '../../../../src/codegen/generate/type-sources.ts'
import type { OperationObject } from '../../../../src/codegen/schema/document.ts'
import { exportLines, importLines } from '../../../../src/codegen/source-text.ts'
import { documentOf, object, operationReturning, referenceTo } from '../small-documents.ts'

const symbol = (name: string, facts: Partial<GeneratedSymbol> = {}): GeneratedSymbol => ({
  name,
  folder: 'cats',
  file: 'types',
  role: undefined,
  route: undefined,
  component: undefined,
  ...facts,
})

describe('import and export lines', () => {
  const entries = [
    { name: 'b', from: './z.ts' },
    { name: 'a', from: './z.ts' },
    { name: 'B', from: './z.ts' },
    { name: 'a', from: './z.ts' },
    { name: 'é', from: './a.ts' },
  ]
  const body = (keyword: string): string =>
    `${keyword} {\n  é,\n} from './a.ts'\n${keyword} {\n  B,\n  a,\n  b,\n} from './z.ts'`

  it('are sorted by code unit and contain each name once', () => {
    expect(importLines(entries, 'value')).toBe(body('import'))
    expect(importLines(entries, 'type')).toBe(body('import type'))
    expect(exportLines(entries, 'value')).toBe(body('export'))
    expect(exportLines(entries, 'type')).toBe(body('export type'))
  })

  it('do not depend on the order of the names', () => {
    expect(importLines([...entries].reverse(), 'value')).toBe(importLines(entries, 'value'))
  })

  it('are empty without names', () => expect(importLines([], 'type')).toBe(''))
})

describe('the map of operations', () => {
  const document = documentOf({
    '/cats/': {
      get: { ...operationReturning('cats', 'listCats', {}), 'x-typehog-paging': 'link' },
      post: operationReturning('cats', 'createCat', {}),
    },
    '/cats/{id}/': { patch: operationReturning('cats', 'updateCat', {}) },
  })
  const operation = (name: string, route: string): GeneratedSymbol[] => [
    symbol(`${name}Data`, { role: 'data', route }),
    symbol(`${name}Responses`, { role: 'responses', route }),
    symbol(`${name}Response`, { role: 'response', route }),
  ]
  const symbols = [
    ...operation('ListCats', 'GET /cats/'),
    ...operation('UpdateCat', 'PATCH /cats/{id}/'),
    symbol('CreateCatData', { role: 'data', route: 'POST /cats/' }),
    symbol('createCat', { file: 'sdk', role: 'response', route: 'POST /cats/' }),
    ...['Cat', 'CatWritable', 'Cats', 'Owner'].map((name) => symbol(name, { component: name })),
  ]
  const sources = typeSources(`
export type Cats = {
    count: number;
    next?: string | null;
    previous?: string | null;
    results: Array<Cat>;
};

export type ListCatsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Not an Owner.
         */
        kind?: 'Owner' | null;
    };
    url: '/cats/';
};

export type ListCatsResponses = {
    200: Cats;
};

export type CreateCatData = {
    body: CatWritable;
    url: '/cats/';
};

export type UpdateCatData = {
    body?: CatWritable;
    path: {
        id: string;
    };
    url: '/cats/{id}/';
};

export type UpdateCatResponses = {
    200: Cat;
    202: Cat;
    204: void;
};
`)

  it('has one row per operation, with unknown for an untyped response', () => {
    const text = emitOperations(document, symbols, sources)
    expect(text).toContain("  'POST /cats/': Operation<unknown, never, never, CatWritable>\n")
    expect(text.match(/: Operation</g)).toHaveLength(3)
  })

  it('names models instead of the types of the operation', () => {
    const text = emitOperations(document, symbols, sources)
    expect(text).toContain(
      "'GET /cats/': Operation<Paginated<Cat>, never, {\n    /**\n     * Not an Owner.\n     */\n    kind?: 'Owner' | null;\n  }>\n",
    )
    expect(text).toContain('Operation<Cat | void, {\n    id: string;\n  }, never, CatWritable | undefined>\n')
    expect(text).toContain("  'GET /cats/': Cat\n")
    expect(text).toContain("import type {\n  Cat,\n  CatWritable,\n} from './cats/types.gen.ts'")
  })

  it('throws when a part with required fields is optional', () => {
    const wrong = new Map([...sources, ['UpdateCatData', '{\n    path?: {\n        id: string;\n    };\n}']])
    expect(() => emitOperations(document, symbols, wrong)).toThrow(/path of PATCH \/cats\/\{id\}\//)
  })

  it('lists the errors of operations that document the body of one', () => {
    const json = { 'application/json': { schema: object({}) } }
    const text = emitOperations(
      documentOf({
        '/cats/': { get: { responses: { 200: { content: json }, 404: {} } } },
        '/dogs/': { get: { responses: { 400: { content: json }, 404: {} } } },
      }),
      ['cats', 'dogs'].flatMap((name) => [
        symbol(`${name}Data`, { role: 'data', route: `GET /${name}/` }),
        symbol(`${name}Errors`, { role: 'errors', route: `GET /${name}/` }),
      ]),
      new Map(),
    )
    expect(text).toContain("export interface OperationErrors {\n  'GET /dogs/': dogsErrors\n}")
    expect(text).not.toContain('catsErrors')
  })

  it('does not depend on the order of the symbols', () => {
    const text = emitOperations(document, [...symbols].reverse(), sources)
    expect(text).toBe(emitOperations(document, symbols, sources))
  })

  it('throws when an operation has no input type', () => {
    expect(() => emitOperations(document, symbols.slice(0, 2), sources)).toThrow(
      /no input type for POST \/cats\//,
    )
  })

  it('escapes a path with quotes and backslashes', () => {
    const path = "/cat's\\paw/"
    const data = symbol('PawData', { role: 'data', route: `GET ${path}` })
    const text = emitOperations(documentOf({ [path]: { get: {} } }), [data], new Map())
    expect(text).toContain(String.raw`  'GET /cat\'s\\paw/': Operation<unknown>`)
  })
})

describe('the name of an object type', () => {
  const shape = (...fields: string[]): string => `{\n${fields.map((field) => `    ${field};\n`).join('')}}`
  const named = (kind: ShapeKind, ...uses: string[]): string[] => [
    ...nameShapes(kind, uses, new Set(['TakenQuery'])).values(),
  ]
  const often = (source: string): string[] => Array.from({ length: 5 }, () => source)

  it('has its fields', () => {
    const path = shape('project_id?: string | number', 'id: number')
    expect(named('Path', ...often(path), ...often(shape('user__uuid: string')))).toEqual([
      'ProjectAndNumericIdPath',
      'UserUuidPath',
    ])
    expect(named('Query', ...often(shape('limit?: number', 'offset?: number')))).toEqual([
      'LimitAndOffsetQuery',
    ])
  })

  it('is missing for rare types, long ones and names of other types', () => {
    expect(named('Query', ...often(shape('a: string')).slice(1))).toEqual([])
    expect(named('Query', ...often(shape('a: 1', 'b: 1', 'c: 1', 'd: 1', 'e: 1')))).toEqual([])
    expect(named('Query', ...often(shape('taken: string')))).toEqual([])
  })

  it('goes to the most frequent of several types', () => {
    const [rare, frequent] = [shape("format?: 'a'"), shape("format?: 'b'")]
    const names = nameShapes('Query', [...often(rare), ...often(frequent), frequent], new Set())
    expect([...names]).toEqual([[frequent, 'FormatQuery']])
  })
})

describe('the table of rules', () => {
  const safe = { 'x-typehog-retry': 'safe' }
  const form: OperationObject = { requestBody: { content: { 'multipart/form-data': { schema: {} } } } }
  const json: OperationObject = { requestBody: { content: { 'application/json': { schema: {} } } } }
  const [posts = '', forms = ''] = emitRules(
    documentOf({
      '/find/': { post: { ...json, ...safe }, get: safe },
      '/write/': { post: json, put: safe, patch: { 'x-typehog-retry': 'unsafe' } },
      '/file/': { post: form, put: form, get: {} },
      "/cat's/": { post: { ...form, ...safe } },
    }),
  )
    .split('export const ')
    .slice(1)

  it('lists the POSTs that only read', () => {
    expect([...posts.matchAll(/^ {2}(.*),$/gm)].map(([, line]) => line)).toEqual([
      "'POST /find/'",
      String.raw`'POST /cat\'s/'`,
    ])
  })

  it('lists the form bodies', () => {
    expect([...forms.matchAll(/^ {2}(.*),$/gm)].map(([, line]) => line)).toEqual([
      "'PUT /file/'",
      "'POST /file/'",
      String.raw`'POST /cat\'s/'`,
    ])
  })
})

describe('the entries', () => {
  const document = documentOf(
    { '/cats/': { get: operationReturning('cats', 'listCats', referenceTo('Cat')) } },
    { Cat: object({}), Cat2: { ...object({}), 'x-typehog-internal': true } },
  )
  const symbols = [
    symbol('listCats', { file: 'sdk', route: 'GET /cats/' }),
    symbol('ListCatsData', { route: 'GET /cats/', role: 'data' }),
    symbol('Cat', { component: 'Cat' }),
    symbol('CatWritable', { component: 'CatWritable' }),
    symbol('Cat2', { component: 'Cat2' }),
    symbol('Cat2Writable', { component: 'Cat2Writable' }),
    symbol('zCat', { file: 'zod', component: 'Cat' }),
    symbol('zCat2', { file: 'zod', component: 'Cat2' }),
  ]

  it('of the API exports public functions as values and public types as types, with the map of operations', () => {
    expect(emitApiEntry(document, symbols)).toBe(
      [
        '// Generated by `npm run generate`. Do not edit.',
        '',
        "export {\n  listCats,\n} from './cats/sdk.gen.ts'",
        "export type {\n  Cat,\n  CatWritable,\n  ListCatsData,\n} from './cats/types.gen.ts'",
        "export type {\n  Lists,\n  Operation,\n  OperationErrors,\n  Operations,\n  Paginated,\n} from './operations.gen.ts'",
        '',
      ].join('\n'),
    )
  })

  it('of the validators exports public validators only', () => {
    expect(emitZodEntry(document, symbols)).toContain("export {\n  zCat,\n} from './cats/zod.gen.ts'")
    expect(emitZodEntry(document, symbols)).not.toContain('zCat2')
  })
})
