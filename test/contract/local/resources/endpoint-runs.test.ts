import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngine } from '../../../../src/local/engine/open-engine.ts'
import { EngineError, type LocalEvent, type SqlEngine } from '../../../../src/testing.ts'
import { type Account, NOW, refusal, startAccount } from '../harness.ts'

// Rules of endpoint runs, through the SDK.

let account: Account
let engine: SqlEngine
let breakTables = false

beforeAll(async () => {
  const real = await openEngine(undefined, 'endpoint_runs')
  engine = {
    ...real,
    query: async (sql, parameters) => {
      if (breakTables && sql.includes('.m_')) throw new EngineError('unknown_table', 'The table is gone')
      return real.query(sql, parameters)
    },
  }
  account = await startAccount({ seed: false, engine })
  for (const [name, type] of [
    ['since', 'Date'],
    ['plan', 'String'],
  ]) {
    await account.call('POST', '/api/projects/1/insight_variables/', { body: { name, type } })
  }
  const at = (time: string, plan?: string): LocalEvent => ({
    event: 'bought',
    distinctId: 'ada',
    timestamp: `2026-11-${time}Z`,
    properties: plan === undefined ? { amount: 10 } : { plan, amount: 10 },
  })
  await account.local.events.insert([
    at('17T08:00:00', 'pro'),
    at('18T08:00:00', 'pro'),
    at('18T18:00:00', 'pro'),
    at('19T08:00:00', 'free'),
    at('19T09:00:00'),
  ])
})
afterAll(() => account.local.close())

const descriptor = (name: string, kind = 'HogQLQuery') => ({ name, kind, materialized: false, columns: [] })
const hogql = (query: string) => ({ kind: 'HogQLQuery', query }) as const
const SINCE = hogql(
  'select count() as n, sum(properties.amount) as total from events where timestamp >= toDateTime({variables.since})',
)
const byPlan = (property: string, type: 'event' | 'hogql' = 'event') =>
  ({
    kind: 'TrendsQuery',
    series: [{ kind: 'EventsNode', event: 'bought' }],
    dateRange: { date_from: '2026-11-16', date_to: '2026-11-19' },
    breakdownFilter: { breakdowns: [{ property, type }] },
  }) as const
const create = (name: string, query: object, more: object = {}): Promise<unknown> =>
  account.call('POST', '/api/projects/1/endpoints/', { body: { name, query, ...more } })
const run = async (name: string, variables: object = {}, options: object = {}, kind?: string) =>
  account.posthog.endpoints.run(descriptor(name, kind) as never, variables as never, options)
const total = (result: { rows: readonly unknown[] }): number =>
  (result.rows as { count: number }[]).reduce((sum, { count }) => sum + count, 0)
const lines = async (name: string, filters: object = {}): Promise<string[]> =>
  (await account.posthog.endpoints.logs(name, filters)).items.map(
    ({ level, message }) => `${level} ${message}`,
  )

describe('materialized ranges', () => {
  it('compare the starts of days, and of other buckets that overrides name', async () => {
    const since = { since: '2026-11-18 12:00:00' }
    await create('inline-range', SINCE)
    await create('by-day', SINCE, { is_materialized: true })
    await create('by-hour', SINCE, { is_materialized: true, bucket_overrides: { timestamp: 'hour' } })
    await create('by-month', SINCE, { is_materialized: true, bucket_overrides: { timestamp: 'month' } })
    const rows = await Promise.all(
      ['inline-range', 'by-day', 'by-hour', 'by-month'].map(async (name) => (await run(name, since)).rows),
    )
    expect(rows).toEqual([
      [{ n: 3, total: 30 }],
      [{ n: 4, total: 40 }],
      [{ n: 3, total: 30 }],
      [{ n: 5, total: 50 }],
    ])
    expect((await run('by-day', since, { refresh: 'direct' })).rows).toEqual([{ n: 3, total: 30 }])
  })

  it('do not round properties', async () => {
    const query = hogql('select count() as n from events where properties.amount > {variables.since}')
    await create('by-amount', query, { is_materialized: true })
    expect((await run('by-amount', { since: 9 })).rows).toEqual([{ n: 5 }])
  })

  it('need aggregations that combine buckets', async () => {
    const query = hogql('select uniq(person_id) as n from events where timestamp >= {variables.since}')
    expect(await create('uniques', query, { is_materialized: true })).toMatchObject({
      status: 400,
      body: {
        detail: expect.stringContaining(
          "Aggregate function 'uniq' cannot be re-aggregated for range variable materialization",
        ),
      },
    })
  })

  it('are in the preview', async () => {
    const query = hogql(
      'select count() as n, sumIf(properties.amount, 1) from events where timestamp >= {variables.since}',
    )
    await create('previewed', query)
    const preview = (body: object): Promise<unknown> =>
      account.call('POST', '/api/projects/1/endpoints/previewed/materialization_preview/', { body })
    expect(await preview({})).toMatchObject({
      body: {
        can_materialize: true,
        execution_query: expect.stringContaining(
          'toStartOfDay(timestamp) >= toStartOfDay(toDateTime({variables.since}))',
        ),
        range_pairs: [{ column: 'timestamp', variables: ['since'], bucket_fn: 'toStartOfDay' }],
        aggregates: [
          { expression: 'n', reaggregate_fn: 'sum' },
          { expression: 'sumIf(properties.amount, 1)', reaggregate_fn: 'sum' },
        ],
      },
    })
    expect(await preview({ bucket_overrides: { timestamp: 'week' } })).toMatchObject({
      body: { range_pairs: [{ bucket_fn: 'toStartOfWeek' }] },
    })
    expect(await preview({ bucket_overrides: { timestamp: 'year' } })).toMatchObject({ status: 400 })
  })
})

describe('kinds with a table', () => {
  it.each([
    ['TrendsQuery', { series: [{ kind: 'EventsNode', event: 'bought' }] }],
    ['LifecycleQuery', { series: [{ kind: 'EventsNode', event: 'bought' }] }],
    ['RetentionQuery', { retentionFilter: {} }],
  ])('include %s', async (kind, query) => {
    const made = await create(kind, { kind, ...query }, { is_materialized: true })
    expect(made).toMatchObject({ status: 201, body: { is_materialized: true } })
    expect(await account.posthog.endpoints.materializationStatus(kind)).toMatchObject({ ready: true })
  })
})

describe('a materialized table', () => {
  it('is stale after its freshness: the next run is inline, and the one after reads a new table', async () => {
    await create('fresh', hogql('select count() as n from events'), {
      is_materialized: true,
      data_freshness_seconds: 900,
    })
    await account.local.events.insert([{ event: 'late', distinctId: 'bo' }])
    expect(await run('fresh', {}, { refresh: 'force' })).toMatchObject({
      rows: [{ n: 5 }],
      materialized: true,
    })
    account.local.clock.advance('15 minutes')
    expect(await run('fresh')).toMatchObject({ rows: [{ n: 6 }], materialized: false })
    const after = await run('fresh')
    expect(after).toMatchObject({ rows: [{ n: 6 }], materialized: true })
    expect(after.materializedAt).toBe(new Date(Date.parse(NOW) + 900_000).toISOString())
    expect(await lines('fresh')).toEqual([
      expect.stringMatching(/^INFO Endpoint executed · path=materialized cache=miss/),
      expect.stringMatching(/^INFO Endpoint executed · path=inline cache=miss/),
      expect.stringMatching(/^INFO Endpoint executed · path=materialized cache=miss/),
    ])
  })

  it('that cannot be read leads to the original query', async () => {
    await create('broken', hogql('select count() as n from events'), { is_materialized: true })
    breakTables = true
    const result = await run('broken')
    expect(result).toMatchObject({ rows: [{ n: 6 }], materialized: false })
    expect(await lines('broken')).toEqual([
      expect.stringMatching(/^INFO Endpoint executed · path=materialized_fallback cache=miss/),
    ])
    breakTables = false
    expect(await run('broken')).toMatchObject({ materialized: true })
  })
})

describe('breakdown variables', () => {
  it.each([false, true])(
    'select the series of a value, and "" those without one (materialized: %s)',
    async (on) => {
      const name = on ? 'plans-table' : 'plans'
      await create(name, byPlan('plan'), { is_materialized: on })
      const count = async (plan: string): Promise<number> =>
        total(await run(name, { plan }, {}, 'TrendsQuery'))
      expect([await count('pro'), await count('free'), await count(''), await count('none')]).toEqual([
        3, 1, 1, 0,
      ])
    },
  )

  it('that cannot be parsed as HogQL are rejected', async () => {
    await create('expressions', byPlan('properties.plan =', 'hogql'))
    expect(
      await refusal(run('expressions', { 'properties.plan =': 'pro' }, {}, 'TrendsQuery')),
    ).toMatchObject({
      status: 400,
      attr: 'variables',
      detail: "Could not apply filter for breakdown variable 'properties.plan ='",
    })
  })

  it('take the first value of filters_override, with a warning', async () => {
    await create('overridden', byPlan('plan'), { is_materialized: true })
    const body = (...values: unknown[]): object => ({
      filters_override: { properties: values.map((value) => ({ key: 'anything', value, type: 'event' })) },
    })
    const send = (sent: object): ReturnType<Account['call']> =>
      account.call('POST', '/api/projects/1/endpoints/overridden/run/', { body: sent })
    const answer = await send(body(null, ['pro', 'free'], 'free'))
    expect(answer.headers.get('x-posthog-warn')).toContain('filters_override is deprecated')
    expect(total({ rows: answer.body['results'] as unknown[] })).toBe(3)
    for (const unusable of [body(), body(null), {}]) {
      expect(await send(unusable)).toMatchObject({ status: 400, body: { attr: 'variables' } })
    }
  })
})

describe('a run', () => {
  it('is in the logs under its execution id', async () => {
    await create('logged', hogql('select {variables.plan} as plan'))
    await run('logged', { plan: 'a' })
    const { executionId } = await run('logged', { plan: 'b' })
    const { items } = await account.posthog.endpoints.logs('logged', { executionId })
    expect(items).toMatchObject([{ instance_id: executionId, level: 'INFO' }])
  })

  it('that fails is in the logs without its values', async () => {
    await create('failing', hogql("select match('a', {variables.plan}) as n"))
    expect(await refusal(run('failing', { plan: 'secret(' }))).toMatchObject({
      code: 'cannot_compile_regexp',
    })
    expect(await refusal(run('failing', { other: 1 }))).toMatchObject({ attr: 'variables' })
    expect(await lines('failing', { level: 'ERROR' })).toEqual([
      'ERROR Endpoint execution failed · invalid request · variables: Unknown variable(s): other',
      'ERROR Endpoint execution failed · path=inline version=1 error=cannot_compile_regexp',
    ])
  })

  it('takes integers as text in its body', async () => {
    await create('numbers', hogql('select number from numbers(10) order by number'))
    const { body } = await account.call('POST', '/api/projects/1/endpoints/numbers/run/', {
      body: { limit: '2', offset: ' 3 ', version: '1' },
    })
    expect(body).toMatchObject({ results: [[3], [4]], limit: 2, offset: 3, hasMore: true })
  })
})

describe('lists', () => {
  it('have 100 endpoints per page', async () => {
    for (let index = 0; index < 101; index += 1) await create(`many-${index}`, hogql('select 1'))
    const page = await account.posthog.endpoints.list()
    expect([page.items.length, page.next !== null]).toEqual([100, true])
    expect((await account.posthog.endpoints.list().toArray({ max: 1_000 })).length).toBeGreaterThan(101)
  })
})
