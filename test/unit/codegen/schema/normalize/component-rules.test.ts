import { describe, expect, it } from 'vitest'
import type { SchemaObject } from '../../../../../src/codegen/schema/document.ts'
import {
  dropUnusedComponents,
  markNumberedComponents,
  renameComponents,
} from '../../../../../src/codegen/schema/normalize/rules/components.ts'
import { requireDiscriminators } from '../../../../../src/codegen/schema/normalize/rules/unions.ts'
import { documentWith, jsonResponse } from '../../small-documents.ts'

const reference = (name: string): SchemaObject => ({ $ref: `#/components/schemas/${name}` })

describe('rename-components', () => {
  const renamed = (names: readonly string[]): string[] => {
    const document = documentWith({
      components: { schemas: Object.fromEntries(names.map((name) => [name, {}])) },
    })
    renameComponents(document)
    return Object.keys(document.components?.schemas ?? {})
  }

  it.each([
    [
      ['DateRange', '_DateRange'],
      ['DateRange', 'InnerDateRange'],
    ],
    [['_DateRange'], ['DateRange']],
    [
      ['HogQLQuery', 'HogQlQuery'],
      ['HogQLQuery', 'InnerHogQlQuery'],
    ],
    [
      ['some.thing', '2FA'],
      ['SomeThing', 'Type2Fa'],
    ],
    [
      ['_User', 'InnerUser', 'User'],
      ['InnerInnerUser', 'InnerUser', 'User'],
    ],
  ])('renames %j to %j', (names, expected) => {
    expect(renamed(names)).toEqual(expected)
  })

  it('keeps valid names', () => {
    expect(renamed(['Action', 'User_2', 'TrendsQuery'])).toEqual(['Action', 'User_2', 'TrendsQuery'])
  })

  it('updates references and mappings', () => {
    const document = documentWith({
      paths: { '/api/a/': { get: { responses: { '200': jsonResponse(reference('_A')) } } } },
      components: {
        schemas: {
          A: {},
          _A: {
            oneOf: [reference('_A'), reference('A')],
            discriminator: { propertyName: 'k', mapping: { x: '#/components/schemas/_A' } },
          },
        },
      },
    })
    expect(renameComponents(document).changed).toBe(1)
    expect(JSON.stringify(document)).not.toContain('/_A"')
    expect(document.components?.schemas?.['InnerA']?.discriminator?.mapping).toEqual({
      x: '#/components/schemas/InnerA',
    })
  })
})

describe('mark-numbered-components', () => {
  it.each(['Response26', 'QueryResponseAlternative7', 'Key10'])('marks %s', (name) => {
    const document = documentWith({ components: { schemas: { [name]: {} } } })
    expect(markNumberedComponents(document).changed).toBe(1)
    expect(document.components?.schemas?.[name]).toEqual({ 'x-typehog-internal': true })
  })

  it.each(['PathsV2', 'OAuth2', 'Sha256', 'TrendsQuery', 'V2Thing'])('does not mark %s', (name) => {
    expect(markNumberedComponents(documentWith({ components: { schemas: { [name]: {} } } })).changed).toBe(0)
  })
})

describe('require-discriminators', () => {
  it('makes the discriminator required in each member that has it', () => {
    const document = documentWith({
      components: {
        schemas: {
          Union: { oneOf: [reference('A'), reference('B')], discriminator: { propertyName: 'kind' } },
          A: { properties: { kind: { const: 'A' }, x: {} }, required: ['x'] },
          B: { properties: { other: {} } },
        },
      },
    })
    expect(requireDiscriminators(document).changed).toBe(1)
    expect(document.components?.schemas?.['A']?.required).toEqual(['kind', 'x'])
    expect(document.components?.schemas?.['B']).not.toHaveProperty('required')
  })

  it('keeps members that require it and unions without a discriminator', () => {
    const document = documentWith({
      components: {
        schemas: {
          Union: { oneOf: [reference('A')], discriminator: { propertyName: 'kind' } },
          Plain: { oneOf: [reference('B')] },
          A: { properties: { kind: {} }, required: ['kind'] },
          B: { properties: { kind: {} } },
        },
      },
    })
    expect(requireDiscriminators(document).changed).toBe(0)
  })
})

describe('drop-unused-components', () => {
  it('keeps components that operations reach, including cycles', () => {
    const document = documentWith({
      paths: {
        '/api/a/': {
          get: {
            parameters: [{ $ref: '#/components/parameters/P' }],
            responses: { '200': jsonResponse(reference('A')) },
          },
        },
      },
      components: {
        schemas: { A: reference('B'), B: { items: reference('A') }, C: reference('D'), D: reference('C') },
        parameters: { P: { name: 'p', in: 'query' }, Q: { name: 'q', in: 'query' } },
      },
    })
    expect(dropUnusedComponents(document).changed).toBe(3)
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(['A', 'B'])
    expect(Object.keys(document.components?.parameters ?? {})).toEqual(['P'])
  })
})
