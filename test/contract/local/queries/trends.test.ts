import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, type Answer, refusal, runQuery, startAccount } from '../harness.ts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 3_000 })
})
afterAll(() => account.local.close())

const VIEWS = { kind: 'EventsNode', event: '$pageview' }
const PURCHASES = { kind: 'EventsNode', event: 'purchase' }
const OTHER = '$$_posthog_breakdown_other_$$'
const NONE = '$$_posthog_breakdown_null_$$'

const trends = async (more: object, ...series: object[]): Promise<Answer[]> => {
  const query = { kind: 'TrendsQuery', series, dateRange: { date_from: '-30d' }, ...more }
  return (await runQuery(account, query)).results
}
const figure = async (what: string, where: string, group = ''): Promise<Answer> => {
  const rows = (await account.rows(
    `select ${what} from events where ${where} ${group} limit 1000`,
  )) as Answer[]
  return group === '' ? rows[0]?.[0] : rows
}
const MONTH = "timestamp >= '2026-10-21' and timestamp < '2026-11-21'"
const VIEWS_OF_MONTH = `event = '$pageview' and ${MONTH}`
const BUYS_OF_MONTH = `event = 'purchase' and ${MONTH}`

describe('the math of a trend', () => {
  it.each([
    ['total', 'count()'],
    ['dau', 'uniq(person_id)'],
    ['unique_session', 'uniq($session_id)'],
  ])('counts %s by day and in total', async (math, what) => {
    const [series] = await trends({}, { ...VIEWS, math })
    const days = await figure(`toString(toDate(timestamp)), ${what}`, VIEWS_OF_MONTH, 'group by 1')
    expect(
      series.days.flatMap((day: string, at: number) => (series.data[at] > 0 ? [[day, series.data[at]]] : [])),
    ).toEqual([...days].sort())
    const [total] = await trends({ trendsFilter: { display: 'BoldNumber' } }, { ...VIEWS, math })
    expect(total).toMatchObject({ aggregated_value: await figure(what, VIEWS_OF_MONTH), count: 0, data: [] })
  })

  it.each([
    ['avg', 'avg(properties.amount)'],
    ['sum', 'sum(properties.amount)'],
    ['min', 'min(properties.amount)'],
    ['max', 'max(properties.amount)'],
    ['median', 'quantile(0.5)(properties.amount)'],
    ['p90', 'quantile(0.9)(properties.amount)'],
  ])('aggregates a property by %s', async (math, what) => {
    const [series] = await trends(
      { trendsFilter: { display: 'BoldNumber' } },
      { ...PURCHASES, math, math_property: 'amount' },
    )
    expect(series.aggregated_value).toBe(await figure(what, BUYS_OF_MONTH))
  })

  it('aggregates a property of the person, with a multiplier', async () => {
    const node = {
      ...PURCHASES,
      math: 'sum',
      math_property: 'seats',
      math_property_type: 'person_properties',
      math_multiplier: 2,
    }
    const [series] = await trends({ trendsFilter: { display: 'BoldNumber' } }, node)
    expect(series.aggregated_value).toBe(await figure('sum(person.properties.seats) * 2', BUYS_OF_MONTH))
  })

  it('aggregates the number of events per person', async () => {
    const [series] = await trends({}, { ...VIEWS, math: 'avg_count_per_actor' })
    const [[expected]] = (await account.rows(
      `select avg(n) from (select person_id, count() as n from events where event = '$pageview' and toDate(timestamp) = '2026-11-19' group by person_id)`,
    )) as Answer[]
    expect(series.data.at(-2)).toBeCloseTo(expected)
  })

  it.each([
    ['weekly_active', '2026-11-13'],
    ['monthly_active', '2026-10-21'],
  ])('counts the persons of the window of %s', async (math, from) => {
    const [series] = await trends({}, { ...VIEWS, math })
    const expected = await figure(
      'uniq(person_id)',
      `event = '$pageview' and timestamp >= '${from}' and timestamp < '2026-11-20'`,
    )
    expect(series.data.at(-2)).toBe(expected)
  })

  it('counts persons at their first event', async () => {
    const [any, filtered, match] = await trends(
      {},
      { ...VIEWS, math: 'first_time_for_user' },
      {
        ...VIEWS,
        math: 'first_time_for_user',
        properties: [{ type: 'event', key: '$pathname', value: '/' }],
      },
      {
        ...VIEWS,
        math: 'first_matching_event_for_user',
        properties: [{ type: 'event', key: '$pathname', value: '/' }],
      },
    )
    const [[first]] = (await account.rows(
      `select count() from (select person_id, min(timestamp) as first_view from events where event = '$pageview' group by person_id) where first_view >= '2026-10-21'`,
    )) as Answer[]
    const [[root]] = (await account.rows(
      `select count() from (select person_id, min(timestamp) as first_view, argMin(properties.$pathname, timestamp) as path from events where event = '$pageview' group by person_id) where first_view >= '2026-10-21' and path = '/'`,
    )) as Answer[]
    const [[matching]] = (await account.rows(
      `select count() from (select person_id, min(timestamp) as first_view from events where event = '$pageview' and properties.$pathname = '/' group by person_id) where first_view >= '2026-10-21'`,
    )) as Answer[]
    expect([any.count, filtered.count, match.count]).toEqual([first, root, matching])
  })

  it('takes any HogQL', async () => {
    const node = { ...VIEWS, math: 'hogql', math_hogql: "countIf(properties.$os = 'iOS')" }
    const [series] = await trends({}, node)
    expect(series.count).toBe(await figure('count()', `${VIEWS_OF_MONTH} and properties.$os = 'iOS'`))
  })
})

describe('the breakdown of a trend', () => {
  it('has one series per value, largest first, the missing value last', async () => {
    const series = await trends({ breakdownFilter: { breakdown: 'plan', breakdown_type: 'person' } }, VIEWS)
    const rows = await figure(
      'person.properties.plan as p, count() as n',
      VIEWS_OF_MONTH,
      'group by p order by n desc',
    )
    const values = rows.filter(([plan]: Answer) => plan !== null)
    const missing = rows.find(([plan]: Answer) => plan === null)
    expect(series.map(({ breakdown_value, count }) => [breakdown_value, count])).toEqual([
      ...values,
      [NONE, missing[1]],
    ])
    expect(series.map(({ label }) => label)).toEqual(series.map(({ breakdown_value }) => breakdown_value))
  })

  it('combines the values beyond the limit, or hides them', async () => {
    const filter = { breakdown: '$browser', breakdown_type: 'event', breakdown_limit: 2 }
    const response = await runQuery(account, {
      kind: 'TrendsQuery',
      series: [VIEWS],
      dateRange: { date_from: '-30d' },
      breakdownFilter: filter,
    })
    expect(response.hasMore).toBe(true)
    expect(response.results.map(({ breakdown_value }: Answer) => breakdown_value)).toEqual([
      'Chrome',
      'Safari',
      OTHER,
    ])
    expect(response.results.reduce((sum: number, { count }: Answer) => sum + count, 0)).toBe(
      await figure('count()', VIEWS_OF_MONTH),
    )
    const hidden = await trends(
      { breakdownFilter: { ...filter, breakdown_hide_other_aggregation: true } },
      VIEWS,
    )
    expect(hidden.map(({ breakdown_value }) => breakdown_value)).toEqual(['Chrome', 'Safari'])
  })

  it('groups numbers into bins', async () => {
    const breakdownFilter = { breakdown: 'amount', breakdown_type: 'event', breakdown_histogram_bin_count: 4 }
    const series = await trends({ breakdownFilter }, PURCHASES)
    const bins = series.map(({ breakdown_value }) => breakdown_value)
    expect(bins).toContain('[9,156]')
    const small = series.find(({ breakdown_value }) => breakdown_value === '[9,156]')
    expect(small.count).toBe(await figure('count()', `${BUYS_OF_MONTH} and properties.amount < 156`))
    expect(series.reduce((sum, { count }) => sum + count, 0)).toBe(await figure('count()', BUYS_OF_MONTH))
  })

  it('takes several properties, HogQL and cohorts', async () => {
    const breakdowns = [
      { property: "if(properties.$os = 'iOS', 'phone', 'computer')", type: 'hogql' },
      { property: 'is_paying', type: 'person' },
    ]
    const both = await trends({ breakdownFilter: { breakdowns } }, VIEWS)
    const phone = both.find(({ breakdown_value }) => String(breakdown_value) === 'phone,true')
    expect(phone).toMatchObject({
      label: 'phone::true',
      count: await figure(
        'count()',
        `${VIEWS_OF_MONTH} and properties.$os = 'iOS' and person.properties.is_paying`,
      ),
    })
    const cohort = await account.posthog.cohorts.create({
      name: 'Pro',
      filters: {
        properties: {
          type: 'AND',
          values: [{ type: 'person', key: 'plan', value: 'pro', operator: 'exact' }],
        },
      },
    } as never)
    const breakdownFilter = { breakdown_type: 'cohort', breakdown: ['all', cohort.id] }
    const [all, pro] = await trends({ breakdownFilter }, VIEWS)
    expect([all.label, all.breakdown_value, all.count]).toEqual([
      'all users',
      'all',
      await figure('count()', VIEWS_OF_MONTH),
    ])
    expect([pro.label, pro.breakdown_value, pro.count]).toEqual([
      'Pro',
      cohort.id,
      await figure('count()', `${VIEWS_OF_MONTH} and person.properties.plan = 'pro'`),
    ])
  })
})

describe('the options of a trend', () => {
  it('compute formulas, also by breakdown', async () => {
    const [ratio] = await trends({ trendsFilter: { formula: '(A - B) / A * 100' } }, VIEWS, PURCHASES)
    const [views, purchases] = await trends({}, VIEWS, PURCHASES)
    expect(ratio.label).toBe('Formula ((A - B) / A * 100)')
    expect(ratio.data).toEqual(
      views.data.map((value: number, at: number) =>
        value === 0 ? 0 : ((value - purchases.data[at]) / value) * 100,
      ),
    )
    const formulaNodes = [{ formula: 'A + B', custom_name: 'Both' }]
    const byBrowser = { breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' } }
    const [chrome] = await trends({ trendsFilter: { formulaNodes }, ...byBrowser }, VIEWS, PURCHASES)
    expect(chrome).toMatchObject({
      label: 'Both',
      breakdown_value: 'Chrome',
      count: await figure(
        'count()',
        `event in ('$pageview', 'purchase') and ${MONTH} and properties.$browser = 'Chrome'`,
      ),
    })
  })

  it.each(['A +', 'A + C', 'A; B', 'A + sleep(1)'])('reject the formula %s', async (formula) => {
    expect(await refusal(trends({ trendsFilter: { formula } }, VIEWS, PURCHASES))).toMatchObject({
      status: 400,
    })
  })

  it('compare with the period before, or with an earlier one', async () => {
    const dateRange = { date_from: '2026-11-10', date_to: '2026-11-12' }
    const [now, before] = await trends({ compareFilter: { compare: true }, dateRange }, VIEWS)
    expect([now.compare_label, before.compare_label, before.days[0]]).toEqual([
      'current',
      'previous',
      '2026-11-07',
    ])
    expect(before.count).toBe(
      await figure(
        'count()',
        "event = '$pageview' and timestamp >= '2026-11-07' and timestamp < '2026-11-10'",
      ),
    )
    const [, earlier] = await trends(
      { compareFilter: { compare: true, compare_to: '-1w' }, dateRange },
      VIEWS,
    )
    expect(earlier.days).toEqual(['2026-11-03', '2026-11-04', '2026-11-05'])
  })

  it('accumulate, counting each person once', async () => {
    const trendsFilter = { display: 'ActionsLineGraphCumulative' }
    const [views, persons] = await trends({ trendsFilter }, VIEWS, { ...VIEWS, math: 'dau' })
    expect(views.count).toBe(await figure('count()', VIEWS_OF_MONTH))
    expect(persons.data.at(-1)).toBe(await figure('uniq(person_id)', VIEWS_OF_MONTH))
  })

  it('smooth by the average of the last intervals, rounded down', async () => {
    const [plain] = await trends({}, VIEWS)
    const [smooth] = await trends({ trendsFilter: { smoothingIntervals: 3 } }, VIEWS)
    const [a, b, c] = plain.data.slice(-3)
    expect(smooth.data.at(-1)).toBe(Math.floor((a + b + c) / 3))
  })

  it('sample persons and scale counts up', async () => {
    const [half] = await trends({ samplingFactor: 0.5 }, VIEWS)
    const sample = await figure(
      'count()',
      `${VIEWS_OF_MONTH} and cityHash64(distinct_id) < 9223372036854775808`,
    )
    expect(half.count).toBe(sample * 2)
  })

  it.each([
    ['hour', '-1d', '2026-11-19 00:00:00', 35],
    ['week', '-30d', '2026-10-18', 5],
    ['month', '-30d', '2026-10-01', 2],
    ['quarter', '-60d', '2026-07-01', 2],
  ])('count by %s', async (interval, date_from, first, length) => {
    const [series] = await trends({ interval, dateRange: { date_from } }, VIEWS)
    expect([series.days[0], series.days.length]).toEqual([first, length])
    const from = series.days[0]
    expect(series.count).toBe(await figure('count()', `event = '$pageview' and timestamp >= '${from}'`))
  })

  it('use the time zone and the week of the project', async () => {
    const zoned = await startAccount({ events: 3_000 })
    try {
      await zoned.posthog.request(
        'PATCH /api/organizations/{organization_id}/projects/{id}/' as never,
        {
          path: { organization_id: '018d2a6e-0000-7000-8000-000000000002', id: 1 },
          body: { timezone: 'America/New_York', week_start_day: 1 },
        } as never,
      )
      const query = {
        kind: 'TrendsQuery',
        series: [VIEWS],
        dateRange: { date_from: '2026-11-10', date_to: '2026-11-10' },
      }
      const { results } = await runQuery(zoned, query)
      expect(results[0].days).toEqual(['2026-11-10'])
      expect(results[0].count).toBe(
        await figure(
          'count()',
          "event = '$pageview' and timestamp >= '2026-11-10 05:00:00' and timestamp < '2026-11-11 05:00:00'",
        ),
      )
      const weeks = await runQuery(zoned, { ...query, interval: 'week' })
      expect(weeks.results[0].days).toEqual(['2026-11-09'])
    } finally {
      await zoned.local.close()
    }
  })

  it('give zeros for an event that never happens', async () => {
    const [series] = await trends({}, { kind: 'EventsNode', event: 'never' })
    expect([series.count, new Set(series.data)]).toEqual([0, new Set([0])])
    expect(
      await trends({ breakdownFilter: { breakdown: 'plan' } }, { kind: 'EventsNode', event: 'never' }),
    ).toEqual([])
  })
})
