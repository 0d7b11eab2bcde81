import { describe, expect, it } from 'vitest'
import {
  type EndpointResult,
  readRunResponse,
  toResult,
} from '../../../../src/resources/endpoints/endpoint-result.ts'

const shape = (response: object, requestedLimit?: number): EndpointResult<unknown> =>
  toResult(readRunResponse(response, 'traffic'), {
    requestedLimit,
    debug: undefined,
    requestId: 'req-1',
    age: undefined,
    stale: false,
  })

describe('rows of a HogQL endpoint', () => {
  it('are objects keyed by column name', () => {
    const result = shape({
      columns: ['path', 'views'],
      results: [
        ['/', 3],
        ['/a', null],
      ],
    })
    expect(result.rows).toEqual([
      { path: '/', views: 3 },
      { path: '/a', views: null },
    ])
    expect(result.columns).toEqual(['path', 'views'])
  })

  it('keep every cell if two columns have the same name', () => {
    const result = shape({ columns: ['n', 'n', 'n_2', 'n'], results: [[1, 2, 3, 4]] })
    expect(result.columns).toEqual(['n', 'n_3', 'n_2', 'n_4'])
    expect(result.rows).toEqual([{ n: 1, n_3: 2, n_2: 3, n_4: 4 }])
  })

  it('have a column named __proto__ as an own property', () => {
    const { rows } = shape({ columns: ['__proto__', 'constructor'], results: [[{ admin: true }, 'c']] })
    const [row] = rows
    expect(Object.entries(Object(row))).toEqual([
      ['__proto__', { admin: true }],
      ['constructor', 'c'],
    ])
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
    expect(Object(row).admin).toBeUndefined()
  })

  it.each([
    ['too short', ['/'], '1 cells'],
    ['too long', ['/', 3, 'more'], '3 cells'],
  ])('are rejected if one is %s', (_, cells, found) => {
    expect(() => shape({ columns: ['path', 'views'], results: [cells] })).toThrow(found)
  })

  it.each([[{ path: '/' }], [null], ['/']])('are rejected if one is %j, not an array', (cells) => {
    expect(() => shape({ columns: ['path', 'views'], results: [cells] })).toThrow('not an array of cells')
  })

  it('are empty for null', () => {
    expect(shape({ columns: ['a'], results: null }).rows).toEqual([])
  })

  it('report a limit of PostHog that cut them off', () => {
    const results = Array.from({ length: 100 }, (_, index) => [index])
    expect(shape({ columns: ['a'], results }).complete).toEqual({ reason: 'row_limit', limit: 100 })
    expect(shape({ columns: ['a'], results }, 100).complete).toBe(true)
  })
})

describe('column types', () => {
  it.each<[string, unknown, readonly (string | undefined)[]]>([
    [
      'from pairs',
      [
        ['a', 'String'],
        ['b', 'Nullable(Int64)'],
      ],
      ['String', 'Nullable(Int64)'],
    ],
    ['from plain strings', ['String', 'Int64'], ['String', 'Int64']],
    ['if PostHog reports only some', ['String'], ['String', undefined]],
    ['without values that are not strings', [['a', 7], null], [undefined, undefined]],
    ['without incomplete pairs', [['a'], []], [undefined, undefined]],
    ['not at all', undefined, [undefined, undefined]],
    ['up to the number of columns', ['A', 'B', 'C'], ['A', 'B']],
  ])('are read %s', (_, types, expected) => {
    expect(shape({ columns: ['a', 'b'], results: [], types }).types).toEqual(expected)
  })
})

describe('rows of an insight endpoint', () => {
  it.each<[string, unknown, unknown[]]>([
    ['the items of an array', [{ label: 'a' }, { label: 'b' }], [{ label: 'a' }, { label: 'b' }]],
    ['one object', { bins: [1] }, [{ bins: [1] }]],
    ['nested arrays, unchanged', [[1, 2], [3]], [[1, 2], [3]]],
    ['nothing, for null', null, []],
    ['nothing, for an empty array', [], []],
  ])('are %s', (_, results, rows) => {
    const result = shape({ results })
    expect(result.rows).toEqual(rows)
    expect(result.columns).toEqual([])
    expect(result.types).toEqual([])
    expect(result.complete).toBe(true)
  })

  it('ignore the default row limit', () => {
    expect(shape({ results: Array.from({ length: 100 }, () => ({})) }).complete).toBe(true)
  })

  it('report more rows', () => {
    expect(shape({ results: [{}, {}], hasMore: true }).complete).toEqual({ reason: 'page', limit: 2 })
  })
})

describe('metadata of a result', () => {
  it('is undefined or false if the server sends none', () => {
    expect(shape({ results: [] })).toEqual({
      rows: [],
      complete: true,
      columns: [],
      types: [],
      version: undefined,
      versionCreatedAt: undefined,
      materialized: false,
      materializedAt: undefined,
      executionId: undefined,
      hasMore: false,
      limit: undefined,
      offset: undefined,
      cache: {
        hit: false,
        lastRefresh: undefined,
        targetAge: undefined,
        nextAllowedRefresh: undefined,
        age: undefined,
        stale: false,
      },
      timezone: undefined,
      debug: undefined,
      requestId: 'req-1',
    })
  })

  it('is read from the response', () => {
    const result = shape({
      results: [],
      columns: [],
      hasMore: true,
      limit: 5,
      offset: 10,
      is_cached: true,
      last_refresh: 'r',
      cache_target_age: 't',
      next_allowed_client_refresh: 'n',
      timezone: 'Europe/Berlin',
      execution_id: 'e',
      endpoint_version: 4,
      endpoint_version_created_at: 'v',
      endpoint_materialized: true,
      endpoint_materialized_at: 'm',
    })
    expect(result).toMatchObject({
      version: 4,
      versionCreatedAt: 'v',
      materialized: true,
      materializedAt: 'm',
      executionId: 'e',
      hasMore: true,
      limit: 5,
      offset: 10,
      cache: { hit: true, lastRefresh: 'r', targetAge: 't', nextAllowedRefresh: 'n' },
      timezone: 'Europe/Berlin',
    })
  })
})
