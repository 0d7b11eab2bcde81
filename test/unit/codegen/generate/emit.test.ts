import { describe, expect, it } from 'vitest'
import { emitApiEntry, emitOperations, emitZodEntry } from '../../../../src/codegen/generate/emit-entries.ts'
import { emitRules } from '../../../../src/codegen/generate/emit-rules.ts'
import type { GeneratedSymbol } from '../../../../src/codegen/generate/hey-api.ts'
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
      get: operationReturning('cats', 'listCats', {}),
      post: operationReturning('cats', 'createCat', {}),
    },
  })
  const symbols = [
    symbol('ListCatsData', { role: 'data', route: 'GET /cats/' }),
    symbol('ListCatsResponse', { role: 'response', route: 'GET /cats/' }),
    symbol('CreateCatData', { role: 'data', route: 'POST /cats/' }),
    symbol('createCat', { file: 'sdk', role: 'response', route: 'POST /cats/' }),
  ]

  it('has one line per operation, with unknown for an untyped response', () => {
    const text = emitOperations(document, symbols)
    expect(text).toContain("  'GET /cats/': Operation<ListCatsData, ListCatsResponse>\n")
    expect(text).toContain("  'POST /cats/': Operation<CreateCatData, unknown>\n")
    expect(text.match(/: Operation</g)).toHaveLength(2)
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
    )
    expect(text).toContain("export interface OperationErrors {\n  'GET /dogs/': dogsErrors\n}")
    expect(text).not.toContain('catsErrors')
  })

  it('does not depend on the order of the symbols', () => {
    expect(emitOperations(document, [...symbols].reverse())).toBe(emitOperations(document, symbols))
  })

  it('throws when an operation has no input type', () => {
    expect(() => emitOperations(document, symbols.slice(0, 2))).toThrow(/no input type for POST \/cats\//)
  })

  it('escapes a path with quotes and backslashes', () => {
    const path = "/cat's\\paw/"
    const data = symbol('PawData', { role: 'data', route: `GET ${path}` })
    const text = emitOperations(documentOf({ [path]: { get: {} } }), [data])
    expect(text).toContain(String.raw`  'GET /cat\'s\\paw/': Operation<PawData, unknown>`)
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
        "export type {\n  Lists,\n  Operation,\n  OperationErrors,\n  Operations,\n} from './operations.gen.ts'",
        '',
      ].join('\n'),
    )
  })

  it('of the validators exports public validators only', () => {
    expect(emitZodEntry(document, symbols)).toContain("export {\n  zCat,\n} from './cats/zod.gen.ts'")
    expect(emitZodEntry(document, symbols)).not.toContain('zCat2')
  })
})
