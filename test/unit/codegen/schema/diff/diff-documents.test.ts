import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { countGrades } from '../../../../../src/codegen/change.ts'
import { diffDocuments } from '../../../../../src/codegen/schema/diff/diff-documents.ts'
import { renderChanges } from '../../../../../src/codegen/schema/diff/schema-change.ts'
import type {
  OpenApiDocument,
  OperationObject,
  SchemaObject,
} from '../../../../../src/codegen/schema/document.ts'
import { rewriteSchemas } from '../../../../../src/codegen/schema/walk/schemas.ts'
import { documentWith, jsonResponse } from '../../small-documents.ts'

const path = '/api/projects/{project_id}/things/{id}/'
const thing = { $ref: '#/components/schemas/Thing' }

function sent(schema: SchemaObject): OpenApiDocument {
  const post = { requestBody: { content: { 'application/json': { schema: thing } } }, responses: {} }
  return documentWith({ paths: { [path]: { post } }, components: { schemas: { Thing: schema } } })
}

function received(schema: SchemaObject): OpenApiDocument {
  const get = { responses: { '200': jsonResponse(thing) } }
  return documentWith({ paths: { [path]: { get } }, components: { schemas: { Thing: schema } } })
}

function withOperation(operation: OperationObject): OpenApiDocument {
  return documentWith({ paths: { [path]: { get: operation } } })
}

function grades(older: OpenApiDocument, newer: OpenApiDocument): string[] {
  return diffDocuments(older, newer).map(
    ({ grade, pointer }) => `${grade} ${pointer.replace('/components/schemas/', '')}`,
  )
}

const text: SchemaObject = { type: 'string' }
const object = (properties: Record<string, SchemaObject>, required: string[] = []): SchemaObject => ({
  type: 'object',
  properties,
  required,
})

describe('diffDocuments on schemas', () => {
  it.each<[string, SchemaObject, SchemaObject, string[], string[]]>([
    ['no change', object({ a: text }), object({ a: text }), [], []],
    [
      'a removed property',
      object({ a: text }),
      object({}),
      ['breaking Thing/properties/a'],
      ['breaking Thing/properties/a'],
    ],
    [
      'a new property',
      object({}),
      object({ a: text }),
      ['safe Thing/properties/a'],
      ['safe Thing/properties/a'],
    ],
    [
      'a new required property',
      object({}),
      object({ a: text }, ['a']),
      ['breaking Thing/properties/a'],
      ['safe Thing/properties/a'],
    ],
    [
      'a property that became required',
      object({ a: text }),
      object({ a: text }, ['a']),
      ['breaking Thing/properties/a'],
      ['safe Thing/properties/a'],
    ],
    [
      'a property that became optional',
      object({ a: text }, ['a']),
      object({ a: text }),
      ['safe Thing/properties/a'],
      ['risky Thing/properties/a'],
    ],
    [
      'another type',
      object({ a: text }),
      object({ a: { type: 'boolean' } }),
      ['breaking Thing/properties/a'],
      ['breaking Thing/properties/a'],
    ],
    ['an additional type', { type: 'string' }, { type: ['string', 'number'] }, [], ['breaking Thing']],
    ['a removed type', { type: ['string', 'number'] }, { type: 'string' }, ['breaking Thing'], []],
    ['integer instead of number', { type: 'number' }, { type: 'integer' }, [], []],
    ['a schema that became nullable', text, { type: ['string', 'null'] }, ['safe Thing'], ['risky Thing']],
    [
      'a schema that is no longer nullable',
      { type: ['string', 'null'] },
      text,
      ['breaking Thing'],
      ['safe Thing'],
    ],
    ['an additional enum value', { enum: ['a'] }, { enum: ['a', 'b'] }, ['safe Thing'], ['risky Thing']],
    ['a removed enum value', { enum: ['a', 'b'] }, { enum: ['a'] }, ['breaking Thing'], ['safe Thing']],
    ['a constant that became an enum', { const: 'a' }, { enum: ['a', 'b'] }, ['safe Thing'], ['risky Thing']],
    [
      'an enum that became a plain type',
      { type: 'string', enum: ['a'] },
      text,
      ['safe Thing'],
      ['risky Thing'],
    ],
    [
      'an additional union member',
      { anyOf: [text, { type: 'number' }] },
      { anyOf: [text, { type: 'number' }, { type: 'boolean' }] },
      ['safe Thing'],
      ['risky Thing'],
    ],
    [
      'a removed union member',
      { anyOf: [text, { type: 'number' }] },
      { anyOf: [text] },
      ['breaking Thing'],
      ['safe Thing'],
    ],
    ['a type that is no longer described', text, {}, ['safe Thing'], ['breaking Thing']],
    ['a type that is now described', {}, text, ['risky Thing'], ['safe Thing']],
    [
      'another format',
      { type: 'string', 'x-typehog-format': 'date' },
      { type: 'string', 'x-typehog-format': 'date-time' },
      ['risky Thing'],
      ['risky Thing'],
    ],
    [
      'no additional keys',
      object({}),
      { ...object({}), additionalProperties: false },
      ['breaking Thing'],
      ['safe Thing'],
    ],
    [
      'other items',
      { type: 'array', items: text },
      { type: 'array', items: { type: 'boolean' } },
      ['breaking Thing/items'],
      ['breaking Thing/items'],
    ],
    [
      'other values of a map',
      { additionalProperties: text },
      { additionalProperties: {} },
      ['safe Thing/additionalProperties'],
      ['breaking Thing/additionalProperties'],
    ],
    ['descriptions', { ...text, description: 'a', title: 'b' }, { ...text, description: 'c' }, [], []],
  ])('grades %s by direction', (_, older, newer, request, response) => {
    expect(grades(sent(older), sent(newer))).toEqual(request)
    expect(grades(received(older), received(newer))).toEqual(response)
  })

  it('ignores read-only properties of a request and write-only properties of a response', () => {
    const readOnly = object({ a: { ...text, readOnly: true } }, ['a'])
    const writeOnly = object({ a: { ...text, writeOnly: true } })
    expect(grades(sent(object({})), sent(readOnly))).toEqual([])
    expect(grades(received(writeOnly), received(object({})))).toEqual([])
  })

  it('terminates for recursive schemas', () => {
    const tree = (leaf: SchemaObject): OpenApiDocument => {
      const document = received(
        object({ children: { type: 'array', items: thing }, other: { $ref: '#/components/schemas/Other' } }),
      )
      return {
        ...document,
        components: { schemas: { ...document.components?.schemas, Other: object({ back: thing, leaf }) } },
      }
    }
    expect(grades(tree(text), tree({ type: 'boolean' }))).toEqual(['breaking Other/properties/leaf'])
  })

  it('ignores renamed and renumbered components', () => {
    const union = (names: readonly string[]): OpenApiDocument => {
      const shapes = [object({ a: text, b: text, c: text }), object({ x: text, y: text, z: text })]
      const schemas = Object.fromEntries(
        names.map((name, index) => [name, { ...shapes[index], 'x-typehog-internal': true }]),
      )
      const members = names.map((name) => ({ $ref: `#/components/schemas/${name}` }))
      const document = received({ anyOf: members })
      return { ...document, components: { schemas: { ...document.components?.schemas, ...schemas } } }
    }
    expect(grades(union(['Response1', 'Response2']), union(['Response7', 'Response1']))).toEqual([])
  })

  it('pairs unnamed members by common properties', () => {
    const older = received({ anyOf: [object({ a: text, b: text, c: text }), object({ x: text })] })
    const newer = received({ anyOf: [object({ x: text }), object({ a: text, b: text, c: text, d: text })] })
    expect(grades(older, newer)).toEqual(['safe Thing/anyOf/1/properties/d'])
  })
})

describe('diffDocuments on operations', () => {
  const query = (name: string, required = false): NonNullable<OperationObject['parameters']>[number] => ({
    name,
    in: 'query',
    required,
    schema: text,
  })

  it.each<[string, OperationObject, OperationObject, string]>([
    ['a removed parameter', { parameters: [query('a')] }, {}, 'breaking'],
    ['a new parameter', {}, { parameters: [query('a')] }, 'safe'],
    ['a new required parameter', {}, { parameters: [query('a', true)] }, 'breaking'],
    [
      'a parameter that became required',
      { parameters: [query('a')] },
      { parameters: [query('a', true)] },
      'breaking',
    ],
    [
      'a parameter that became optional',
      { parameters: [query('a', true)] },
      { parameters: [query('a')] },
      'safe',
    ],
    ['a new required body', {}, { requestBody: { required: true } }, 'breaking'],
    ['a new optional body', {}, { requestBody: {} }, 'safe'],
    ['a removed body', { requestBody: {} }, {}, 'breaking'],
    ['a body that became required', { requestBody: {} }, { requestBody: { required: true } }, 'breaking'],
    [
      'another content type of the body',
      { requestBody: { content: { 'application/json': {} } } },
      { requestBody: { content: { 'multipart/form-data': {} } } },
      'breaking',
    ],
    ['a removed response', { responses: { '200': {} } }, { responses: {} }, 'breaking'],
    ['a new response', { responses: {} }, { responses: { '202': {} } }, 'risky'],
    [
      'a response that is now described',
      { responses: { '200': {} } },
      { responses: { '200': jsonResponse(text) } },
      'safe',
    ],
    [
      'a response that is no longer described',
      { responses: { '200': jsonResponse(text) } },
      { responses: { '200': {} } },
      'breaking',
    ],
    ['a deprecation', {}, { deprecated: true }, 'risky'],
    ['a refused delete', { 'x-typehog-delete': 'hard' }, { 'x-typehog-delete': 'refused' }, 'breaking'],
    ['another pagination', { 'x-typehog-paging': 'offset' }, { 'x-typehog-paging': 'cursor' }, 'breaking'],
    ['another scope', { 'x-typehog-scopes': ['a:read'] }, { 'x-typehog-scopes': ['b:read'] }, 'risky'],
    ['scopes that are now known', {}, { 'x-typehog-scopes': ['b:read'] }, 'safe'],
  ])('grades %s', (_, older, newer, grade) => {
    expect(diffDocuments(withOperation(older), withOperation(newer))).toMatchObject([
      { grade, operation: `GET ${path}` },
    ])
  })

  it('grades removed operations as breaking and new ones as safe', () => {
    const newer = documentWith({ paths: { '/api/new/': { get: {} } } })
    expect(
      diffDocuments(withOperation({}), newer).map(({ grade, message }) => `${grade} ${message}`),
    ).toEqual(['breaking was removed', 'safe is new'])
  })

  it('reports the new path of a moved operation', () => {
    const operation = { responses: { '200': jsonResponse(thing) } }
    const schemas = { Thing: text }
    const older = documentWith({ paths: { '/api/old/': { get: operation } }, components: { schemas } })
    const newer = documentWith({ paths: { '/api/new/': { get: operation } }, components: { schemas } })
    expect(diffDocuments(older, newer)[0]?.message).toBe('moved to GET /api/new/')
  })

  it('grades a renamed path parameter as risky', () => {
    const newer = documentWith({ paths: { [path.replace('{id}', '{thing_id}')]: { get: {} } } })
    expect(diffDocuments(withOperation({}), newer)).toMatchObject([{ grade: 'risky' }])
  })

  it('ignores tags, ids, error responses and descriptions', () => {
    const newer = { tags: ['b'], operationId: 'b', description: 'b', responses: { '400': {} } }
    expect(diffDocuments(withOperation({ tags: ['a'], responses: {} }), withOperation(newer))).toEqual([])
  })
})

describe('diffDocuments on the snapshot', () => {
  const file = new URL('../../../../../openapi/posthog.json', import.meta.url)
  // The committed snapshot is a document that this pipeline wrote.
  const snapshot = JSON.parse(readFileSync(file, 'utf8')) as OpenApiDocument

  it('finds no changes between a document and its copy', () => {
    expect(diffDocuments(snapshot, structuredClone(snapshot))).toEqual([])
  })

  it('reports changes in a deterministic order', () => {
    const changed = structuredClone(snapshot)
    rewriteSchemas(changed, (schema) => {
      if (schema.properties !== undefined)
        schema.properties = { ...schema.properties, brand_new: { type: 'string' } }
      return schema
    })
    const changes = diffDocuments(snapshot, changed)
    expect(changes.length).toBeGreaterThan(900)
    expect(countGrades(changes)).toEqual({ breaking: 0, risky: 0, safe: changes.length })
    expect(diffDocuments(snapshot, changed)).toEqual(changes)
  })
})

describe('renderChanges', () => {
  it('renders one line per change and the counts', () => {
    const changes = diffDocuments(withOperation({}), withOperation({ deprecated: true }))
    expect(renderChanges(changes)).toBe(
      `risky     GET ${path} deprecated: is now deprecated\n0 breaking, 1 risky, 0 safe`,
    )
  })

  it('names a component by its pointer', () => {
    const changes = diffDocuments(received(object({ a: text })), received(object({})))
    expect(renderChanges(changes)).toMatch(
      /^breaking {2}\/components\/schemas\/Thing\/properties\/a: was removed \(response\)/,
    )
  })
})
