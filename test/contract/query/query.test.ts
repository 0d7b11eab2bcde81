import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, hogql, type TypehogClient } from '../../../src/index.ts'
import { faults, type LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 500 }))
})
afterAll(() => local.close())

describe('a query', () => {
  it('returns rows as objects, with columns and types', async () => {
    const result = await posthog.hogql<{ event: string; n: number }>`
      select event, count() as n from events group by event order by n desc limit ${2}`
    expect(result.rows).toHaveLength(2)
    expect(result.rows[0]).toEqual({ event: expect.any(String), n: expect.any(Number) })
    expect(result).toMatchObject({ columns: ['event', 'n'], types: ['String', 'UInt64'], timezone: 'UTC' })
  })

  it('runs only when awaited, and only once', async () => {
    const before = local.requests.length
    const call = posthog.hogql`select 1 as one`
    await Promise.resolve()
    expect(local.requests).toHaveLength(before)
    expect(await Promise.all([call.one(), call.rows(), call])).toMatchObject([
      { one: 1 },
      [{ one: 1 }],
      { columns: ['one'] },
    ])
    expect(local.requests).toHaveLength(before + 1)
  })

  it('sends its name, cache mode and id', async () => {
    await posthog.hogql`select ${1}`.named('nightly').with({ refresh: 'force_blocking', clientQueryId: 'q1' })
    expect(local.requests.at(-1)?.body).toEqual({
      query: { kind: 'HogQLQuery', query: 'select {p0}', values: { p0: 1 } },
      name: 'nightly',
      refresh: 'force_blocking',
      client_query_id: 'q1',
    })
  })

  it('of a set runs with the others', async () => {
    const { one, two } = await posthog.hogql.all({
      one: hogql<{ a: number }>`select 1 as a`,
      two: hogql<{ b: string }>`select ${'x'} as b`,
    })
    const a: number | undefined = one.rows[0]?.a
    expect([a, two.rows]).toEqual([1, [{ b: 'x' }]])
  })

  it('sends filters for {filters}, and modifiers', async () => {
    const query = hogql<{ n: number }>`select count() as n from events where {filters}`
    const [all, none] = [
      await posthog.hogql(query, { filters: {} }).one(),
      await posthog.hogql(query, { filters: { dateRange: { date_to: '2000-01-01' } } }).one(),
    ]
    expect(all?.n).toBeGreaterThan(0)
    expect(none?.n).toBe(0)
    const modifiers = { convertToProjectTimezone: false }
    await posthog.hogql(hogql`select 1`, { modifiers })
    expect(local.requests.at(-1)?.body).toMatchObject({ query: { kind: 'HogQLQuery', modifiers } })
    // @ts-expect-error A modifier has a type.
    await expect(posthog.hogql(query, { filters: 'x' })).rejects.toThrow('`filters`')
  })

  it('rejects the whole set if it fails', async () => {
    const failing = posthog.hogql.all({ good: hogql`select 1`, bad: hogql`select nothing from nowhere` })
    await expect(failing).rejects.toMatchObject({ name: 'QueryError' })
  })

  it('is retried after a throttle', async () => {
    local.faults.add(faults.throttled(0))
    expect(await posthog.hogql`select 1 as one`.one()).toEqual({ one: 1 })
  })

  it('is not sent with a value that HogQL cannot represent', async () => {
    const before = local.requests.length
    const value = JSON.parse('{"query":"1","values":{}}')
    await expect(posthog.hogql`select ${value}`).rejects.toMatchObject({ name: 'ConfigurationError' })
    expect(local.requests).toHaveLength(before)
  })

  it('rejects an incomplete response and a timeout', async () => {
    local.faults.add({ path: '/query/', status: 200, body: { results: [[1]] } })
    await expect(posthog.hogql`select 1`).rejects.toMatchObject({ name: 'DecodeError' })
    local.faults.add(faults.queryTimeout())
    await expect(posthog.hogql`select 1`).rejects.toMatchObject({ name: 'QueryTimeoutError' })
  })
})

describe('completeness', () => {
  it.each([
    ['select number from numbers(99)', true],
    ['select number from numbers(100)', { reason: 'row_limit', limit: 100 }],
    ['select number from numbers(1000)', { reason: 'row_limit', limit: 100 }],
    ['select number from numbers(1000) limit 10', { reason: 'limit', limit: 10 }],
    ['select number from numbers(5) limit 10', true],
    ['select number from numbers(60000) limit 60000', { reason: 'row_cap', limit: 50_000 }],
    ['select number from numbers(60000) limit 50000', { reason: 'limit', limit: 50_000 }],
    ['select number from numbers(0)', true],
  ])('of %s is %j', async (text, complete) => {
    expect((await posthog.hogql(hogql`${hogql.raw(text)}`)).complete).toEqual(complete)
  })

  it('is required by `rows`, which throws for a truncated result', async () => {
    const query = hogql<{ number: number }>`select number from numbers(1000)`
    await expect(posthog.hogql(query).rows()).rejects.toMatchObject({
      name: 'TruncatedResultError',
      message: expect.stringContaining('100 rows for a SELECT without LIMIT'),
      fix: expect.stringContaining('Add a LIMIT'),
      items: expect.objectContaining({ length: 100 }),
    })
  })
})

describe('an explicit LIMIT', () => {
  const query = hogql<{ number: number }>`select number from numbers(1000) limit ${5}`

  it('limits `rows` without an error', async () => {
    expect(await posthog.hogql(query).rows()).toHaveLength(5)
  })

  it('limits a stream without an error', async () => {
    const rows: unknown[] = []
    for await (const row of posthog.hogql(query).stream()) rows.push(row)
    expect(rows).toHaveLength(5)
  })

  it.each([
    ['limit 100', 100],
    ['limit 5, 100', 100],
    ['limit 100 -- limit 3', 100],
    ['limit 200 with ties', 200],
    ['limit {rows}', 100],
    ['limit 5 + 95', 100],
    ['limit 1 by number limit 100', 100],
    ['union all select 1 limit 100', 100],
  ])('is no silent truncation if PostHog returns as many rows: %s', async (clause, rows) => {
    const prefix = clause.startsWith('union') ? '(select 2 limit 100) ' : 'select number from t '
    const text = hogql.text(`${prefix}${clause}`, clause.includes('{rows}') ? { rows: 100 } : {})
    const call = clientReturning(rows).hogql(text)
    expect(await call).toMatchObject({ complete: { reason: 'limit', limit: rows } })
    expect(await call.rows()).toHaveLength(rows)
  })

  it.each([
    ['only a subquery has one', 'select * from (select 1 limit 100)', {}, 100],
    ['one SELECT of a UNION has none', 'select 1 limit 100 union all select 2', {}, 150],
    ['PostHog applied a lower one', 'select number from t limit 1000', { limit: 500 }, 500],
    ['PostHog reports more rows', 'select number from t limit 1000', { hasMore: true }, 500],
    ['it exceeds the row cap', 'select number from t limit 50001', {}, 50_000],
    ['it is part of LIMIT BY', 'select number from t limit 3 by number', {}, 100],
  ])('does not hide a silent truncation: %s', async (_, text, fields, rows) => {
    const call = clientReturning(rows, fields).hogql(hogql.text(text))
    await expect(call.rows()).rejects.toMatchObject({ name: 'TruncatedResultError' })
    await expect(readAll(call.stream())).rejects.toMatchObject({ name: 'TruncatedResultError' })
  })
})

/** Creates a client whose queries return this number of rows. */
function clientReturning(count: number, fields: object = {}): TypehogClient {
  const results = Array.from({ length: count }, (_, n) => [n])
  const body = { columns: ['n'], types: [['n', 'UInt64']], results, ...fields }
  return createClient({
    apiKey: 'phx_answering00',
    projectId: 1,
    host: 'http://local.test',
    limits: false,
    fetch: async () => Response.json(body),
  })
}

async function readAll(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}

describe('a query of any kind', () => {
  it('is typed by its kind', async () => {
    const { results, columns } = await posthog.query.run({ kind: 'HogQLQuery', query: 'select 1 as one' })
    expect({ results, columns }).toEqual({ results: [[1]], columns: ['one'] })
  })

  it('is rejected if PostHog rejects it', async () => {
    const trends = posthog.query.run({
      kind: 'TrendsQuery',
      series: [{ kind: 'EventsNode', event: '$pageview' }],
      dateRange: { date_from: 'soon' },
    })
    await expect(trends).rejects.toMatchObject({ name: 'BadRequestError' })
  })
})

describe('rows of an endpoint', () => {
  it('contain large integers exactly', async () => {
    const query = { kind: 'HogQLQuery', query: 'select 18446744073709551615 as big' } as const
    await posthog.request('POST /api/projects/{project_id}/endpoints/', { body: { name: 'big', query } })
    const endpoint = { name: 'big', kind: 'HogQLQuery', materialized: false, columns: [] }
    const { rows } = await posthog.endpoints.run(endpoint, {}, { int64: 'bigint' })
    expect(rows).toEqual([{ big: 18446744073709551615n }])
    await expect(posthog.endpoints.run(endpoint)).rejects.toMatchObject({ name: 'DecodeError' })
  })
})
