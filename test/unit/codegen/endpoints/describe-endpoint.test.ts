import { describe, expect, it } from 'vitest'
import { describeEndpoint } from '../../../../src/codegen/endpoints/describe-endpoint.ts'
import { EndpointDescriptionError } from '../../../../src/codegen/endpoints/document-reader.ts'
import { uniqueColumnNames } from '../../../../src/runtime/rows/decode-rows.ts'
import { described, endpointObject, openapiDocument } from './documents.ts'

const options = { uniqueColumnNames }

describe('describeEndpoint', () => {
  it('reads every type of variable', () => {
    const { variables } = described({
      properties: {
        text: { type: 'string' },
        day: { type: 'string', format: 'date' },
        count: { type: 'number' },
        flag: { type: 'boolean' },
        list: { type: 'array', items: { type: 'string' } },
        other: { type: 'object' },
      },
    })
    expect(variables.map(({ name, type }) => [name, type])).toEqual([
      ['text', 'string'],
      ['day', 'date'],
      ['count', 'number'],
      ['flag', 'boolean'],
      ['list', 'string[]'],
      ['other', 'unknown'],
    ])
  })

  it('marks variables as required that the document lists as required', () => {
    const { variables } = described({
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      required: ['b'],
    })
    expect(variables.map(({ required }) => required)).toEqual([false, true])
  })

  it.each([
    ['an inline HogQL endpoint', {}, true],
    ['a materialized one', { is_materialized: true }, false],
    ['an insight', { query: { kind: 'TrendsQuery' } }, false],
  ])('knows whether %s accepts null', (_, endpoint, nullable) => {
    const [variable] = described({ endpoint, properties: { a: { type: 'string' } } }).variables
    expect(variable?.nullable).toBe(nullable)
  })

  it('prefers the requested version to the current one', () => {
    expect(described({ endpoint: { version: 2 } }).version).toBe(2)
    expect(described().version).toBe(3)
  })

  it('is inactive when the version or the endpoint is', () => {
    expect(described({ endpoint: { is_active: false } }).isActive).toBe(false)
    expect(described({ endpoint: { endpoint_is_active: false } }).isActive).toBe(false)
    expect(described().isActive).toBe(true)
  })

  it('gives duplicate columns the names that the client uses in rows', () => {
    const columns = [
      { name: 'n', type: 'integer' },
      { name: 'n', type: 'string' },
    ]
    expect(described({ endpoint: { columns } }).columns).toEqual([
      { name: 'n', type: 'integer' },
      { name: 'n_2', type: 'string' },
    ])
  })

  it('accepts a missing column list, description and variables', () => {
    const { columns, description, variables } = described({
      endpoint: { columns: undefined, description: null },
    })
    expect({ columns, description, variables }).toEqual({ columns: [], description: '', variables: [] })
  })

  it('rejects a description of another endpoint', () => {
    const call = (): unknown =>
      describeEndpoint(endpointObject(), openapiDocument(), { ...options, name: 'a' })
    expect(call).toThrow('Endpoint "a": endpoint at /name is "top-pages", expected "a".')
  })

  it.each([
    ['a string', 'text', openapiDocument(), 'endpoint at / is not a JSON object'],
    ['a missing name', endpointObject({ name: undefined }), openapiDocument(), '/name is not a string'],
    [
      'a name of 129 characters',
      endpointObject({ name: 'x'.repeat(129) }),
      openapiDocument(),
      '/name is longer',
    ],
    ['a lone surrogate', endpointObject({ name: '\ud800' }), openapiDocument(), '/name is not valid Unicode'],
    [
      'a version of 1e300',
      endpointObject({ version: 1e300 }),
      openapiDocument(),
      '/version is not a positive integer',
    ],
    ['no query', endpointObject({ query: null }), openapiDocument(), '/query is not a JSON object'],
    ['a query without kind', endpointObject({ query: {} }), openapiDocument(), '/query/kind is not a string'],
    [
      'a version as a string',
      endpointObject({ current_version: '3' }),
      openapiDocument(),
      '/current_version is not',
    ],
    ['columns as an object', endpointObject({ columns: {} }), openapiDocument(), '/columns is not a list'],
    [
      'a column as a string',
      endpointObject({ columns: ['a'] }),
      openapiDocument(),
      '/columns/0 is not a JSON object',
    ],
    [
      'a column without type',
      endpointObject({ columns: [{ name: 'a' }] }),
      openapiDocument(),
      '/columns/0/type',
    ],
    ['an HTML document', endpointObject(), '<html>', 'openapi.json at / is not a JSON object'],
    ['no paths', endpointObject(), {}, 'openapi.json at /paths'],
    [
      'properties as a list',
      endpointObject(),
      openapiDocument({ properties: [] as never }),
      '/Variables/properties',
    ],
    [
      'a variable as a string',
      endpointObject(),
      openapiDocument({ properties: { a: 'string' } }),
      '/properties/a',
    ],
    [
      'an unknown required variable',
      endpointObject(),
      openapiDocument({ properties: { a: { type: 'string' } }, required: ['toString'] }),
      '/required/0 is not the name of a variable',
    ],
  ])('rejects %s with its JSON pointer', (_, endpoint, openapi, message) => {
    const call = (): unknown => describeEndpoint(endpoint, openapi, options)
    expect(call).toThrow(EndpointDescriptionError)
    expect(call).toThrow(message)
  })
})
