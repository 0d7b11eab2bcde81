import { describe, expect, it } from 'vitest'
import type { SchemaObject } from '../../../../../src/codegen/schema/document.ts'
import type { Rule } from '../../../../../src/codegen/schema/normalize/rule.ts'
import {
  dropUnsafeBounds,
  loosenFormats,
} from '../../../../../src/codegen/schema/normalize/rules/constraints.ts'
import {
  dropNullDefaults,
  foldNullSpellings,
  openNullOnlyFields,
} from '../../../../../src/codegen/schema/normalize/rules/null-spellings.ts'
import {
  foldSingleValues,
  markOpenUnions,
  unwrapSingleUnions,
} from '../../../../../src/codegen/schema/normalize/rules/unions.ts'
import { upgradeTo31 } from '../../../../../src/codegen/schema/normalize/rules/upgrade-to-3-1.ts'
import { stripProse } from '../../../../../src/codegen/schema/normalize/rules/vendor-content.ts'
import { documentWith, documentWithThing, thingOf } from '../../small-documents.ts'

const other = { $ref: '#/components/schemas/Other' }

interface Case {
  readonly name: string
  readonly from: SchemaObject
  readonly to: SchemaObject
}

function changes(rule: Rule, cases: readonly Case[]): void {
  it.each(cases)('$name', ({ from, to }) => {
    const document = documentWithThing(structuredClone(from))
    const { changed } = rule(document)
    expect(thingOf(document)).toEqual(to)
    expect(changed).toBeGreaterThan(0)
  })
}

function keeps(rule: Rule, cases: readonly Omit<Case, 'to'>[]): void {
  it.each(cases)('$name', ({ from }) => {
    const document = documentWithThing(structuredClone(from))
    const { changed } = rule(document)
    expect(thingOf(document)).toEqual(from)
    expect(changed).toBe(0)
  })
}

describe('upgrade-to-3-1', () => {
  changes(upgradeTo31, [
    {
      name: 'adds null to a nullable type',
      from: { type: 'string', nullable: true },
      to: { type: ['string', 'null'] },
    },
    {
      name: 'drops nullable: false',
      from: { type: 'string', nullable: false },
      to: { type: 'string' },
    },
    {
      name: 'keeps the siblings of a nullable reference outside the union',
      from: { allOf: [other], nullable: true, readOnly: true },
      to: { readOnly: true, anyOf: [{ allOf: [other] }, { type: 'null' }] },
    },
    {
      name: 'adds null to a nullable union',
      from: { anyOf: [other, { type: 'string' }], nullable: true },
      to: { anyOf: [other, { type: 'string' }, { type: 'null' }] },
    },
    {
      name: 'nests a nullable union with a discriminator',
      from: { oneOf: [other], discriminator: { propertyName: 'kind' }, nullable: true },
      to: { anyOf: [{ oneOf: [other], discriminator: { propertyName: 'kind' } }, { type: 'null' }] },
    },
    {
      name: 'moves an exclusive bound',
      from: { type: 'number', minimum: 1, exclusiveMinimum: true },
      to: { type: 'number', exclusiveMinimum: 1 },
    },
    {
      name: 'drops exclusiveMaximum: false',
      from: { type: 'number', maximum: 1, exclusiveMaximum: false },
      to: { type: 'number', maximum: 1 },
    },
    { name: 'drops a nullable without a type', from: { nullable: true }, to: {} },
  ])
  keeps(upgradeTo31, [
    { name: 'keeps exclusive bounds of 3.1', from: { type: 'number', exclusiveMinimum: 1 } },
    { name: 'keeps a property called nullable', from: { properties: { nullable: { type: 'boolean' } } } },
  ])

  it('sets the version', () => {
    const document = documentWith({ openapi: '3.0.3' })
    expect(upgradeTo31(document).changed).toBe(1)
    expect(document.openapi).toBe('3.1.0')
  })
})

describe('fold-null-spellings', () => {
  changes(foldNullSpellings, [
    {
      name: 'folds a union of a type and null',
      from: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      to: { type: ['string', 'null'] },
    },
    {
      name: 'folds a union of a list and null',
      from: { oneOf: [{ type: 'array', items: { type: 'string' } }, { type: 'null' }], readOnly: true },
      to: { type: ['array', 'null'], items: { type: 'string' }, readOnly: true },
    },
    {
      name: 'turns oneOf with null into anyOf',
      from: { oneOf: [other, { type: 'null' }] },
      to: { anyOf: [other, { type: 'null' }] },
    },
    {
      name: 'puts null last',
      from: { anyOf: [{ type: 'null' }, other] },
      to: { anyOf: [other, { type: 'null' }] },
    },
    { name: 'puts the null type last', from: { type: ['null', 'string'] }, to: { type: ['string', 'null'] } },
    { name: 'unwraps a list of one type', from: { type: ['string'] }, to: { type: 'string' } },
    {
      name: 'adds null to the values when the type has it',
      from: { type: ['string', 'null'], enum: ['a', 'b'] },
      to: { type: ['string', 'null'], enum: ['a', 'b', null] },
    },
    {
      name: 'adds null to the type when the values have it',
      from: { type: 'string', enum: [null, 'a'] },
      to: { type: ['string', 'null'], enum: ['a', null] },
    },
    {
      name: 'turns a union of a constant and null into an enum',
      from: { anyOf: [{ type: 'string', const: 'a' }, { type: 'null' }] },
      to: { type: ['string', 'null'], enum: ['a', null] },
    },
    {
      name: 'turns a union of nulls into null',
      from: { anyOf: [{ type: 'null' }, { enum: [null] }] },
      to: { type: 'null' },
    },
    {
      name: 'keeps a discriminator with its members',
      from: { oneOf: [other, other, { type: 'null' }], discriminator: { propertyName: 'kind' } },
      to: { anyOf: [{ oneOf: [other, other], discriminator: { propertyName: 'kind' } }, { type: 'null' }] },
    },
  ])
  keeps(foldNullSpellings, [
    { name: 'keeps the canonical form for types', from: { type: ['string', 'null'] } },
    { name: 'keeps the canonical form for references', from: { anyOf: [other, { type: 'null' }] } },
    { name: 'keeps unions without null', from: { oneOf: [other, { type: 'string' }] } },
    { name: 'keeps null itself', from: { type: 'null' } },
  ])

  it('inlines NullEnum and BlankEnum', () => {
    const reference = (name: string): SchemaObject => ({ $ref: `#/components/schemas/${name}` })
    const document = documentWith({
      components: {
        schemas: {
          NullEnum: { enum: [null] },
          BlankEnum: { enum: [''] },
          Thing: { oneOf: [reference('Kind'), reference('BlankEnum'), reference('NullEnum')] },
          Kind: { type: 'string', enum: ['a', 'b'] },
        },
      },
    })
    foldNullSpellings(document)
    expect(thingOf(document)).toEqual({
      anyOf: [reference('Kind'), { type: 'string', const: '' }, { type: 'null' }],
    })
  })
})

describe('unwrap-single-unions', () => {
  changes(unwrapSingleUnions, [
    { name: 'unwraps a single allOf', from: { allOf: [other] }, to: other },
    {
      name: 'keeps the sibling keys',
      from: { allOf: [other], readOnly: true },
      to: { ...other, readOnly: true },
    },
    {
      name: 'unwraps inside a union',
      from: { anyOf: [{ allOf: [other] }, { type: 'null' }] },
      to: { anyOf: [other, { type: 'null' }] },
    },
    {
      name: 'unwraps a single oneOf with a discriminator',
      from: { oneOf: [other], discriminator: { propertyName: 'kind' } },
      to: other,
    },
  ])
  keeps(unwrapSingleUnions, [
    { name: 'keeps an intersection of two', from: { allOf: [other, { type: 'object' }] } },
    {
      name: 'keeps an intersection with sibling constraints',
      from: { allOf: [other], properties: { a: {} } },
    },
    { name: 'keeps an empty union', from: { anyOf: [] } },
  ])
})

describe('mark-open-unions', () => {
  changes(markOpenUnions, [
    {
      name: 'keeps the typed members and marks the union',
      from: { anyOf: [other, { type: 'string' }, {}] },
      to: { anyOf: [other, { type: 'string' }], 'x-typehog-open': true },
    },
    {
      name: 'drops a single typed member',
      from: { anyOf: [{ type: 'string' }, {}] },
      to: { 'x-typehog-open': true },
    },
    {
      name: 'does not count null as a typed member',
      from: { oneOf: [{ type: 'string' }, { type: 'null' }, {}] },
      to: { 'x-typehog-open': true },
    },
  ])
  keeps(markOpenUnions, [{ name: 'keeps a closed union', from: { anyOf: [other, { type: 'string' }] } }])
})

describe('fold-single-values', () => {
  changes(foldSingleValues, [
    {
      name: 'turns one value into a constant',
      from: { type: 'string', enum: ['a'] },
      to: { type: 'string', const: 'a' },
    },
    { name: 'turns the only value null into the type', from: { enum: [null] }, to: { type: 'null' } },
  ])
  keeps(foldSingleValues, [
    { name: 'keeps two values', from: { type: 'string', enum: ['a', 'b'] } },
    { name: 'keeps one value beside null', from: { type: ['string', 'null'], enum: ['a'] } },
  ])
})

describe('loosen-formats', () => {
  changes(loosenFormats, [
    {
      name: 'moves a format to the extension',
      from: { type: 'string', format: 'uuid' },
      to: { type: 'string', 'x-typehog-format': 'uuid' },
    },
    {
      name: 'moves int64',
      from: { type: 'integer', format: 'int64' },
      to: { type: 'integer', 'x-typehog-format': 'int64' },
    },
  ])
  keeps(loosenFormats, [
    { name: 'keeps binary', from: { type: 'string', format: 'binary' } },
    { name: 'keeps a property called format', from: { properties: { format: { type: 'string' } } } },
  ])
})

describe('drop-unsafe-bounds', () => {
  changes(dropUnsafeBounds, [
    {
      name: 'drops the bounds of int64',
      from: { maximum: 9223372036854776000, minimum: -9223372036854776000 },
      to: {},
    },
  ])
  keeps(dropUnsafeBounds, [
    { name: 'keeps the largest safe bound', from: { maximum: Number.MAX_SAFE_INTEGER, minimum: 0 } },
  ])
})

describe('drop-null-defaults', () => {
  changes(dropNullDefaults, [
    {
      name: 'drops null',
      from: { type: ['string', 'null'], default: null },
      to: { type: ['string', 'null'] },
    },
  ])
  keeps(dropNullDefaults, [
    { name: 'keeps false', from: { type: 'boolean', default: false } },
    { name: 'keeps a property called default', from: { properties: { default: { type: 'string' } } } },
  ])
})

describe('open-null-only-fields', () => {
  changes(openNullOnlyFields, [
    {
      name: 'removes the type of a property that is only null',
      from: { properties: { detail: { type: 'null', readOnly: true } } },
      to: { properties: { detail: { readOnly: true } } },
    },
  ])
  keeps(openNullOnlyFields, [
    { name: 'keeps the null of a union', from: { properties: { a: { anyOf: [other, { type: 'null' }] } } } },
    { name: 'keeps fields that may be null', from: { properties: { a: { type: ['string', 'null'] } } } },
  ])
})

describe('strip-prose', () => {
  changes(stripProse, [
    {
      name: 'drops titles, descriptions and examples',
      from: { type: 'string', title: 'A', description: 'B', example: 'C', examples: ['D'] },
      to: { type: 'string' },
    },
    {
      name: 'visits every schema',
      from: {
        items: { title: 'A' },
        properties: { b: { title: 'B' } },
        anyOf: [{ title: 'C' }],
        additionalProperties: { title: 'D' },
      },
      to: { items: {}, properties: { b: {} }, anyOf: [{}], additionalProperties: {} },
    },
  ])
  keeps(stripProse, [
    {
      name: 'keeps properties with the same names',
      from: { properties: { title: {}, description: {}, example: {} } },
    },
    {
      name: 'keeps values with the same keys',
      from: { default: { title: 'A' }, enum: [{ description: 'B' }, 'x'] },
    },
  ])

  it('empties the description of responses and drops all others', () => {
    const document = documentWith({
      info: { title: 'Vendor', version: '1', description: 'All about it' },
      tags: [{ name: 'a', description: 'A' }],
      paths: {
        '/api/things/': {
          get: {
            summary: 'S',
            description: 'D',
            parameters: [{ name: 'q', in: 'query', description: 'Q', example: 1 }],
            requestBody: { description: 'B', content: { 'application/json': { example: 1, schema: {} } } },
            responses: {
              '200': { description: 'OK', headers: { h: { description: 'H' } } },
              '204': { description: '' },
            },
          },
        },
      },
    })
    stripProse(document)
    expect(document.info).toEqual({ title: 'PostHog API', version: '1' })
    expect(document.paths['/api/things/']?.get).toEqual({
      parameters: [{ name: 'q', in: 'query' }],
      requestBody: { content: { 'application/json': { schema: {} } } },
      responses: { '200': { description: '', headers: { h: {} } }, '204': { description: '' } },
    })
  })
})
