import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, type Answer, refusal, runQuery, startAccount } from '../harness.ts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 2_000 })
})
afterAll(() => account.local.close())

const steps = ['$pageview', 'purchase'].map((event) => ({ kind: 'EventsNode', event }))
const dateRange = { date_from: '-30d' }
/** One query of each kind that an insight can have. */
const INSIGHTS: readonly (readonly [kind: string, query: object])[] = [
  ['TrendsQuery', { kind: 'TrendsQuery', series: steps, dateRange }],
  ['FunnelsQuery', { kind: 'FunnelsQuery', series: steps, dateRange }],
  [
    'RetentionQuery',
    { kind: 'RetentionQuery', retentionFilter: { period: 'Week', totalIntervals: 3 }, dateRange },
  ],
  ['PathsQuery', { kind: 'PathsQuery', pathsFilter: { includeEventTypes: ['$pageview'] }, dateRange }],
  ['StickinessQuery', { kind: 'StickinessQuery', series: steps, dateRange }],
  ['LifecycleQuery', { kind: 'LifecycleQuery', series: steps.slice(0, 1), dateRange }],
]

describe('one engine for queries, insights and endpoints', () => {
  it.each(INSIGHTS)('gives the same %s everywhere', async (kind, query) => {
    const { results } = await runQuery(account, query)
    expect(results.length).toBeGreaterThan(0)
    expect((await runQuery(account, { kind: 'InsightVizNode', source: query })).results).toEqual(results)

    const insight = await account.posthog.insights.create({
      query: { kind: 'InsightVizNode', source: query },
    } as never)
    const computed = (await account.posthog.insights.run(insight.id as number, { kind } as never)) as Answer
    expect(computed.result).toEqual(results)

    const name = `endpoint_${kind.toLowerCase()}`
    await account.call('POST', '/api/projects/1/endpoints/', { body: { name, query } })
    const run = await account.call('POST', `/api/projects/1/endpoints/${name}/run`, { body: {} })
    expect(run.status).toBe(200)
    expect(run.body['results']).toEqual(results)
  })

  it('runs in the background, too', async () => {
    const query = { kind: 'TrendsQuery', series: steps, dateRange }
    const started = await account.call('POST', '/api/projects/1/query/', {
      body: { query, refresh: 'force_async' },
    })
    expect(started.status).toBe(202)
    const { id } = started.body['query_status'] as { id: string }
    await expect
      .poll(async () => (await account.call('GET', `/api/projects/1/query/${id}/`)).body)
      .toMatchObject({ query_status: { complete: true, error: false, results: { results: [{}, {}] } } })
  })

  it('unwraps tables of events', async () => {
    const source = { kind: 'EventsQuery', select: ['count()'], after: 'all' }
    expect((await runQuery(account, { kind: 'DataTableNode', source })).results).toEqual([[2_000]])
  })

  it('applies the filters of a dashboard', async () => {
    const filters_override = {
      date_from: '-3d',
      properties: [{ key: '$browser', type: 'event', operator: 'exact', value: ['Chrome'] }],
    }
    const body = { query: { kind: 'TrendsQuery', series: steps.slice(0, 1), dateRange }, filters_override }
    const { body: answer } = await account.call('POST', '/api/projects/1/query/', { body })
    const [series] = answer['results'] as Answer[]
    expect(series.days[0]).toBe('2026-11-17')
    const [[expected]] = (await account.rows(
      "select count() from events where event = '$pageview' and timestamp >= '2026-11-17' and properties.$browser = 'Chrome'",
    )) as Answer[]
    expect(series.count).toBe(expected)
    const refused = { ...body, filters_override: { breakdown_filter: { breakdown: 'a' } } }
    expect(await account.call('POST', '/api/projects/1/query/', { body: refused })).toMatchObject({
      status: 501,
      body: { detail: expect.stringContaining('breakdown_filter') },
    })
  })

  it('leaves out test accounts by the filters of the project', async () => {
    await account.posthog.request(
      'PATCH /api/organizations/{organization_id}/projects/{id}/' as never,
      {
        path: { organization_id: '018d2a6e-0000-7000-8000-000000000002', id: 1 },
        body: {
          test_account_filters: [{ key: 'email', type: 'person', operator: 'not_icontains', value: 'ada' }],
        },
      } as never,
    )
    const query = { kind: 'TrendsQuery', series: steps.slice(0, 1), dateRange, filterTestAccounts: true }
    const { results } = await runQuery(account, query)
    const [[expected]] = (await account.rows(
      "select count() from events where event = '$pageview' and timestamp >= '2026-10-21' and not ifNull(person.properties.email ilike '%ada%', 0)",
    )) as Answer[]
    expect(results[0].count).toBe(expected)
  })

  it.each(['LogsQuery', 'FunnelCorrelationQuery', 'PersonsNode'])('answers 501 for %s', async (kind) => {
    expect(await refusal(runQuery(account, { kind }))).toMatchObject({
      status: 501,
      code: 'not_implemented_locally',
      detail: `The local PostHog does not compute ${kind}.`,
    })
  })
})
