import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, hogql, NOW, ORGANIZATION, startAccount } from './harness.ts'

let account: Account
beforeAll(async () => {
  account = await startAccount()
})
afterAll(() => account[Symbol.asyncDispose]())

/** The rows of a query with `kind: 'HogQLQuery'`. */
async function run(query: string, more: object = {}): Promise<unknown> {
  const { body } = await account.call('POST', '/api/projects/1/query/', {
    body: { query: hogql(query, more) },
  })
  return body['results'] ?? body['detail']
}

/** The only row of a query, as numbers. */
async function numbersOf(query: string, more: object = {}): Promise<number[]> {
  const rows = await run(query, more)
  if (!Array.isArray(rows) || rows.length !== 1) throw new Error(`Expected one row, got ${String(rows)}`)
  return (rows as number[][])[0] ?? []
}

const setTimeZone = (timezone: string): Promise<unknown> =>
  account.call('PATCH', `/api/organizations/${ORGANIZATION}/projects/1/`, { body: { timezone } })

describe('HogQL without tables', () => {
  it.each([
    ['compares NULL as a value', 'null = null, null != null, 1 = null, 1 != null', [1, 0, 0, 1]],
    ['orders NULL nowhere', 'null < 1, null >= 1, null between 1 and 2', [0, 0, 0]],
    [
      'finds NULL in a list',
      'null in (null), null in (1), null not in (1), 2 not in (1, null)',
      [1, 0, 1, 1],
    ],
    ['matches NULL to no pattern', "null like 'a', null not like 'a', null ilike 'a'", [0, 1, 0]],
    [
      'distinguishes with IS DISTINCT FROM',
      'null is distinct from null, 1 is distinct from null, 1 is not distinct from 1',
      [0, 1, 1],
    ],
    ['matches with ~', "'abc' =~ 'B', 'abc' =~* 'B', 'abc' !~ 'B', 'abc' !~* 'B'", [0, 1, 1, 0]],
    ['falls back with ??', "null ?? 'x', 'y' ?? 'x', null ?? null ?? 'z'", ['x', 'y', 'z']],
    ['chooses with ?:', "true ? 'y' : 'n', 1 > 2 ? 'y' : 'n'", ['y', 'n']],
    ['fills f-strings', "f'{1 + 1} of {'a'}', f'it''s', f''", ['2 of a', "it's", '']],
    ['reads lists', '[10, 20, 30][2], [10, 20, 30][-1], [10, 20, 30][2:3]', [20, 30, [20, 30]]],
    ['reads tuples and dicts', "tuple(1, 'b').2, {'a': 7}['a']", ['b', 7]],
    [
      'casts',
      "'5'::Int64, cast('1.5' as Float64), 1::String, '2026-01-02'::date",
      [5, 1.5, '1', '2026-01-02'],
    ],
    ['converts to NULL', "toInt('x'), toFloat('x'), try_cast('x' as Int64)", [null, null, null]],
    ['maps lists', 'arrayMap(x -> x * 2, [1, 2]), arrayFilter((x, y) -> y, [1, 2], [0, 1])', [[2, 4], [2]]],
    [
      'sends tags as tuples',
      "<a href={f'https://x/{1}'}>go</a>",
      [['__hx_tag', 'a', 'href', 'https://x/1', 'children', ['go']]],
    ],
    ['takes an alias for later columns', '2 as a, a + 1 as b, a * b', [2, 3, 6]],
  ])('%s', async (_, columns, row) => {
    expect(await run(`select ${columns}`)).toEqual([row])
  })

  it.each([
    [
      'recursive',
      'with recursive r as (select 1 as n union all select n + 1 from r where n < 5) select sum(n) from r',
      [[15]],
    ],
    ['with named columns', 'with c(x, y) as (select 1, 2), 3 as z select x + y + z from c', [[6]]],
    ['materialized', 'with m as materialized (select 1 as x) select x from m', [[1]]],
  ])('runs a CTE that is %s', async (_, query, rows) => {
    expect(await run(query)).toEqual(rows)
  })

  it.each([
    [
      "select * from (values (1, 'a'), (2, 'b')) as v(n, t) order by n",
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    ['select * exclude (b) from (select 1 as a, 2 as b, 3 as c)', [[1, 3]]],
    ['select columns(* replace (9 as b)) from (select 1 as a, 2 as b)', [[1, 9]]],
    ["select columns('^[ac]') from (select 1 as a, 2 as b, 3 as c)", [[1, 3]]],
    ['select 1 intersect select 1', [[1]]],
    ['select 1 except select 1', []],
    [
      'select number, sum(number) over (order by number) as s, row_number() over (order by number desc) as r from numbers(3) order by number',
      [
        [0, 0, 3],
        [1, 1, 2],
        [2, 3, 1],
      ],
    ],
    [
      'select number, avg(number) over (order by number rows between 1 preceding and current row) as a from numbers(3) order by number',
      [
        [0, 0],
        [1, 0.5],
        [2, 1.5],
      ],
    ],
    [
      'select number from numbers(6) qualify row_number() over (partition by number % 2 order by number) = 1 order by number',
      [[0], [1]],
    ],
    [
      'select x, y from (select 1 as x) array join [1, 2] as y',
      [
        [1, 1],
        [1, 2],
      ],
    ],
    [
      'select number % 2 as g, number from numbers(6) order by number limit 1 by g',
      [
        [0, 0],
        [1, 1],
      ],
    ],
    ['select number from numbers(3) order by intDiv(number, 2) limit 1 with ties', [[0], [1]]],
  ])('runs %s', async (query, rows) => {
    expect(await run(query)).toEqual(rows)
  })

  it('limits each query of a union to 100 rows', async () => {
    const rows = await run('select number from numbers(150) union all select number from numbers(150)')
    expect(rows).toHaveLength(200)
    expect(
      await run('select number from numbers(9) union all select number from numbers(9) limit 3'),
    ).toHaveLength(12)
  })

  it('refuses what PostHog refuses, at its place in the text', async () => {
    const query = 'select event,\n  nothing from events'
    const { body } = await account.call('POST', '/api/projects/1/query/', { body: { query: hogql(query) } })
    expect(body).toMatchObject({
      code: 'invalid_input',
      detail: 'Unable to resolve field: nothing',
      extra: { start: query.indexOf('nothing'), end: query.indexOf(' from') },
    })
  })
})

describe('HogQL about events', () => {
  it('keeps rows without the property in !=, NOT IN and NOT LIKE', async () => {
    const [all = 0, without = 0, free = 0, ...others] =
      await numbersOf(`select count(), countIf(properties.plan is null),
      countIf(properties.plan = 'free'), countIf(properties.plan != 'free'), countIf(properties.plan not in ('free')),
      countIf(properties.plan not like 'f%'), countIf(not (properties.plan = 'free')) from events`)
    expect(free).toBeGreaterThan(0)
    expect(without).toBeGreaterThan(free)
    expect(others).toEqual([all - free, all - free, all - free, all - free])
  })

  it('joins persons, distinct ids and sessions by their names', async () => {
    const [all, ...same] =
      await numbersOf(`select count(), countIf(person.id = person_id), countIf(pdi.person_id = person_id),
      countIf(poe.id = person_id), countIf(session.id = $session_id), countIf(session.$session_duration >= 0),
      countIf(person?.properties?.email is not distinct from person.properties.email) from events`)
    expect(same).toEqual(same.map(() => all))
    expect(await run("select count() from persons where pdi.distinct_id = 'user_1'")).toEqual([[1]])
    expect(await run('select group_0.properties.name as n from events group by n')).toEqual([[null]])
  })

  it('finds the persons of a cohort and the events of an action', async () => {
    const { cohort } = await account.posthog.cohorts.createStatic({ name: "It's", distinctIds: ['user_1'] })
    await account.posthog.actions.create({ name: 'Bought', steps: [{ event: 'purchase' }] })
    const [one, ...members] = await numbersOf(`select countIf(distinct_id = 'user_1'),
      countIf(person_id in cohort ${cohort.id}), countIf(person_id in cohort 'It''s'),
      count() - countIf(person_id not in cohort ${cohort.id}) from events`)
    expect(members).toEqual([one, one, one])
    const [bought, matched] = await numbersOf(
      "select countIf(event = 'purchase'), countIf(matchesAction('Bought')) from events",
    )
    expect(bought).toBeGreaterThan(0)
    expect(matched).toBe(bought)
  })

  it('fills {filters} from the date range of the query', async () => {
    const filters = { dateRange: { date_from: '-7d' } }
    const [filtered] = await numbersOf('select count() from events where {filters}', { filters })
    const [written] = await numbersOf(
      "select count() from events where timestamp >= toDateTime('2026-11-13 10:00:00')",
    )
    expect(filtered).toBeGreaterThan(0)
    expect(filtered).toBe(written)
  })

  it('has the clock of the local PostHog', async () => {
    expect(await run('select toUnixTimestamp(now()), toString(today()), toString(yesterday())')).toEqual([
      [Date.parse(NOW) / 1_000, '2026-11-20', '2026-11-19'],
    ])
  })

  it('reads times in the time zone of the project, unless a modifier says no', async () => {
    await setTimeZone('America/New_York')
    const query =
      "select toString(toDateTime('2026-01-02 03:04:05')) as t, toHour(max(timestamp)) as h from events"
    const [zoned] = (await run(query)) as [string, number][]
    const modifiers = { convertToProjectTimezone: false }
    const [utc] = (await run(query, { modifiers })) as [string, number][]
    await setTimeZone('UTC')
    expect(((utc?.[1] ?? 0) - (zoned?.[1] ?? 0) + 24) % 24).toBe(5)
  })

  it('samples persons', async () => {
    const [all = 0, half = 0] = [
      ...(await numbersOf('select count() from events sample 1')),
      ...(await numbersOf('select count() from events sample 1/2')),
    ]
    expect(all).toBe(1_000)
    expect(half).toBeGreaterThan(300)
    expect(half).toBeLessThan(700)
  })
})
