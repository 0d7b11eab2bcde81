import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, type Answer, refusal, runQuery, startAccount, TOKEN } from '../harness.ts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 3_000 })
})
afterAll(() => account.local.close())

const run = (query: object): Promise<Answer> => runQuery(account, query)
const rows = async (sql: string): Promise<Answer[]> => (await account.rows(sql)) as Answer[]

describe('an EventsQuery', () => {
  const events = (more: object): Promise<Answer> =>
    run({ kind: 'EventsQuery', select: ['event', 'timestamp'], ...more })

  it('lists the events of the last day, newest first, by pages', async () => {
    const first = await events({ limit: 5 })
    expect(first.results).toEqual(
      await rows(
        "select event, timestamp from events where timestamp > '2026-11-19 10:00:00' order by timestamp desc limit 5",
      ),
    )
    expect(first).toMatchObject({ columns: ['event', 'timestamp'], hasMore: true, limit: 5, offset: 0 })
    expect(first.nextCursor).toBe(first.results[4][1])
    const second = await events({ limit: 5, before: first.nextCursor })
    expect(second.results).toEqual((await events({ limit: 10 })).results.slice(5))
  })

  it('shows whole events and persons', async () => {
    const select = ['*', 'person', 'person_display_name -- Person']
    const { results, columns } = await events({
      select,
      event: 'purchase',
      after: 'all',
      limit: 1,
      orderBy: ['timestamp ASC'],
    })
    const [[uuid, amount, email, id]] = await rows(
      "select toString(uuid), properties.amount, person.properties.email, toString(person_id) from events where event = 'purchase' order by timestamp limit 1",
    )
    const [event, person, name] = results[0]
    expect(event).toMatchObject({
      uuid,
      event: 'purchase',
      team_id: 1,
      person_mode: 'full',
      properties: { amount, $has_recording: true },
    })
    expect(person.uuid).toBe(id)
    expect(name).toMatchObject({ id, distinct_id: event.distinct_id })
    expect(name.display_name).toBe(email ?? event.distinct_id)
    expect(columns).toEqual(select)
  })

  it('aggregates, filters and orders by HogQL', async () => {
    const { results, columns } = await events({
      select: ['event', 'count() as total -- Total'],
      after: 'all',
      where: ["event != '$autocapture'", 'count() > 50'],
    })
    expect(columns).toEqual(['event', 'total'])
    expect(results).toEqual(
      await rows(
        "select event, count() as n from events where event != '$autocapture' group by event having n > 50 order by n desc",
      ),
    )
    const properties = [{ key: '$browser', type: 'event', value: ['Safari'], operator: 'exact' }]
    const count = await events({
      select: ['count()'],
      after: '2026-11-01',
      before: '2026-11-10',
      events: ['purchase', 'sign_up'],
      properties,
    })
    expect(count.results).toEqual(
      await rows(
        "select count() from events where event in ('purchase', 'sign_up') and properties.$browser = 'Safari' and timestamp > '2026-11-01' and timestamp < '2026-11-10'",
      ),
    )
    const [[person]] = await rows("select toString(person_id) from events where event = 'purchase' limit 1")
    expect((await events({ select: ['count()'], after: 'all', personId: person })).results).toEqual(
      await rows(`select count() from events where toString(person_id) = '${person}'`),
    )
  })

  it.each([
    ['two expressions in one condition', { where: ['1) or (1 = 1'] }, 400],
    ['a date that is none', { after: 'soon' }, 400],
    ['an insight as its source', { source: { kind: 'InsightActorsQuery' } }, 501],
  ])('refuses %s', async (_, more, status) => {
    expect(await refusal(events(more))).toMatchObject({ status })
  })
})

describe('an ActorsQuery', () => {
  const actors = (more: object = {}): Promise<Answer> => run({ kind: 'ActorsQuery', ...more })

  it('lists persons with their distinct ids', async () => {
    const { results, columns, hasMore } = await actors({ limit: 2 })
    expect([columns, hasMore]).toEqual([['person', 'id', 'person.$delete'], true])
    const [person, id, deletion] = results[0]
    expect(person).toMatchObject({
      id,
      is_identified: expect.any(Boolean),
      distinct_ids: [expect.any(String)],
    })
    expect(deletion).toBe(1)
  })

  it('searches, filters, orders and counts', async () => {
    const properties = [{ type: 'person', key: 'seats', operator: 'gt', value: '10' }]
    const { results } = await actors({
      select: ['properties.email'],
      properties,
      orderBy: ['created_at DESC'],
    })
    expect(results).toEqual(
      await rows(
        'select properties.email from persons where properties.seats > 10 order by created_at desc limit 100',
      ),
    )
    const plans = await actors({ select: ['properties.plan', 'count()'], search: 'chidi' })
    expect([...plans.results].sort()).toEqual(
      await rows(
        "select properties.plan as p, count() as n from persons where properties.email ilike '%chidi%' or properties.name ilike '%chidi%' group by p order by n desc",
      ).then((found) => found.sort()),
    )
  })

  it('takes the persons of a HogQLQuery', async () => {
    const source = {
      kind: 'HogQLQuery',
      query: "select distinct person_id from events where event = 'purchase'",
    }
    const { results } = await actors({ select: ['count()'], source })
    expect(results).toEqual(await rows("select uniq(person_id) from events where event = 'purchase'"))
  })

  it('takes the persons behind a trend', async () => {
    const trend = {
      kind: 'TrendsQuery',
      series: [{ kind: 'EventsNode', event: '$pageview', math: 'dau' }],
      dateRange: { date_from: '-30d' },
      breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' },
    }
    const { results: series } = await run(trend)
    const chrome = series.find(({ breakdown_value }: Answer) => breakdown_value === 'Chrome')
    const source = {
      kind: 'InsightActorsQuery',
      source: trend,
      series: 0,
      day: '2026-11-12',
      breakdown: 'Chrome',
    }
    const { results } = await actors({ select: ['count()'], source })
    expect(results).toEqual([[chrome.data[chrome.days.indexOf('2026-11-12')]]])
    const everyone = await actors({
      select: ['count()'],
      source: { kind: 'InsightActorsQuery', source: trend },
    })
    expect(everyone.results).toEqual(
      await rows(
        "select uniq(person_id) from events where event = '$pageview' and timestamp >= '2026-10-21'",
      ),
    )
  })

  it('takes the persons of a step of a funnel, and those who leave before it', async () => {
    const series = ['$pageview', '$autocapture', 'purchase'].map((event) => ({ kind: 'EventsNode', event }))
    const funnel = { kind: 'FunnelsQuery', series, dateRange: { date_from: '-30d' } }
    const { results: steps } = await run(funnel)
    const count = async (funnelStep: number): Promise<number> => {
      const source = { kind: 'FunnelsActorsQuery', source: funnel, funnelStep }
      return (await actors({ select: ['count()'], source })).results[0][0]
    }
    expect(await count(2)).toBe(steps[1].count)
    expect(await count(3)).toBe(steps[2].count)
    expect(await count(-3)).toBe(steps[1].count - steps[2].count)
    expect(await refusal(count(9))).toMatchObject({ status: 400, attr: 'funnelStep' })
  })

  it('refuses the persons behind other insights', async () => {
    const source = { kind: 'InsightActorsQuery', source: { kind: 'PathsQuery', pathsFilter: {} } }
    expect(await refusal(actors({ source }))).toMatchObject({
      status: 501,
      detail: expect.stringContaining('PathsQuery'),
    })
  })

  it('refuses filters of events', async () => {
    const properties = [{ type: 'event', key: 'a', value: 1 }]
    expect(await refusal(actors({ properties }))).toMatchObject({ status: 400 })
  })
})

describe('a SessionsTimelineQuery', () => {
  it('lists the sessions of a person, newest first, with all their events', async () => {
    const [[person]] = await rows(
      "select toString(person_id) from events where timestamp > '2026-11-20' limit 1",
    )
    const { results } = await run({ kind: 'SessionsTimelineQuery', personId: person })
    const expected = await rows(
      `select $session_id, count() from events where toString(person_id) = '${person}' group by $session_id having max(timestamp) > '2026-11-19 10:00:00' order by min(timestamp) desc`,
    )
    expect(results.map(({ sessionId, events }: Answer) => [sessionId, events.length])).toEqual(expected)
    const times = results[0].events.map(({ timestamp }: Answer) => timestamp)
    expect(times).toEqual([...times].sort().reverse())
  })
})

describe('web analytics', () => {
  const SESSIONS = `select any(person_id) as p, countIf(event = '$pageview') as n, countIf(event = '$autocapture') as c, dateDiff('second', min(timestamp), max(timestamp)) as d, min(timestamp) as s, argMin(properties.$pathname, timestamp) as entry from events group by $session_id having n > 0 and s >= '2026-11-13'`

  it('give an overview, compared with the week before', async () => {
    const query = { kind: 'WebOverviewQuery', properties: [], dateRange: { date_from: '-7d' } }
    const { results, dateFrom, usedPreAggregatedTables } = await run({
      ...query,
      compareFilter: { compare: true },
    })
    const [expected] = await rows(
      `select uniq(p), sum(n), count(), avg(d), 100 * avg(n <= 1 and c = 0 and d < 10) from (${SESSIONS})`,
    )
    expect(results.map(({ key }: Answer) => key)).toEqual([
      'visitors',
      'views',
      'sessions',
      'session duration',
      'bounce rate',
    ])
    results.forEach(({ value }: Answer, at: number) => {
      expect(value).toBeCloseTo(expected[at])
    })
    const [{ value, previous, changeFromPreviousPct }] = results
    expect(changeFromPreviousPct).toBe(Math.round((100 * (value - previous)) / previous))
    expect([dateFrom, usedPreAggregatedTables]).toEqual(['2026-11-13 00:00:00', false])
    expect((await run(query)).results[0]).toMatchObject({ previous: null, changeFromPreviousPct: null })
  })

  it('list pages with their bounce rate', async () => {
    const query = {
      kind: 'WebStatsTableQuery',
      properties: [],
      dateRange: { date_from: '-7d' },
      breakdownBy: 'Page',
      includeBounceRate: true,
    }
    const { results, columns } = await run(query)
    expect(columns.slice(0, 4).map((name: string) => name.replace('context.columns.', ''))).toEqual([
      'breakdown_value',
      'visitors',
      'views',
      'bounce_rate',
    ])
    const expected = await rows(
      "select properties.$pathname as path, uniq(person_id) as u, count() as n from events where event = '$pageview' and timestamp >= '2026-11-13' group by path order by u desc, n desc",
    )
    expect(results.map(([path, [visitors], [views]]: Answer) => [path, visitors, views])).toEqual(expected)
    const rates = await rows(
      `select entry, avg(n <= 1 and c = 0 and d < 10) from (${SESSIONS}) group by entry`,
    )
    const [path, , , [rate]] = results[0]
    expect(rate).toBeCloseTo(rates.find(([entry]) => entry === path)[1])
    expect(results.reduce((sum: number, row: Answer) => sum + row[4], 0)).toBeCloseTo(1)
  })

  it.each([
    ['InitialReferringDomain', 4],
    ['InitialPage', 6],
    ['DeviceType', 2],
    ['InitialUTMSource', 1],
    ['City', 0],
  ])('break down by %s', async (breakdownBy, length) => {
    const { results } = await run({
      kind: 'WebStatsTableQuery',
      properties: [],
      breakdownBy,
      orderBy: ['Views', 'ASC'],
    })
    expect(results).toHaveLength(length)
    const views = results.map((row: Answer) => row[2][0])
    expect(views).toEqual([...views].sort((a: number, b: number) => a - b))
  })

  it.each([
    ['a conversion goal', { kind: 'WebOverviewQuery', conversionGoal: { actionId: 1 } }, 'conversionGoal'],
    ['revenue', { kind: 'WebOverviewQuery', includeRevenue: true }, 'includeRevenue'],
    ['channels', { kind: 'WebStatsTableQuery', breakdownBy: 'InitialChannelType' }, 'InitialChannelType'],
    [
      'scroll depth',
      { kind: 'WebStatsTableQuery', breakdownBy: 'Page', includeScrollDepth: true },
      'includeScrollDepth',
    ],
  ])('refuse %s', async (_, more, detail) => {
    expect(await refusal(run({ properties: [], ...more }))).toMatchObject({
      status: 501,
      code: 'not_implemented_locally',
      detail: expect.stringContaining(detail),
    })
  })
})

describe('a TracesQuery', () => {
  it('sums the calls of a trace', async () => {
    const event = (name: string, minute: number, properties: object): object => ({
      event: name,
      distinct_id: 'ai-user',
      timestamp: `2026-11-20T09:0${minute}:00Z`,
      properties: { $ai_trace_id: 'trace-1', ...properties },
    })
    const call = {
      $ai_parent_id: 'trace-1',
      $ai_input_tokens: 10,
      $ai_output_tokens: 5,
      $ai_total_cost_usd: 0.25,
      $ai_latency: 1.5,
    }
    await account.send('/batch/', {
      api_key: TOKEN,
      batch: [
        event('$ai_trace', 0, { $ai_input_state: { q: 1 }, $ai_span_name: 'Chat', $ai_latency: 0 }),
        event('$ai_generation', 1, call),
        event('$ai_generation', 2, call),
        event('$ai_feedback', 3, { $ai_feedback_text: 'good' }),
      ],
    })
    const { results, hasMore } = await run({ kind: 'TracesQuery', dateRange: { date_from: '-1d' } })
    expect(hasMore).toBe(false)
    expect(results).toMatchObject([
      {
        id: 'trace-1',
        traceName: 'Chat',
        createdAt: '2026-11-20T09:00:00Z',
        distinctId: 'ai-user',
        person: { distinct_id: 'ai-user' },
        inputTokens: 20,
        outputTokens: 10,
        totalCost: 0.5,
        totalLatency: 3,
        inputState: { q: 1 },
        outputState: null,
        events: [{ event: '$ai_feedback', properties: { $ai_feedback_text: 'good' } }],
      },
    ])
    const properties = [{ type: 'event', key: '$ai_feedback_text', value: 'bad' }]
    expect((await run({ kind: 'TracesQuery', properties })).results).toEqual([])
  })
})

describe('a DatabaseSchemaQuery', () => {
  it('lists the tables with their columns', async () => {
    const { tables, joins } = await run({ kind: 'DatabaseSchemaQuery' })
    expect(joins).toEqual([])
    expect(tables.events).toMatchObject({
      name: 'events',
      type: 'posthog',
      fields: { timestamp: { type: 'datetime' } },
    })
    const columns: Answer[] = Object.values(tables.persons.fields)
    const names = columns.filter(({ type }) => !/table|traverser/.test(type)).map(({ name }) => name)
    expect(await rows(`select ${names.join(', ')} from persons limit 1`)).toHaveLength(1)
  })
})
