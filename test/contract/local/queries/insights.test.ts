import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, type Answer, refusal, runQuery, startAccount } from '../harness.ts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 3_000 })
})
afterAll(() => account.local.close())

const VIEWS = { kind: 'EventsNode', event: '$pageview' }
const results = async (query: object): Promise<Answer> => (await runQuery(account, query)).results
const rows = async (sql: string): Promise<Answer[]> => (await account.rows(sql)) as Answer[]

describe('a lifecycle', () => {
  it('counts the statuses of each day', async () => {
    const lifecycle = { kind: 'LifecycleQuery', series: [VIEWS], dateRange: { date_from: '-7d' } }
    const series: Answer[] = await results(lifecycle)
    const statuses = Object.fromEntries(series.map(({ status, data }) => [status, data.at(-2)]))
    const persons = `select person_id, toDate(min(person.created_at)) as born, groupUniqArray(toDate(timestamp)) as days from events where event = '$pageview' and timestamp < '2026-11-21' group by person_id`
    const [today, yesterday] = ["has(days, toDate('2026-11-19'))", "has(days, toDate('2026-11-18'))"]
    const born = "born = toDate('2026-11-19')"
    const [counts] = await rows(
      `select countIf(${today} and ${born}), countIf(${today} and not ${born} and ${yesterday}), countIf(${today} and not ${born} and not ${yesterday}), -1 * countIf(not ${today} and ${yesterday}) from (${persons})`,
    )
    expect(Object.keys(statuses)).toEqual(['new', 'returning', 'resurrecting', 'dormant'])
    expect(Object.values(statuses)).toEqual(counts)
  })

  it.each([
    ['two series', { series: [VIEWS, VIEWS] }, 400],
    ['groups', { series: [VIEWS], aggregation_group_type_index: 0 }, 501],
  ])('refuses %s', async (_, more, status) => {
    expect(await refusal(results({ kind: 'LifecycleQuery', ...more }))).toMatchObject({ status })
  })
})

describe('stickiness', () => {
  const stickiness = (more: object = {}): Promise<Answer> =>
    results({ kind: 'StickinessQuery', series: [VIEWS], dateRange: { date_from: '-7d' }, ...more })

  it('counts persons by their number of active days', async () => {
    const [series] = await stickiness()
    const expected = await rows(
      `select n, count() from (select person_id, uniq(toDate(timestamp)) as n from events where event = '$pageview' and timestamp >= '2026-11-13' and timestamp < '2026-11-21' group by person_id) group by n order by n`,
    )
    expect(series.days).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(series.labels.slice(0, 2)).toEqual(['1 day', '2 days'])
    expect(series.data).toEqual(series.days.map((day: number) => expected.find(([n]) => n === day)?.[1] ?? 0))
    expect(series.count).toBe(series.data.reduce((sum: number, value: number) => sum + value, 0))
  })

  it('counts days with enough events, cumulatively, and compares', async () => {
    const stickinessFilter = { computedAs: 'cumulative', stickinessCriteria: { operator: 'gte', value: 3 } }
    const [now, before] = await stickiness({ stickinessFilter, compareFilter: { compare: true } })
    const [[active]] = await rows(
      `select uniq(person_id) from (select person_id, toDate(timestamp) as day, count() as n from events where event = '$pageview' and timestamp >= '2026-11-13' and timestamp < '2026-11-21' group by person_id, day having n >= 3)`,
    )
    expect([now.compare_label, now.data[0], now.labels[0]]).toEqual(['current', active, '1 day or more'])
    expect(before.compare_label).toBe('previous')
  })
})

it('rejects an unknown operator of stickiness', async () => {
  const stickinessFilter = { stickinessCriteria: { operator: 'most', value: 3 } }
  const query = { kind: 'StickinessQuery', series: [VIEWS], stickinessFilter }
  expect(await refusal(results(query))).toMatchObject({ status: 400, attr: 'stickinessCriteria' })
})

describe('retention', () => {
  const retention = (retentionFilter: object, more: object = {}): Promise<Answer[]> =>
    results({
      kind: 'RetentionQuery',
      retentionFilter,
      dateRange: { date_from: '2026-11-10', date_to: '2026-11-14' },
      ...more,
    })
  const countsOf = (table: Answer[]): number[][] =>
    table.map(({ values }) => values.map(({ count }: Answer) => count))

  it('counts who returns on each later day', async () => {
    const table = await retention({ period: 'Day', totalIntervals: 3 })
    expect(table.map(({ label, date }) => [label, date])).toEqual(
      [10, 11, 12, 13, 14].map((day, at) => [`Day ${at}`, `2026-11-${day}T00:00:00Z`]),
    )
    const persons = `select person_id, groupUniqArray(toDate(timestamp)) as days from events where event = '$pageview' and timestamp >= '2026-11-10' and timestamp < '2026-11-15' group by person_id`
    const has = (day: number): string => `has(days, toDate('2026-11-${day}'))`
    const [expected] = await rows(
      `select countIf(${has(10)}), countIf(${has(10)} and ${has(11)}), countIf(${has(10)} and ${has(12)}) from (${persons})`,
    )
    expect(table[0].values).toEqual(
      expected.map((count: number, at: number) => ({ count, label: `Day ${at}` })),
    )
  })

  it('starts with the first event of all time', async () => {
    const entity = { id: '$pageview', type: 'events' }
    const table = await retention({
      period: 'Day',
      totalIntervals: 2,
      retentionType: 'retention_first_time',
      targetEntity: entity,
      returningEntity: { id: 'purchase', type: 'events' },
    })
    const firsts = await rows(
      `select toString(toDate(first_view)) as day, count() from (select person_id, min(timestamp) as first_view from events where event = '$pageview' group by person_id) where first_view >= '2026-11-10' and first_view < '2026-11-15' group by day order by day`,
    )
    const starts = table.flatMap(({ date, values }) =>
      values[0].count > 0 ? [[date.slice(0, 10), values[0].count]] : [],
    )
    expect(starts).toEqual(firsts)
  })

  it('joins days into brackets, and accumulates', async () => {
    const days = countsOf(await retention({ period: 'Day', totalIntervals: 4 }))
    const [brackets] = await retention({ period: 'Day', totalIntervals: 4, retentionCustomBrackets: [1, 2] })
    expect(brackets.values.map(({ label }: Answer) => label)).toEqual(['Day 0', 'Day 1', 'Day 2-3'])
    const persons = `select person_id, groupUniqArray(toDate(timestamp)) as days from events where event = '$pageview' and timestamp >= '2026-11-10' and timestamp < '2026-11-15' group by person_id`
    const has = (day: number): string => `has(days, toDate('2026-11-${day}'))`
    const [[later]] = await rows(
      `select countIf(${has(10)} and (${has(12)} or ${has(13)})) from (${persons})`,
    )
    expect(brackets.values[2].count).toBe(later)
    const cumulative = countsOf(await retention({ period: 'Day', totalIntervals: 4, cumulative: true }))
    const [[everLater]] = await rows(
      `select countIf(${has(10)} and (${has(11)} or ${has(12)} or ${has(13)})) from (${persons})`,
    )
    expect([cumulative[0]?.[0], cumulative[0]?.[1]]).toEqual([days[0]?.[0], everLater])
  })

  it('breaks down by a property', async () => {
    const breakdownFilter = { breakdown: '$browser', breakdown_type: 'event', breakdown_limit: 1 }
    const table = await retention({ period: 'Day', totalIntervals: 1 }, { breakdownFilter })
    expect([...new Set(table.map(({ breakdown_value }) => breakdown_value))]).toEqual([
      'Chrome',
      '$$_posthog_breakdown_other_$$',
    ])
    const [[chrome]] = await rows(
      "select uniq(person_id) from events where event = '$pageview' and toDate(timestamp) = '2026-11-10' and properties.$browser = 'Chrome'",
    )
    expect(table[0].values[0].count).toBe(chrome)
  })

  it.each([
    [{ timeWindowMode: '24_hour_windows' }, '24-hour windows'],
    [{ aggregationType: 'sum', aggregationProperty: 'amount' }, 'aggregationType sum'],
  ])('refuses %j', async (filter, detail) => {
    expect(await refusal(retention(filter))).toMatchObject({
      status: 501,
      code: 'not_implemented_locally',
      detail: expect.stringContaining(detail),
    })
  })
})

describe('paths', () => {
  const paths = (pathsFilter: object): Promise<Answer[]> =>
    results({ kind: 'PathsQuery', pathsFilter, dateRange: { date_from: '-30d' } })

  it('count the steps between pages of a visit', async () => {
    const edges = await paths({
      includeEventTypes: ['$pageview'],
      startPoint: 'https://example.com/pricing',
      stepLimit: 2,
      edgeLimit: 100,
    })
    // The next other page within half an hour, counted from the first visit of each sequence.
    const visits = `select person_id, groupArray(url) as urls, groupArray(time) as times from (select person_id, replaceRegexpAll(properties.$current_url, '(.)/$', '\\\\1') as url, toUnixTimestamp64Milli(timestamp) as time from events where event = '$pageview' and timestamp >= '2026-10-21' order by timestamp) group by person_id`
    let expected = 0
    for (const [, urls, times] of await rows(`${visits} limit 1000`)) {
      let session: string[] = []
      const close = (): void => {
        const compact = session.filter((url, at) => url !== session[at + 1])
        const at = compact.indexOf('https://example.com/pricing')
        if (at >= 0 && at + 1 < compact.length) expected += 1
        session = []
      }
      urls.forEach((url: string, at: number) => {
        if (at > 0 && times[at] - times[at - 1] >= 1_800_000) close()
        session.push(url)
      })
      close()
    }
    expect(edges.reduce((sum, { value }) => sum + value, 0)).toBe(expected)
    expect(new Set(edges.map(({ source }) => source))).toEqual(new Set(['1_https://example.com/pricing']))
    expect(edges[0].average_conversion_time).toBeGreaterThan(0)
  })

  it('end at a point, group pages and leave events out', async () => {
    const edges = await paths({
      includeEventTypes: ['$pageview', 'custom_event'],
      endPoint: 'purchase',
      stepLimit: 3,
    })
    expect(edges.length).toBeGreaterThan(0)
    expect(edges.every(({ target }) => target.startsWith('2_') || target === '3_purchase')).toBe(true)
    const grouped = await paths({
      includeEventTypes: ['$pageview'],
      pathGroupings: ['https://example.com/d*'],
      excludeEvents: ['https://example.com'],
    })
    const items = new Set(grouped.flatMap(({ source, target }) => [source.slice(2), target.slice(2)]))
    expect(items).toContain('https://example.com/d*')
    expect(items).not.toContain('https://example.com/docs')
    expect(items).not.toContain('https://example.com')
  })

  it('are empty without events, and refuse those of a funnel', async () => {
    expect(await paths({ includeEventTypes: ['$screen'] })).toEqual([])
    const query = {
      kind: 'PathsQuery',
      pathsFilter: {},
      funnelPathsFilter: { funnelPathType: 'funnel_path_after_step' },
    }
    expect(await refusal(results(query))).toMatchObject({ status: 501 })
  })
})
