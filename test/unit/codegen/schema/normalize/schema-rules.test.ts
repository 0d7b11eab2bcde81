import { describe, expect, it } from 'vitest'
import type { SchemaObject } from '../../../../../src/codegen/schema/document.ts'
import type { Rule } from '../../../../../src/codegen/schema/normalize/rule.ts'
import { dropNullDefaults } from '../../../../../src/codegen/schema/normalize/rules/drop-null-defaults.ts'
import { dropUnsafeBounds } from '../../../../../src/codegen/schema/normalize/rules/drop-unsafe-bounds.ts'
import { foldNullSpellings } from '../../../../../src/codegen/schema/normalize/rules/fold-null-spellings.ts'
import { foldSingleValues } from '../../../../../src/codegen/schema/normalize/rules/fold-single-values.ts'
import { loosenFormats } from '../../../../../src/codegen/schema/normalize/rules/loosen-formats.ts'
import { markOpenUnions } from '../../../../../src/codegen/schema/normalize/rules/mark-open-unions.ts'
import { openNullOnlyFields } from '../../../../../src/codegen/schema/normalize/rules/open-null-only-fields.ts'
import { stripProse } from '../../../../../src/codegen/schema/normalize/rules/strip-prose.ts'
import { unwrapSingleUnions } from '../../../../../src/codegen/schema/normalize/rules/unwrap-single-unions.ts'
import { upgradeTo31 } from '../../../../../src/codegen/schema/normalize/rules/upgrade-to-3-1.ts'
import { documentWith, documentWithThing, thingOf } from '../small-document.ts'

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
      name: 'reads a nullable type',
      from: { type: 'string', nullable: true },
      to: { type: ['string', 'null'] },
    },
    {
      name: 'drops a nullable that says no',
      from: { type: 'string', nullable: false },
      to: { type: 'string' },
    },
    {
      name: 'keeps what stands beside a nullable reference beside the union',
      from: { allOf: [other], nullable: true, readOnly: true },
      to: { readOnly: true, anyOf: [{ allOf: [other] }, { type: 'null' }] },
    },
    {
      name: 'adds null to a nullable union',
      from: { anyOf: [other, { type: 'string' }], nullable: true },
      to: { anyOf: [other, { type: 'string' }, { type: 'null' }] },
    },
    {
      name: 'keeps a union with a discriminator together',
      from: { oneOf: [other], discriminator: { propertyName: 'kind' }, nullable: true },
      to: { anyOf: [{ oneOf: [other], discriminator: { propertyName: 'kind' } }, { type: 'null' }] },
    },
    {
      name: 'moves a bound that was marked exclusive',
      from: { type: 'number', minimum: 1, exclusiveMinimum: true },
      to: { type: 'number', exclusiveMinimum: 1 },
    },
    {
      name: 'drops a mark that a bound is not exclusive',
      from: { type: 'number', maximum: 1, exclusiveMaximum: false },
      to: { type: 'number', maximum: 1 },
    },
    { name: 'reads a bare nullable as anything', from: { nullable: true }, to: {} },
  ])
  keeps(upgradeTo31, [
    { name: 'leaves exclusive bounds of 3.1', from: { type: 'number', exclusiveMinimum: 1 } },
    { name: 'leaves a property called nullable', from: { properties: { nullable: { type: 'boolean' } } } },
  ])

  it('writes the version', () => {
    const document = documentWith({ openapi: '3.0.3' })
    expect(upgradeTo31(document).changed).toBe(1)
    expect(document.openapi).toBe('3.1.0')
  })
})

describe('fold-null-spellings', () => {
  changes(foldNullSpellings, [
    {
      name: 'folds a typed union',
      from: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      to: { type: ['string', 'null'] },
    },
    {
      name: 'folds a list or null',
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
    { name: 'reads a list of one type as that type', from: { type: ['string'] }, to: { type: 'string' } },
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
      name: 'makes a constant or null an enum',
      from: { anyOf: [{ type: 'string', const: 'a' }, { type: 'null' }] },
      to: { type: ['string', 'null'], enum: ['a', null] },
    },
    {
      name: 'reads a union of nulls as null',
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
    { name: 'leaves the one spelling for types', from: { type: ['string', 'null'] } },
    { name: 'leaves the one spelling for references', from: { anyOf: [other, { type: 'null' }] } },
    { name: 'leaves unions without null', from: { oneOf: [other, { type: 'string' }] } },
    { name: 'leaves null itself', from: { type: 'null' } },
  ])

  it('writes NullEnum and BlankEnum where they are used', () => {
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
    { name: 'reads allOf of one as a reference', from: { allOf: [other] }, to: other },
    {
      name: 'keeps what stands beside it',
      from: { allOf: [other], readOnly: true },
      to: { ...other, readOnly: true },
    },
    {
      name: 'unwraps inside a union',
      from: { anyOf: [{ allOf: [other] }, { type: 'null' }] },
      to: { anyOf: [other, { type: 'null' }] },
    },
    {
      name: 'reads oneOf of one with a discriminator as its member',
      from: { oneOf: [other], discriminator: { propertyName: 'kind' } },
      to: other,
    },
  ])
  keeps(unwrapSingleUnions, [
    { name: 'leaves an intersection of two', from: { allOf: [other, { type: 'object' }] } },
    {
      name: 'leaves an intersection with what stands beside it',
      from: { allOf: [other], properties: { a: {} } },
    },
    { name: 'leaves an empty union', from: { anyOf: [] } },
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
      name: 'claims nothing for a single typed member',
      from: { anyOf: [{ type: 'string' }, {}] },
      to: { 'x-typehog-open': true },
    },
    {
      name: 'does not count null as a typed member',
      from: { oneOf: [{ type: 'string' }, { type: 'null' }, {}] },
      to: { 'x-typehog-open': true },
    },
  ])
  keeps(markOpenUnions, [{ name: 'leaves a closed union', from: { anyOf: [other, { type: 'string' }] } }])
})

describe('fold-single-values', () => {
  changes(foldSingleValues, [
    {
      name: 'writes one value as a constant',
      from: { type: 'string', enum: ['a'] },
      to: { type: 'string', const: 'a' },
    },
    { name: 'reads the value null as the type', from: { enum: [null] }, to: { type: 'null' } },
  ])
  keeps(foldSingleValues, [
    { name: 'leaves two values', from: { type: 'string', enum: ['a', 'b'] } },
    { name: 'leaves one value beside null', from: { type: ['string', 'null'], enum: ['a'] } },
  ])
})

describe('loosen-formats', () => {
  changes(loosenFormats, [
    {
      name: 'moves a format',
      from: { type: 'string', format: 'uuid' },
      to: { type: 'string', 'x-typehog-format': 'uuid' },
    },
    {
      name: 'moves int64, which would become a bigint',
      from: { type: 'integer', format: 'int64' },
      to: { type: 'integer', 'x-typehog-format': 'int64' },
    },
  ])
  keeps(loosenFormats, [
    { name: 'leaves binary', from: { type: 'string', format: 'binary' } },
    { name: 'leaves a property called format', from: { properties: { format: { type: 'string' } } } },
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
    { name: 'leaves the largest safe bound', from: { maximum: Number.MAX_SAFE_INTEGER, minimum: 0 } },
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
    { name: 'leaves false', from: { type: 'boolean', default: false } },
    { name: 'leaves a property called default', from: { properties: { default: { type: 'string' } } } },
  ])
})

describe('open-null-only-fields', () => {
  changes(openNullOnlyFields, [
    {
      name: 'opens a field that is said to be null alone',
      from: { properties: { detail: { type: 'null', readOnly: true } } },
      to: { properties: { detail: { readOnly: true } } },
    },
  ])
  keeps(openNullOnlyFields, [
    { name: 'leaves the null of a union', from: { properties: { a: { anyOf: [other, { type: 'null' }] } } } },
    { name: 'leaves fields that may be null', from: { properties: { a: { type: ['string', 'null'] } } } },
  ])
})

describe('strip-prose', () => {
  changes(stripProse, [
    {
      name: 'takes titles, descriptions and examples out',
      from: { type: 'string', title: 'A', description: 'B', example: 'C', examples: ['D'] },
      to: { type: 'string' },
    },
    {
      name: 'goes into every schema',
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
      name: 'leaves properties with such names',
      from: { properties: { title: {}, description: {}, example: {} } },
    },
    {
      name: 'leaves values with such keys',
      from: { default: { title: 'A' }, enum: [{ description: 'B' }, 'x'] },
    },
  ])

  it('empties the description of answers and takes that of everything else out', () => {
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
