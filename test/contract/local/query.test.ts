import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SqlEngine } from '../../../src/local/engine/sql-engine.ts'
import { type LocalPostHog, startLocalPostHog } from '../../../src/local/local-posthog.ts'
import { type CallerResponse, callerOf, hogql } from './harness.ts'

let posthog: LocalPostHog
let call: ReturnType<typeof callerOf>

beforeAll(async () => {
  posthog = await startLocalPostHog({ events: 500, throttle: false })
  call = callerOf(posthog)
})

afterAll(() => posthog.close())

const query = (sql: string, values?: object): Promise<CallerResponse> =>
  call('POST', '/api/projects/1/query/', {
    body: { query: hogql(sql, values === undefined ? {} : { values }) },
  })

describe('the query API', () => {
  it('returns columns, types as pairs and rows as arrays', async () => {
    const { status, body } = await query(
      "select event, count() as n from events where event = 'purchase' group by event",
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({
      columns: ['event', 'n'],
      types: [
        ['event', 'String'],
        ['n', 'UInt64'],
      ],
      results: [['purchase', expect.any(Number)]],
      hasMore: false,
      limit: 100,
      offset: 0,
    })
  })

  it('limits a query without LIMIT to 100 rows and reports more', async () => {
    const { body } = await query('select number from numbers(1000)')
    expect(body['results']).toHaveLength(100)
    expect(body).toMatchObject({ hasMore: true, limit: 100 })
  })

  it('does not report more rows when they end at the limit', async () => {
    expect((await query('select number from numbers(100)')).body).toMatchObject({
      hasMore: false,
      limit: 100,
    })
  })

  it('lowers a larger LIMIT to 50,000', async () => {
    const { body } = await query('select number from numbers(60000) limit 60000')
    expect(body['results']).toHaveLength(50_000)
    expect(body).toMatchObject({ limit: 50_000, hasMore: true })
  })

  it('returns 64-bit integers with all digits, NaN as null and times with their zone', async () => {
    const { text } = await query(
      "select 18446744073709551615 as a, nan as b, toDateTime64('2026-01-02 03:04:05', 6, 'UTC') as c, toDecimal(1.5, 2) as d",
    )
    expect(text).toContain('[[18446744073709551615,null,"2026-01-02T03:04:05Z","1.50"]]')
  })

  it('reads properties of events and persons', async () => {
    const { body } = await query(
      "select properties.$browser, person.properties.country as c, properties.amount > 0 as paid from events where event = 'purchase' and properties.plan is not null limit 1",
    )
    expect(body).toMatchObject({
      columns: ['$browser', 'c', 'paid'],
      results: [[expect.any(String), expect.any(String), 1]],
    })
  })

  it('joins persons, reads WITH queries and unions', async () => {
    const joined = await query(
      'with active as (select distinct person_id as id from events) select count() from persons p join active a on a.id = p.id',
    )
    expect(joined.status).toBe(200)
    expect((await query('select 1 as x union all select 2 as x')).body['results']).toHaveLength(2)
  })

  it('returns every text unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const { status, body } = await query('select {a} as a, length({b}) as b', {
          a: text,
          b: [text, null],
        })
        expect([status, body['results']]).toEqual([200, [[text, 2]]])
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    ['numbers', 5, 5],
    ['large numbers', 9_007_199_254_740_991, 9_007_199_254_740_991],
    ['fractions', 0.1, 0.1],
    ['powers', 1e300, 1e300],
    ['booleans', true, true],
    ['null', null, null],
    ['lists', ["it's", 'b'], ["it's", 'b']],
    ['nested lists', [[1], [2, 3]], [[1], [2, 3]]],
    ['empty lists', [], []],
  ])('binds %s unchanged', async (_, value, result) => {
    const { body } = await query('select {v} as v', { v: value })
    expect(body['results']).toEqual([[result]])
  })

  it.each([
    ['select * from secrets', 'invalid_input', /secrets/],
    ["select file('/etc/hostname')", 'invalid_input', /file/],
    ['select foo(1)', 'invalid_input', /foo/],
    ['select nothing from events', 'invalid_input', /^Unable to resolve field: nothing$/],
    ['select 1 +', 'invalid_input', /^no viable alternative at input 'select 1 \+'$/],
    ['select {missing}', 'invalid_input', /missing/],
    ["select toInt32('x')", 'invalid_input', /^Unsupported function call 'toInt32\(\.\.\.\)'/],
    ['select intDiv(1, 0)', 'illegal_division', /zero/],
    ['drop table events', 'invalid_input', /'drop/],
  ])('rejects %s with 400 %s', async (sql, code, detail) => {
    expect(await query(sql)).toMatchObject({
      status: 400,
      body: { type: 'validation_error', code, detail: expect.stringMatching(detail), attr: null },
    })
  })

  it.each(['select 1 limit 1 offset 1', 'select 1 limit 1, 1', 'select * from (select 1 offset 1)'])(
    'rejects OFFSET with a personal key: %s',
    async (sql) => {
      expect(await query(sql)).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('OFFSET') },
      })
    },
  )

  it.each([
    ['an unknown key', { query: hogql('select 1'), personal: 1 }, /personal: Extra/],
    ['an unknown key of the query', { query: hogql('select 1', { sql: 1 }) }, /sql: Extra/],
    ['no query', {}, /query: Field required/],
    ['a query without a kind', { query: { query: 'select 1' } }, /kind/],
    ['an unknown refresh', { query: hogql('select 1'), refresh: 'soon' }, /refresh/],
    ['a list', [], /dictionary/],
    ['invalid JSON', '{"query":', /./],
  ])('rejects %s with parse_error', async (_, body, detail) => {
    expect(await call('POST', '/api/projects/1/query/', { body })).toMatchObject({
      status: 400,
      body: { type: 'invalid_request', code: 'parse_error', detail: expect.stringMatching(detail) },
    })
  })

  it('answers 501 for kinds of queries that it does not compute', async () => {
    expect(
      await call('POST', '/api/projects/1/query/', { body: { query: { kind: 'LogsQuery' } } }),
    ).toMatchObject({
      status: 501,
      body: { code: 'not_implemented_locally', detail: expect.stringContaining('LogsQuery') },
    })
  })

  it('accepts variables by code name', async () => {
    const variables = { id: { variableId: 'id', code_name: 'a', value: 'x' } }
    const body = { query: hogql('select {variables.a} as a', { variables }) }
    expect((await call('POST', '/api/projects/1/query/', { body })).body['results']).toEqual([['x']])
  })
})

describe('engines', () => {
  const engine = (more: Partial<SqlEngine>): SqlEngine => ({
    database: 'db',
    available: false,
    query: async () => ({ columns: [], rows: [] }),
    command: async () => {},
    insert: async () => {},
    close: async () => {},
    ...more,
  })

  it('run three queries concurrently; a fourth without a slot gets 429 without Retry-After', async () => {
    const finish: (() => void)[] = []
    const slow = await startLocalPostHog({
      queryWaitMs: 5,
      engine: engine({
        query: () => new Promise((done) => finish.push(() => done({ columns: [], rows: [] }))),
      }),
    })
    const callSlow = callerOf(slow)
    const send = (): Promise<CallerResponse> =>
      callSlow('POST', '/api/projects/1/query/', { body: { query: hogql('select 1') } })
    const running = [send(), send(), send()]
    const fourth = await send()
    expect(fourth).toMatchObject({ status: 429, body: { type: 'throttled_error', code: 'throttled' } })
    expect(fourth.headers.get('retry-after')).toBeNull()
    for (const end of finish) end()
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200, 200])
    await slow.close()
  })

  it.each([
    ['timeout_exceeded', 504, 'error'],
    ['memory_limit_exceeded', 513, 'clickhouse_memory_limit_exceeded'],
  ])('that fail with %s lead to status %i', async (name, status, code) => {
    const { EngineError } = await import('../../../src/local/engine/sql-engine.ts')
    const failing = await startLocalPostHog({
      engine: engine({
        query: async () => {
          throw new EngineError(name, 'too much')
        },
      }),
    })
    const response = await callerOf(failing)('POST', '/api/projects/1/query/', {
      body: { query: hogql('select 1') },
    })
    expect(response).toMatchObject({ status, body: { type: 'server_error', code } })
    await failing.close()
  })

  it('that are missing name the package to install, and everything else works', async () => {
    const { missingEngine } = await import('../../../src/local/engine/open-engine.ts')
    const bare = await startLocalPostHog({ engine: missingEngine() })
    const callBare = callerOf(bare)
    const made = await callBare('POST', '/api/projects/1/endpoints/', {
      body: { name: 'a', query: hogql('select 1') },
    })
    expect(made).toMatchObject({ status: 201, body: { columns: [] } })
    expect(await callBare('GET', '/api/projects/1/endpoints/a/run')).toMatchObject({
      status: 400,
      body: { code: 'engine_missing', detail: expect.stringContaining('npm i -D chdb') },
    })
    await bare.close()
  })
})
