import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, type Answer, refusal, runQuery, startAccount } from '../harness.ts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 3_000 })
})
afterAll(() => account.local.close())

const STEPS = ['$pageview', '$autocapture', 'purchase']
const MONTH = "timestamp >= '2026-10-21' and timestamp < '2026-11-21'"
const funnel = async (funnelsFilter: object, more: object = {}, events = STEPS): Promise<Answer> => {
  const series = events.map((event) => ({ kind: 'EventsNode', event }))
  const query = { kind: 'FunnelsQuery', series, funnelsFilter, dateRange: { date_from: '-30d' }, ...more }
  return (await runQuery(account, query)).results
}
const countsOf = (steps: Answer[]): number[] => steps.map(({ count }) => count)
/** Persons who reach each step, by ClickHouse's own `windowFunnel`. */
const byClickHouse = async (seconds: number, where = '1'): Promise<number[]> => {
  const events = STEPS.map((event) => `event = '${event}'`).join(', ')
  const levels = `select person_id, windowFunnel(${seconds})(toDateTime(timestamp), ${events}) as level from events where ${MONTH} and ${where} group by person_id`
  const [row] = (await account.rows(
    `select countIf(level >= 1), countIf(level >= 2), countIf(level >= 3) from (${levels})`,
  )) as Answer[]
  return row
}

describe('the steps of a funnel', () => {
  it('count the persons who take them in order within the window', async () => {
    const steps = await funnel({})
    expect(countsOf(steps)).toEqual(await byClickHouse(14 * 86_400))
    expect(steps[0]).toEqual({
      action_id: '$pageview',
      name: '$pageview',
      custom_name: null,
      order: 0,
      people: [],
      count: steps[0].count,
      type: 'events',
      average_conversion_time: null,
      median_conversion_time: null,
    })
    expect(steps[2].average_conversion_time).toBeGreaterThan(steps[2].median_conversion_time)
    const hour = await funnel({ funnelWindowInterval: 1, funnelWindowIntervalUnit: 'hour' })
    expect(countsOf(hour)).toEqual(await byClickHouse(3_600))
  })

  it('must follow directly in a strict funnel, apart from repeats of a step', async () => {
    const steps = await funnel({ funnelOrderType: 'strict' })
    const [[expected]] = (await account.rows(
      `select countIf(match(names, 'va+p')) from (select person_id, arrayStringConcat(arrayMap(e -> multiIf(e = '$pageview', 'v', e = '$autocapture', 'a', e = 'purchase', 'p', 'x'), groupArray(event)), '') as names from (select person_id, event from events where ${MONTH} order by timestamp) group by person_id)`,
    )) as Answer[]
    expect(steps[2].count).toBe(expected)
  })

  it('take any order in an unordered funnel', async () => {
    const steps = await funnel({
      funnelOrderType: 'unordered',
      funnelWindowInterval: 31,
      funnelWindowIntervalUnit: 'day',
    })
    const kinds = STEPS.map((event) => `(countIf(event = '${event}') > 0)`).join(' + ')
    const [row] = (await account.rows(
      `select countIf(n >= 1), countIf(n >= 2), countIf(n >= 3) from (select person_id, ${kinds} as n from events where ${MONTH} group by person_id)`,
    )) as Answer[]
    expect(countsOf(steps)).toEqual(row)
  })

  it('leave out persons with an excluded event between them', async () => {
    const exclusions = [{ kind: 'EventsNode', event: 'sign_up', funnelFromStep: 0, funnelToStep: 2 }]
    const all = countsOf(await funnel({}))
    const some = countsOf(await funnel({ exclusions }))
    expect(some[2]).toBeLessThan(all[2] ?? 0)
    expect(
      await funnel({
        exclusions: [{ kind: 'EventsNode', event: 'never', funnelFromStep: 0, funnelToStep: 1 }],
      }),
    ).toEqual(await funnel({}))
  })

  it('break down by the first value of a person, every value or the value of a step', async () => {
    const breakdownFilter = { breakdown: '$browser', breakdown_type: 'event' }
    const first: Answer[] = await funnel({}, { breakdownFilter })
    const chrome = first.find(([step]) => step.breakdown_value[0] === 'Chrome')
    // Each person of the sample has one browser.
    expect(countsOf(chrome)).toEqual(await byClickHouse(14 * 86_400, "properties.$browser = 'Chrome'"))
    const byPath = { breakdownFilter: { breakdown: '$pathname', breakdown_type: 'event' } }
    const every: Answer[] = await funnel({ breakdownAttributionType: 'all_events' }, byPath)
    const docs = every.find(([step]) => step.breakdown_value[0] === '/docs')
    expect(countsOf(docs)).toEqual(await byClickHouse(14 * 86_400, "properties.$pathname = '/docs'"))
    const ofStep: Answer[] = await funnel(
      { breakdownAttributionType: 'step', breakdownAttributionValue: 0 },
      byPath,
    )
    const [[views]] = (await account.rows(
      `select uniq(person_id) from events where event = '$pageview' and properties.$pathname = '/docs' and ${MONTH}`,
    )) as Answer[]
    expect(ofStep.find(([step]) => step.breakdown_value[0] === '/docs')[0].count).toBe(views)
    const limited: Answer[] = await funnel(
      {},
      { breakdownFilter: { ...breakdownFilter, breakdown_limit: 1 } },
    )
    expect(limited.map(([step]) => step.breakdown_value)).toEqual([['Chrome'], ['Other']])
  })

  it('aggregate by a HogQL expression', async () => {
    const [sessions] = await funnel({ funnelAggregateByHogQL: 'properties.$session_id' })
    const [[expected]] = (await account.rows(
      `select uniq(properties.$session_id) from events where event = '$pageview' and ${MONTH}`,
    )) as Answer[]
    expect(sessions.count).toBe(expected)
  })

  it('are empty without events', async () => {
    expect(await funnel({}, {}, ['never', 'again'])).toEqual([])
  })
})

describe('other views of a funnel', () => {
  it('show the conversion rate by the day of the first step', async () => {
    const [trend] = await funnel({ funnelVizType: 'trends' }, {}, ['$pageview', 'purchase'])
    const day = '2026-11-05'
    const [[entered, converted]] = (await account.rows(
      `select count(), countIf(arrayExists(b -> arrayExists(v -> b > v and b <= v + 1209600000, views), buys)) from (select person_id, groupArrayIf(toUnixTimestamp64Milli(timestamp), event = '$pageview' and toDate(timestamp) = '${day}') as views, groupArrayIf(toUnixTimestamp64Milli(timestamp), event = 'purchase') as buys from events where ${MONTH} group by person_id having notEmpty(views))`,
    )) as Answer[]
    expect(trend.data[trend.days.indexOf(day)]).toBe(Math.round((converted / entered) * 10_000) / 100)
    expect([trend.count, trend.labels[0]]).toEqual([31, '21-Oct-2026'])
    const series = await funnel(
      { funnelVizType: 'trends' },
      { interval: 'week', breakdownFilter: { breakdown: 'plan', breakdown_type: 'person' } },
    )
    expect(new Set(series.map(({ breakdown_value }: Answer) => breakdown_value[0]))).toEqual(
      new Set(['', 'free', 'pro', 'enterprise']),
    )
  })

  it('show how long conversions take', async () => {
    const steps = await funnel({}, {}, ['$pageview', 'purchase'])
    const times = await funnel({ funnelVizType: 'time_to_convert', binCount: 5 }, {}, [
      '$pageview',
      'purchase',
    ])
    expect(times.bins).toHaveLength(6)
    expect(times.bins.reduce((sum: number, [, count]: number[]) => sum + (count ?? 0), 0)).toBe(
      steps[1].count,
    )
    expect(times.average_conversion_time).toBeCloseTo(steps[1].average_conversion_time)
    const none = await funnel({ funnelVizType: 'time_to_convert' }, {}, ['never', 'again'])
    expect(none).toEqual({
      bins: [
        [0, 0],
        [60, 0],
      ],
      average_conversion_time: null,
    })
  })

  it.each([
    ['an unknown view', { funnelVizType: 'flow' }, 501],
    [
      'exclusions of unordered funnels',
      { funnelOrderType: 'unordered', exclusions: [{ event: 'a', funnelFromStep: 0, funnelToStep: 1 }] },
      501,
    ],
    [
      'an exclusion that ends before it starts',
      { exclusions: [{ event: 'a', funnelFromStep: 1, funnelToStep: 1 }] },
      400,
    ],
    ['a step that does not exist', { funnelVizType: 'time_to_convert', funnelToStep: 9 }, 400],
  ])('refuse %s', async (_, filter, status) => {
    expect(await refusal(funnel(filter))).toMatchObject({ status })
  })

  it('need two steps', async () => {
    expect(await refusal(funnel({}, {}, ['$pageview']))).toMatchObject({
      status: 400,
      code: 'funnels_require_at_least_two_steps',
    })
  })
})
