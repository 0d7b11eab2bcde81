import { describe, expect, it } from 'vitest'
import { describeEndpoint } from '../../../../src/codegen/endpoints/describe-endpoint.ts'
import { EndpointDescriptionError } from '../../../../src/codegen/endpoints/endpoint-description-error.ts'
import { uniqueColumnNames } from '../../../../src/runtime/rows/decode-rows.ts'
import { described, endpointObject, openapiDocument } from './documents.ts'

const options = { uniqueColumnNames }

describe('describing an endpoint', () => {
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

  it('takes as required what the document lists as required', () => {
    const { variables } = described({
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      required: ['b'],
    })
    expect(variables.map(({ required }) => required)).toEqual([false, true])
  })

  it.each([
    ['an inline HogQL endpoint', {}, true],
    ['a materialised one', { is_materialized: true }, false],
    ['an insight', { query: { kind: 'TrendsQuery' } }, false],
  ])('knows whether %s takes null', (_, endpoint, nullable) => {
    const [variable] = described({ endpoint, properties: { a: { type: 'string' } } }).variables
    expect(variable?.nullable).toBe(nullable)
  })

  it('prefers the version of the version form to the current one', () => {
    expect(described({ endpoint: { version: 2 } }).version).toBe(2)
    expect(described().version).toBe(3)
  })

  it('counts a version as inactive when the version or the endpoint is', () => {
    expect(described({ endpoint: { is_active: false } }).isActive).toBe(false)
    expect(described({ endpoint: { endpoint_is_active: false } }).isActive).toBe(false)
    expect(described().isActive).toBe(true)
  })

  it('names duplicate columns as the client names them in rows', () => {
    const columns = [
      { name: 'n', type: 'integer' },
      { name: 'n', type: 'string' },
    ]
    expect(described({ endpoint: { columns } }).columns).toEqual([
      { name: 'n', type: 'integer' },
      { name: 'n_2', type: 'string' },
    ])
  })

  it('accepts servers that tell no columns, descriptions or variables', () => {
    const { columns, description, variables } = described({
      endpoint: { columns: undefined, description: null },
    })
    expect({ columns, description, variables }).toEqual({ columns: [], description: '', variables: [] })
  })

  it('refuses another endpoint than the one that was asked for', () => {
    const call = (): unknown =>
      describeEndpoint(endpointObject(), openapiDocument(), { ...options, name: 'a' })
    expect(call).toThrow('Endpoint "a": endpoint at /name is "top-pages", which is another endpoint.')
  })

  it.each([
    ['no object', 'text', openapiDocument(), 'endpoint at / is no JSON object'],
    ['a missing name', endpointObject({ name: undefined }), openapiDocument(), '/name is not a text'],
    [
      'a name of 129 characters',
      endpointObject({ name: 'x'.repeat(129) }),
      openapiDocument(),
      '/name is longer',
    ],
    ['half a character', endpointObject({ name: '\ud800' }), openapiDocument(), '/name is not valid Unicode'],
    ['a version of 1e300', endpointObject({ version: 1e300 }), openapiDocument(), '/version is not a whole'],
    ['no query', endpointObject({ query: null }), openapiDocument(), '/query is no JSON object'],
    ['a query without kind', endpointObject({ query: {} }), openapiDocument(), '/query/kind is not a text'],
    [
      'a version as text',
      endpointObject({ current_version: '3' }),
      openapiDocument(),
      '/current_version is not',
    ],
    ['columns as object', endpointObject({ columns: {} }), openapiDocument(), '/columns is not a list'],
    [
      'a column as text',
      endpointObject({ columns: ['a'] }),
      openapiDocument(),
      '/columns/0 is no JSON object',
    ],
    [
      'a column without type',
      endpointObject({ columns: [{ name: 'a' }] }),
      openapiDocument(),
      '/columns/0/type',
    ],
    ['an HTML document', endpointObject(), '<html>', 'openapi.json at / is no JSON object'],
    ['no paths', endpointObject(), {}, 'openapi.json at /paths'],
    [
      'properties as list',
      endpointObject(),
      openapiDocument({ properties: [] as never }),
      '/Variables/properties',
    ],
    [
      'a variable as text',
      endpointObject(),
      openapiDocument({ properties: { a: 'string' } }),
      '/properties/a',
    ],
    [
      'a required variable that is none',
      endpointObject(),
      openapiDocument({ properties: { a: { type: 'string' } }, required: ['toString'] }),
      '/required/0 names no variable',
    ],
  ])('refuses %s and names the place', (_, endpoint, openapi, message) => {
    const call = (): unknown => describeEndpoint(endpoint, openapi, options)
    expect(call).toThrow(EndpointDescriptionError)
    expect(call).toThrow(message)
  })
})
