import { describe, expect, it } from 'vitest'
import type { EndpointRecord, VersionRecord } from '../../../src/local/resources/endpoints/endpoint-store.ts'
import { openapiDocument } from '../../../src/local/resources/endpoints/openapi-document.ts'
import type { SavedQuery } from '../../../src/local/resources/query/saved-query.ts'
import type {
  InsightVariable,
  VariableType,
} from '../../../src/local/resources/variables/insight-variable.ts'

type Json = Record<string, unknown>

interface Setup {
  readonly name: string
  readonly query: SavedQuery
  readonly version?: number
  readonly materialized?: boolean
  readonly optional?: string[]
  readonly description?: string
}

const projectVariable = (code_name: string, type: VariableType): [string, InsightVariable] => [
  `id-${code_name}`,
  {
    id: `id-${code_name}`,
    name: code_name,
    code_name,
    type,
    default_value: null,
    created_by: 1,
    created_at: '',
    values: null,
  },
]

const project = {
  id: 12345,
  site: 'https://us.posthog.com',
  variables: new Map([
    projectVariable('country', 'String'),
    projectVariable('since', 'Date'),
    projectVariable('min_calls', 'Number'),
    projectVariable('flag', 'Boolean'),
    projectVariable('many', 'List'),
    projectVariable('customer_id', 'String'),
  ]),
}

const hogql = (variables: Record<string, unknown>): SavedQuery => ({
  kind: 'HogQLQuery',
  query: '',
  variables: Object.fromEntries(
    Object.entries(variables).map(([code_name, value]) => [
      `id-${code_name}`,
      { variableId: `id-${code_name}`, code_name, value, isNull: null },
    ]),
  ),
})

const documentOf = (setup: Setup): Json => {
  const number = setup.version ?? 1
  const versions: VersionRecord[] = Array.from({ length: number }, (_, index) => ({
    id: `v${index}`,
    version: index + 1,
    query: setup.query,
    description: setup.description ?? '',
    freshnessSeconds: 86_400,
    isActive: true,
    materialization: setup.materialized ? { savedQueryId: 's', builtAt: new Date(0) } : null,
    bucketOverrides: null,
    optionalBreakdowns: setup.optional ?? [],
    columns: [],
    createdAt: new Date(0),
    updatedAt: null,
    lastExecutedAt: null,
  }))
  const endpoint: EndpointRecord = {
    id: 'e',
    name: setup.name,
    isActive: true,
    deleted: false,
    tags: [],
    derivedFromInsight: null,
    createdAt: new Date(0),
    updatedAt: new Date(0),
    lastExecutedAt: null,
    versions,
  }
  const version = versions.at(-1)
  if (version === undefined) throw new Error('a document needs a version')
  return openapiDocument(endpoint, version, project)
}

/** The document without the descriptions in its schemas, whose wording is not PostHog's. */
const withoutDescriptions = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutDescriptions)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(
    ([key, member]) => key !== 'description' || typeof member !== 'string',
  )
  return Object.fromEntries(members.map(([key, member]) => [key, withoutDescriptions(member)]))
}

const errorContent = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } }
const text = { type: 'string' }

/** The document that PostHog generates, without its descriptions. */
const expected = (
  name: string,
  id: string,
  version: number,
  variables: Json | undefined,
  required: boolean,
): Json => ({
  openapi: '3.0.3',
  info: { title: name, version: String(version) },
  servers: [{ url: 'https://us.posthog.com' }],
  paths: {
    [`/api/projects/12345/endpoints/${name}/run`]: {
      post: {
        operationId: id,
        summary: `Execute ${name}`,
        security: [{ PersonalAPIKey: [] }],
        requestBody: {
          required,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/EndpointRunRequest' } } },
        },
        responses: {
          '200': {
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: {
                    results: { type: 'array', items: {} },
                    columns: { type: 'array', items: text },
                    hasMore: { type: 'boolean' },
                  },
                  required: ['results'],
                },
              },
            },
          },
          '400': errorContent,
          '401': {},
          '404': {},
          '503': errorContent,
        },
      },
    },
  },
  components: {
    securitySchemes: { PersonalAPIKey: { type: 'http', scheme: 'bearer' } },
    schemas: {
      Error: {
        type: 'object',
        properties: { type: text, code: text, detail: text, attr: { type: 'string', nullable: true } },
        required: ['type', 'code', 'detail'],
      },
      EndpointRunRequest: {
        type: 'object',
        properties: {
          client_query_id: text,
          filters_override: { $ref: '#/components/schemas/DashboardFilter' },
          refresh: { type: 'string', enum: ['cache', 'force', 'direct'], default: 'cache' },
          version: { type: 'integer' },
          limit: { type: 'integer', minimum: 1 },
          debug: { type: 'boolean', default: false },
          ...(variables === undefined ? {} : { variables: { $ref: '#/components/schemas/Variables' } }),
        },
        ...(required ? { required: ['variables'] } : {}),
      },
      DashboardFilter: {
        type: 'object',
        properties: {
          date_from: { type: 'string', examples: ['-7d', '-30d', '2024-01-01', 'mStart'] },
          date_to: { type: 'string', examples: ['now', '2024-12-31', 'dStart'] },
          properties: { type: 'array', items: { $ref: '#/components/schemas/PropertyFilter' } },
        },
      },
      PropertyFilter: {
        type: 'object',
        properties: {
          key: text,
          value: { oneOf: [text, { type: 'number' }, { type: 'array', items: text }] },
          operator: {
            type: 'string',
            enum: (
              'exact is_not icontains not_icontains regex not_regex gt lt gte lte is_set is_not_set ' +
              'is_date_exact is_date_before is_date_after in not_in'
            ).split(' '),
          },
          type: { type: 'string', enum: ['event', 'person', 'session', 'cohort', 'group', 'hogql'] },
        },
        required: ['key'],
      },
      ...(variables === undefined ? {} : { Variables: variables }),
    },
  },
})

const trends: SavedQuery = {
  kind: 'TrendsQuery',
  series: [],
  breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' },
}

describe('the OpenAPI document of an endpoint', () => {
  it('requires the variables of inline HogQL without a saved value, in query order', () => {
    const made = documentOf({
      name: 'signups-by-country',
      version: 3,
      query: hogql({ country: 'US', since: null, flag: null, many: null, gone: null }),
    })
    const variables = {
      type: 'object',
      properties: {
        country: { type: 'string', example: 'US' },
        since: { type: 'string', format: 'date' },
        flag: { type: 'boolean' },
        many: { type: 'array', items: text },
        gone: text,
      },
      additionalProperties: false,
      required: ['since', 'flag', 'many', 'gone'],
    }
    expect(withoutDescriptions(made)).toEqual(
      expected('signups-by-country', 'run_signups_by_country', 3, variables, true),
    )
  })

  it('requires all variables of materialized HogQL, sorted, and shows defaults as stored', () => {
    const made = documentOf({
      name: 'customer_usage',
      version: 2,
      materialized: true,
      query: hogql({ customer_id: null, since: '2026-01-01', min_calls: '10' }),
    })
    const variables = {
      type: 'object',
      properties: {
        customer_id: text,
        since: { type: 'string', format: 'date', example: '2026-01-01' },
        min_calls: { type: 'number', example: '10' },
      },
      additionalProperties: false,
      required: ['customer_id', 'min_calls', 'since'],
    }
    expect(withoutDescriptions(made)).toEqual(
      expected('customer_usage', 'run_customer_usage', 2, variables, true),
    )
  })

  it('requires no variables of HogQL when each has a default', () => {
    const made = documentOf({ name: 'a', query: hogql({ country: 'US' }) })
    const variables = {
      type: 'object',
      properties: { country: { type: 'string', example: 'US' } },
      additionalProperties: false,
    }
    expect(withoutDescriptions(made)).toEqual(expected('a', 'run_a', 1, variables, false))
  })

  it('omits Variables for HogQL without variables', () => {
    expect(
      withoutDescriptions(documentOf({ name: 'a', query: { kind: 'HogQLQuery', variables: null } })),
    ).toEqual(expected('a', 'run_a', 1, undefined, false))
  })

  const browser = { type: 'string', example: 'Chrome' }
  const dates = {
    date_from: { type: 'string', example: '2024-01-01' },
    date_to: { type: 'string', example: '2024-01-31' },
  }

  it('accepts the breakdown and dates of inline trends', () => {
    const variables = {
      type: 'object',
      properties: { $browser: browser, ...dates },
      additionalProperties: false,
      required: ['$browser'],
    }
    expect(withoutDescriptions(documentOf({ name: 'b', query: trends }))).toEqual(
      expected('b', 'run_b', 1, variables, true),
    )
  })

  it('accepts no dates for materialized trends', () => {
    const variables = {
      type: 'object',
      properties: { $browser: browser },
      additionalProperties: false,
      required: ['$browser'],
    }
    expect(withoutDescriptions(documentOf({ name: 'b', query: trends, materialized: true }))).toEqual(
      expected('b', 'run_b', 1, variables, true),
    )
  })

  it('requires no variables of trends with an optional breakdown, nor of other kinds', () => {
    const optional = {
      type: 'object',
      properties: { $browser: browser, ...dates },
      additionalProperties: false,
    }
    expect(withoutDescriptions(documentOf({ name: 'b', query: trends, optional: ['$browser'] }))).toEqual(
      expected('b', 'run_b', 1, optional, false),
    )
    const funnel = { type: 'object', properties: dates, additionalProperties: false }
    expect(withoutDescriptions(documentOf({ name: 'c', query: { kind: 'FunnelsQuery' } }))).toEqual(
      expected('c', 'run_c', 1, funnel, false),
    )
  })

  it('omits Variables for materialized trends without a breakdown', () => {
    const made = documentOf({ name: 'd', query: { kind: 'TrendsQuery' }, materialized: true })
    expect(withoutDescriptions(made)).toEqual(expected('d', 'run_d', 1, undefined, false))
  })

  it("contains the endpoint's description, or a default, and the range of versions", () => {
    const made = documentOf({ name: 'a', version: 3, query: hogql({}), description: 'Sign-ups.' })
    expect(made).toMatchObject({
      info: { description: 'Sign-ups.' },
      components: {
        schemas: {
          EndpointRunRequest: {
            properties: { version: { description: 'The version to run, from 1 to 3. Default: the newest.' } },
          },
        },
      },
    })
    expect(documentOf({ name: 'a', query: hogql({}) })).toMatchObject({
      info: { description: expect.stringContaining('a') },
    })
  })
})
