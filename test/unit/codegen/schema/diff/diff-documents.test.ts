import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { diffDocuments } from '../../../../../src/codegen/schema/diff/diff-documents.ts'
import { countGrades, renderChanges } from '../../../../../src/codegen/schema/diff/render-changes.ts'
import type {
  OpenApiDocument,
  OperationObject,
  SchemaObject,
} from '../../../../../src/codegen/schema/document.ts'
import { rewriteSchemas } from '../../../../../src/codegen/schema/walk/schemas.ts'
import { documentWith, jsonAnswer } from '../small-document.ts'

const path = '/api/projects/{project_id}/things/{id}/'
const thing = { $ref: '#/components/schemas/Thing' }

function sent(schema: SchemaObject): OpenApiDocument {
  const post = { requestBody: { content: { 'application/json': { schema: thing } } }, responses: {} }
  return documentWith({ paths: { [path]: { post } }, components: { schemas: { Thing: schema } } })
}

function received(schema: SchemaObject): OpenApiDocument {
  const get = { responses: { '200': jsonAnswer(thing) } }
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
    ['the same', object({ a: text }), object({ a: text }), [], []],
    [
      'a property gone',
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
    ['one type more', { type: 'string' }, { type: ['string', 'number'] }, [], ['breaking Thing']],
    ['one type less', { type: ['string', 'number'] }, { type: 'string' }, ['breaking Thing'], []],
    ['integer in place of number', { type: 'number' }, { type: 'integer' }, [], []],
    ['null allowed', text, { type: ['string', 'null'] }, ['safe Thing'], ['risky Thing']],
    ['null refused', { type: ['string', 'null'] }, text, ['breaking Thing'], ['safe Thing']],
    ['a value more', { enum: ['a'] }, { enum: ['a', 'b'] }, ['safe Thing'], ['risky Thing']],
    ['a value less', { enum: ['a', 'b'] }, { enum: ['a'] }, ['breaking Thing'], ['safe Thing']],
    ['a constant that became an enum', { const: 'a' }, { enum: ['a', 'b'] }, ['safe Thing'], ['risky Thing']],
    ['an enum that became free', { type: 'string', enum: ['a'] }, text, ['safe Thing'], ['risky Thing']],
    [
      'a member more',
      { anyOf: [text, { type: 'number' }] },
      { anyOf: [text, { type: 'number' }, { type: 'boolean' }] },
      ['safe Thing'],
      ['risky Thing'],
    ],
    [
      'a member less',
      { anyOf: [text, { type: 'number' }] },
      { anyOf: [text] },
      ['breaking Thing'],
      ['safe Thing'],
    ],
    ['a type that is no longer told', text, {}, ['safe Thing'], ['breaking Thing']],
    ['a type that is told now', {}, text, ['risky Thing'], ['safe Thing']],
    [
      'another format',
      { type: 'string', 'x-typehog-format': 'date' },
      { type: 'string', 'x-typehog-format': 'date-time' },
      ['risky Thing'],
      ['risky Thing'],
    ],
    [
      'no further keys',
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
    ['prose', { ...text, description: 'a', title: 'b' }, { ...text, description: 'c' }, [], []],
  ])('grades %s by direction', (_, older, newer, request, response) => {
    expect(grades(sent(older), sent(newer))).toEqual(request)
    expect(grades(received(older), received(newer))).toEqual(response)
  })

  it('does not count read-only properties of a request nor write-only ones of a response', () => {
    const readOnly = object({ a: { ...text, readOnly: true } }, ['a'])
    const writeOnly = object({ a: { ...text, writeOnly: true } })
    expect(grades(sent(object({})), sent(readOnly))).toEqual([])
    expect(grades(received(writeOnly), received(object({})))).toEqual([])
  })

  it('finishes on schemas that contain themselves and each other', () => {
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

  it('does not mind components that were renamed or numbered anew', () => {
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

  it('pairs unnamed members by the properties they have in common', () => {
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
    ['a parameter gone', { parameters: [query('a')] }, {}, 'breaking'],
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
    ['a body gone', { requestBody: {} }, {}, 'breaking'],
    ['a body that became required', { requestBody: {} }, { requestBody: { required: true } }, 'breaking'],
    [
      'another kind of body',
      { requestBody: { content: { 'application/json': {} } } },
      { requestBody: { content: { 'multipart/form-data': {} } } },
      'breaking',
    ],
    ['an answer gone', { responses: { '200': {} } }, { responses: {} }, 'breaking'],
    ['a new answer', { responses: {} }, { responses: { '202': {} } }, 'risky'],
    [
      'an answer that is described now',
      { responses: { '200': {} } },
      { responses: { '200': jsonAnswer(text) } },
      'safe',
    ],
    [
      'an answer that is no longer described',
      { responses: { '200': jsonAnswer(text) } },
      { responses: { '200': {} } },
      'breaking',
    ],
    ['a deprecation', {}, { deprecated: true }, 'risky'],
    ['a refused delete', { 'x-typehog-delete': 'hard' }, { 'x-typehog-delete': 'refused' }, 'breaking'],
    ['another paging', { 'x-typehog-paging': 'offset' }, { 'x-typehog-paging': 'cursor' }, 'breaking'],
    ['another scope', { 'x-typehog-scopes': ['a:read'] }, { 'x-typehog-scopes': ['b:read'] }, 'risky'],
    ['scopes that are known now', {}, { 'x-typehog-scopes': ['b:read'] }, 'safe'],
  ])('grades %s', (_, older, newer, grade) => {
    expect(diffDocuments(withOperation(older), withOperation(newer))).toMatchObject([
      { grade, operation: `GET ${path}` },
    ])
  })

  it('grades new and vanished operations, breaking ones first', () => {
    const newer = documentWith({ paths: { '/api/new/': { get: {} } } })
    expect(
      diffDocuments(withOperation({}), newer).map(({ grade, message }) => `${grade} ${message}`),
    ).toEqual(['breaking is gone', 'safe is new'])
  })

  it('says where an operation has moved to', () => {
    const operation = { responses: { '200': jsonAnswer(thing) } }
    const schemas = { Thing: text }
    const older = documentWith({ paths: { '/api/old/': { get: operation } }, components: { schemas } })
    const newer = documentWith({ paths: { '/api/new/': { get: operation } }, components: { schemas } })
    expect(diffDocuments(older, newer)[0]?.message).toBe('has moved to GET /api/new/')
  })

  it('counts another name of a path parameter as risky', () => {
    const newer = documentWith({ paths: { [path.replace('{id}', '{thing_id}')]: { get: {} } } })
    expect(diffDocuments(withOperation({}), newer)).toMatchObject([{ grade: 'risky' }])
  })

  it('ignores tags, ids, errors and everything told in prose', () => {
    const newer = { tags: ['b'], operationId: 'b', description: 'b', responses: { '400': {} } }
    expect(diffDocuments(withOperation({ tags: ['a'], responses: {} }), withOperation(newer))).toEqual([])
  })
})

describe('diffDocuments on the snapshot', () => {
  const file = new URL('../../../../../openapi/posthog.json', import.meta.url)
  // The committed snapshot is a document that this pipeline wrote.
  const snapshot = JSON.parse(readFileSync(file, 'utf8')) as OpenApiDocument

  it('finds nothing between a document and itself', () => {
    expect(diffDocuments(snapshot, structuredClone(snapshot))).toEqual([])
  })

  it('reports a change of every schema in the same order each time', () => {
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
  it('writes one line per change and counts them', () => {
    const changes = diffDocuments(withOperation({}), withOperation({ deprecated: true }))
    expect(renderChanges(changes)).toBe(
      `risky     GET ${path} deprecated: is deprecated now\n0 breaking, 1 risky, 0 safe`,
    )
  })

  it('names components by their place', () => {
    const changes = diffDocuments(received(object({ a: text })), received(object({})))
    expect(renderChanges(changes)).toMatch(
      /^breaking {2}\/components\/schemas\/Thing\/properties\/a: is gone \(response\)/,
    )
  })
})
