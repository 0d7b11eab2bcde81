import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalPostHog, startLocalPostHog } from '../../../src/local/local-posthog.ts'
import { type CallerResponse, callerOf, hogql } from './harness.ts'

const ENDPOINTS = '/api/projects/1/endpoints/'

let posthog: LocalPostHog
let call: ReturnType<typeof callerOf>
let made = 0

beforeAll(async () => {
  posthog = await startLocalPostHog({
    events: 3_000,
    throttle: false,
    now: () => new Date('2026-11-20T10:00:00Z'),
  })
  call = callerOf(posthog)
})

afterAll(() => posthog.close())

const create = async (query: object, more: object = {}): Promise<string> => {
  made += 1
  const name = `insight_${made}`
  const response = await call('POST', ENDPOINTS, { body: { name, query, ...more } })
  expect(response.status).toBe(201)
  return name
}

const run = (name: string, body: object = {}): Promise<CallerResponse> =>
  call('POST', `${ENDPOINTS}${name}/run`, { body })

interface Series {
  readonly data: number[]
  readonly days: string[]
  readonly labels: string[]
  readonly label: string
  readonly count: number
  readonly breakdown_value?: unknown
  readonly status?: string
}

const seriesOf = (response: CallerResponse): Series[] => {
  expect(response.status).toBe(200)
  // The tests below assert each field that they use.
  return response.body['results'] as Series[]
}

const count = async (where: string, what = 'count()'): Promise<number> => {
  const body = { query: hogql(`select ${what} from events where ${where}`) }
  const response = await call('POST', '/api/projects/1/query/', { body })
  return (response.body['results'] as number[][])[0]?.[0] ?? -1
}

const trends = (more: object = {}): object => ({
  kind: 'TrendsQuery',
  series: [{ kind: 'EventsNode', event: '$pageview', name: '$pageview' }],
  dateRange: { date_from: '-30d' },
  ...more,
})
const BY_BROWSER = { breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' } }
const LAST_30_DAYS = "event = '$pageview' and timestamp >= '2026-10-21' and timestamp < '2026-11-21'"

describe('trends', () => {
  it('count every day, including today and empty days', async () => {
    const [series, ...others] = seriesOf(await run(await create(trends())))
    expect(others).toEqual([])
    expect(series).toMatchObject({
      label: '$pageview',
      action: { id: '$pageview', type: 'events', order: 0 },
    })
    expect([series?.days.length, series?.days[0], series?.labels.at(-1)]).toEqual([
      31,
      '2026-10-21',
      '20-Nov-2026',
    ])
    expect(series?.data).toHaveLength(31)
    expect(series?.count).toBe(await count(LAST_30_DAYS))
    expect(series?.data[5]).toBe(await count("event = '$pageview' and toDate(timestamp) = '2026-10-26'"))
  })

  it('count persons with math dau, and all events without an event name', async () => {
    const series = [
      { kind: 'EventsNode', event: '$pageview', math: 'dau' },
      { kind: 'EventsNode', event: null },
    ]
    const [persons, all] = seriesOf(await run(await create(trends({ series }))))
    expect(persons?.data[5]).toBe(
      await count("event = '$pageview' and toDate(timestamp) = '2026-10-26'", 'uniq(person_id)'),
    )
    expect(all?.count).toBe(await count("timestamp >= '2026-10-21' and timestamp < '2026-11-21'"))
  })

  it('break down by one or several properties', async () => {
    const name = await create(trends(BY_BROWSER))
    const series = seriesOf(await run(name))
    expect(series.length).toBeGreaterThan(2)
    expect(series.reduce((sum, one) => sum + one.count, 0)).toBe(await count(LAST_30_DAYS))
    const chrome = series.find((one) => one.breakdown_value === 'Chrome')
    expect(chrome?.count).toBe(await count(`${LAST_30_DAYS} and properties.$browser = 'Chrome'`))
    const breakdowns = [
      { property: '$browser', type: 'event' },
      { property: 'plan', type: 'person' },
    ]
    const both = seriesOf(await run(await create(trends({ breakdownFilter: { breakdowns } }))))
    const chromePro = both.find((one) => String(one.breakdown_value) === 'Chrome,pro')
    expect(chromePro).toMatchObject({
      label: 'Chrome::pro',
      count: await count(
        `${LAST_30_DAYS} and properties.$browser = 'Chrome' and person.properties.plan = 'pro'`,
      ),
    })
    expect(both.some((one) => (one.breakdown_value as unknown[])[1] === '$$_posthog_breakdown_null_$$')).toBe(
      true,
    )
  })

  it('accept a breakdown value and dates as variables', async () => {
    const name = await create(trends(BY_BROWSER))
    const variables = { $browser: 'Firefox', date_from: '2026-11-01', date_to: '2026-11-10' }
    const series = seriesOf(await run(name, { variables }))
    expect(series.map((one) => one.breakdown_value)).toEqual(['Firefox'])
    expect(series[0]?.days).toHaveLength(10)
    const injected = await run(name, { variables: { $browser: "' OR 1 = 1 --" } })
    expect(seriesOf(injected)).toEqual([])
  })

  it('filter by properties', async () => {
    const properties = [
      { key: '$browser', value: ['Chrome', 'Firefox'], operator: 'exact', type: 'event' },
      { key: 'plan', operator: 'is_set', type: 'person' },
      { key: '$pathname', value: 'PRIC', operator: 'icontains', type: 'event' },
    ]
    const [series] = seriesOf(await run(await create(trends({ properties }))))
    expect(series?.count).toBe(
      await count(
        `${LAST_30_DAYS} and properties.$browser in ('Chrome', 'Firefox') and person.properties.plan is not null and properties.$pathname ilike '%pric%'`,
      ),
    )
    expect(series?.count).toBeGreaterThan(0)
  })

  it('takes the value of `filters_override` for the only breakdown of a materialized insight', async () => {
    const name = await create(trends(BY_BROWSER), { is_materialized: true })
    const chrome = seriesOf(await run(name, { variables: { $browser: 'Chrome' } }))
    const properties = [{ key: '$os', type: 'event', operator: 'exact', value: ['Chrome'] }]
    const overridden = await run(name, { filters_override: { properties, date_from: '-1d' } })
    expect(seriesOf(overridden)).toEqual(chrome)
    expect(overridden.headers.get('X-PostHog-Warn')).toMatch(/^filters_override is deprecated/)
    expect((await run(name, { variables: { $browser: 'Chrome' } })).headers.has('X-PostHog-Warn')).toBe(false)
    expect(
      await run(name, { filters_override: { properties: [{ key: '$browser', value: null }] } }),
    ).toMatchObject({
      status: 400,
      body: { attr: 'variables' },
    })
  })

  it('warns about `filters_override` inline too', async () => {
    const name = await create(trends())
    const response = await run(name, { filters_override: { date_from: '-7d' } })
    expect(response.headers.get('X-PostHog-Warn')).toMatch(/^filters_override is deprecated/)
  })

  it('logs the code of a failed run, not its message', async () => {
    const name = await create({ kind: 'FunnelsQuery', series: [] })
    expect((await run(name)).status).toBe(400)
    const { body } = await call('GET', `${ENDPOINTS}${name}/logs/`)
    expect(body['results']).toMatchObject([
      { message: 'Endpoint execution failed · path=inline version=1 error=ValidationError' },
    ])
  })

  it('from a table require the breakdown and reject dates', async () => {
    const name = await create(trends(BY_BROWSER), { is_materialized: true })
    expect((await run(name)).body).toMatchObject({
      attr: 'variables',
      detail: "Required variable(s) '$browser' not provided",
    })
    expect((await run(name, { variables: { $browser: 'Chrome', date_from: '-7d' } })).status).toBe(400)
    const response = await run(name, { variables: { $browser: 'Chrome' }, limit: 5 })
    expect(response.body).toMatchObject({
      endpoint_materialized: true,
      results: [{ breakdown_value: 'Chrome' }],
    })
    expect(response.body).not.toHaveProperty('columns')
    expect((await run(name, { variables: { $browser: 'None' } })).body['results']).toEqual([])
  })

  it.each([
    ['offset', { limit: 1, offset: 0 }],
    ['limit', { limit: 1 }],
  ])('reject %s inline', async (attr, body) => {
    expect(await run(await create(trends()), body)).toMatchObject({ status: 400, body: { attr } })
  })

  it.each([
    ['box plots', { trendsFilter: { display: 'BoxPlot' } }, /display BoxPlot/],
    ['a conversion goal', { conversionGoal: { actionId: 1 } }, /conversionGoal/],
    ['an unknown math', { series: [{ kind: 'EventsNode', event: 'purchase', math: 'mode' }] }, /math mode/],
    ['tables of the warehouse', { series: [{ kind: 'DataWarehouseNode', id: 'a' }] }, /warehouse/],
    ['other properties', { properties: [{ key: 'a', type: 'log', value: 1 }] }, /type log/],
    ['other operators', { properties: [{ key: 'a', operator: 'starts_with', value: 'b' }] }, /starts_with/],
  ])('refuse %s with 501', async (_, more, detail) => {
    expect(await run(await create(trends(more)))).toMatchObject({
      status: 501,
      body: {
        type: 'server_error',
        code: 'not_implemented_locally',
        detail: expect.stringMatching(detail),
      },
    })
  })

  it('reject an invalid date', async () => {
    const response = await run(await create(trends({ dateRange: { date_from: 'soon' } })))
    expect(response).toMatchObject({ status: 400, body: { detail: expect.stringContaining('soon') } })
  })
})

describe('lifecycle', () => {
  it('assigns each active person to one of three states, and counts dormant persons negatively', async () => {
    const lifecycle = { ...trends({ dateRange: { date_from: '-14d' } }), kind: 'LifecycleQuery' }
    const series = seriesOf(await run(await create(lifecycle)))
    expect(series.map((one) => one.status)).toEqual(['new', 'returning', 'resurrecting', 'dormant'])
    const [first, returning, resurrecting, dormant] = series
    const at = 6
    const day = first?.days[at]
    const active = (first?.data[at] ?? 0) + (returning?.data[at] ?? 0) + (resurrecting?.data[at] ?? 0)
    expect(active).toBe(
      await count(`event = '$pageview' and toDate(timestamp) = '${day}'`, 'uniq(person_id)'),
    )
    const yesterday = await count(
      `event = '$pageview' and toDate(timestamp) = '${first?.days[at - 1]}'`,
      'uniq(person_id)',
    )
    expect(yesterday - (returning?.data[at] ?? 0)).toBe(-(dormant?.data[at] ?? 0))
  })
})

describe('other kinds of insights', () => {
  it('run as an endpoint', async () => {
    const steps = ['$pageview', 'purchase'].map((event) => ({ kind: 'EventsNode', event }))
    const funnel = { kind: 'FunnelsQuery', series: steps, dateRange: { date_from: '-30d' } }
    const response = await run(await create(funnel))
    expect(response.status).toBe(200)
    expect(response.body['results']).toMatchObject([
      { name: '$pageview', order: 0, count: await count(LAST_30_DAYS, 'uniq(person_id)') },
      { name: 'purchase', order: 1 },
    ])
  })

  it('give the same retention from a table as inline', async () => {
    const query = {
      kind: 'RetentionQuery',
      retentionFilter: { period: 'Week', totalIntervals: 3 },
      dateRange: { date_from: '-30d' },
      breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' },
    }
    const variables = { $browser: 'Chrome' }
    const inline = await run(await create(query), { variables })
    const materialized = await run(await create(query, { is_materialized: true }), { variables })
    expect(materialized.body['endpoint_materialized']).toBe(true)
    expect(materialized.body['results']).toEqual(inline.body['results'])
    expect(inline.body['results']).toHaveLength(5)
  })

  it('can be saved, and running an unknown one answers 501', async () => {
    expect(await run(await create({ kind: 'LogsQuery' }))).toMatchObject({
      status: 501,
      body: { code: 'not_implemented_locally', detail: 'The local PostHog does not compute LogsQuery.' },
    })
  })
})
