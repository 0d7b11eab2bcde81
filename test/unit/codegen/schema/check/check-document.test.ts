import { describe, expect, it } from 'vitest'
import { assertUsable, checkDocument } from '../../../../../src/codegen/schema/check/check-document.ts'
import type { OpenApiDocument, SchemaObject } from '../../../../../src/codegen/schema/document.ts'
import { SchemaError } from '../../../../../src/codegen/schema/schema-error.ts'
import { documentWith } from '../../small-documents.ts'

const reference = (name: string): SchemaObject => ({ $ref: `#/components/schemas/${name}` })
const withSchemas = (schemas: Record<string, SchemaObject>): OpenApiDocument =>
  documentWith({ components: { schemas } })

function found(document: OpenApiDocument): string[] {
  return checkDocument(document).map(({ code, pointer }) => `${code} ${pointer}`)
}

describe('checkDocument', () => {
  it.each([
    [
      'a missing target',
      withSchemas({ A: { items: reference('B') } }),
      'missing-reference /components/schemas/A/items',
    ],
    [
      'a reference to another file',
      withSchemas({ A: { $ref: 'other.json#/B' } }),
      'external-reference /components/schemas/A',
    ],
    [
      'a reference to a URL',
      documentWith({ paths: { '/a/': { get: { responses: { '200': { $ref: 'https://x.dev/r' } } } } } }),
      'external-reference /paths/~1a~1/get/responses/200',
    ],
    [
      'a missing target in a mapping',
      withSchemas({
        A: { oneOf: [], discriminator: { propertyName: 'k', mapping: { b: '#/components/schemas/B' } } },
      }),
      'missing-reference /components/schemas/A/discriminator/mapping/b',
    ],
    ['a reference to itself', withSchemas({ A: reference('A') }), 'reference-cycle /components/schemas/A'],
    [
      'a cycle of references through a single allOf',
      withSchemas({ A: reference('B'), B: { allOf: [reference('A')] } }),
      'reference-cycle /components/schemas/A',
    ],
    [
      'siblings',
      withSchemas({ A: { ...reference('B'), readOnly: true }, B: {} }),
      'reference-with-siblings /components/schemas/A',
    ],
    [
      'names that differ in case',
      withSchemas({ HogQL: {}, HogQl: {} }),
      'colliding-names /components/schemas/HogQl',
    ],
    [
      'names that differ in an underscore',
      withSchemas({ DateRange: {}, _DateRange: {} }),
      'colliding-names /components/schemas/_DateRange',
    ],
    ['a name that is not an identifier', withSchemas({ 'a.b': {} }), 'invalid-name /components/schemas/a.b'],
  ])('finds %s', (_, document, finding) => {
    expect(found(document)).toEqual([finding])
  })

  it('finds duplicate operation ids', () => {
    const document = documentWith({
      paths: { '/a/': { get: { operationId: 'list' } }, '/b/': { get: { operationId: 'list' } } },
    })
    expect(found(document)).toEqual(['duplicate-operation-id /paths/~1b~1/get'])
  })

  it('finds keys that would change a prototype', () => {
    const document = JSON.parse(
      '{"openapi":"3.1.0","paths":{},"components":{"schemas":{"A":{"properties":{"__proto__":{}}}}}}',
    ) as OpenApiDocument
    expect(found(document)).toEqual(['unsafe-name /components/schemas/A/properties/__proto__'])
  })

  it('accepts recursive schemas', () => {
    expect(
      found(
        withSchemas({
          Tree: { properties: { children: { items: reference('Tree') } } },
          List: { anyOf: [reference('List'), { type: 'null' }] },
        }),
      ),
    ).toEqual([])
  })

  it('ignores references inside data', () => {
    expect(
      found(
        withSchemas({
          A: { properties: { $ref: { type: 'string' } }, default: { $ref: 'x' }, enum: [{ $ref: 'y' }] },
        }),
      ),
    ).toEqual([])
  })
})

describe('assertUsable', () => {
  it('throws the first error with the number of other errors', () => {
    const document = withSchemas({ A: reference('B'), C: { $ref: 'x.json' } })
    expect(() => assertUsable(document, 'given.json')).toThrow(SchemaError)
    expect(() => assertUsable(document, 'given.json')).toThrow(
      /given\.json at \/components\/schemas\/A: .*\(and 1 more\)/,
    )
  })

  it('returns warnings', () => {
    expect(assertUsable(withSchemas({ 'a.b': {} }), 'given.json')).toHaveLength(1)
  })
})
