import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, type Answer, refusal, runQuery, startAccount, TOKEN } from '../harness.ts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 3_000 })
  const chain = (text: string, href: string): string =>
    `a.btn.btn-primary:attr_id="buy"href="${href}"nth-child="2"text="${text}";div.card:nth-child="1";body`
  await account.send('/batch/', {
    api_key: TOKEN,
    batch: ['Buy now', 'Later'].map((text, index) => ({
      event: '$autocapture',
      distinct_id: 'clicker',
      timestamp: '2026-11-20T09:00:00Z',
      properties: {
        $elements_chain: chain(text, `/buy/${index}`),
        $current_url: 'https://shop.example/Cart?id=1',
        clicked: true,
      },
    })),
  })
})
afterAll(() => account.local.close())

/** Number of events since October 21 that a series with filters counts. */
const counted = async (
  properties: unknown,
  node: object = { kind: 'EventsNode', event: null },
): Promise<number> => {
  const query = {
    kind: 'TrendsQuery',
    series: [node],
    properties,
    dateRange: { date_from: '-30d' },
    trendsFilter: { display: 'BoldNumber' },
  }
  return (await runQuery(account, query)).results[0].aggregated_value
}
const expected = async (where: string): Promise<number> => {
  const rows = (await account.rows(
    `select count() from events where timestamp >= '2026-10-21' and (${where})`,
  )) as Answer[]
  return rows[0][0]
}
const filter = (key: string, operator: string, value: unknown = null, type = 'event'): object => ({
  key,
  operator,
  value,
  type,
})

describe('property filters', () => {
  it.each([
    [filter('$browser', 'exact', ['Chrome', 'Firefox']), "properties.$browser in ('Chrome', 'Firefox')"],
    [filter('plan', 'is_not', 'pro'), "properties.plan is null or properties.plan != 'pro'"],
    [filter('plan', 'is_set'), 'properties.plan is not null'],
    [filter('plan', 'is_not_set'), 'properties.plan is null'],
    [filter('$pathname', 'icontains', 'DOC'), "properties.$pathname ilike '%doc%'"],
    [
      filter('$pathname', 'icontains', ['doc', 'pric']),
      "properties.$pathname ilike '%doc%' or properties.$pathname ilike '%pric%'",
    ],
    [filter('plan', 'not_icontains', 'pr'), "properties.plan is null or properties.plan not ilike '%pr%'"],
    [filter('$browser', 'regex', '^(Chro|Fire)'), "match(properties.$browser, '^(Chro|Fire)')"],
    [filter('plan', 'not_regex', '^p'), "properties.plan is null or not match(properties.plan, '^p')"],
    [filter('amount', 'gt', '29'), 'properties.amount > 29'],
    [filter('amount', 'lte', 29), 'properties.amount <= 29'],
    [filter('amount', 'exact', '29'), 'properties.amount = 29'],
    [filter('amount', 'between', [10, 100]), 'properties.amount between 10 and 100'],
    [filter('amount', 'not_between', [10, 100]), 'properties.amount < 10 or properties.amount > 100'],
    [filter('is_first_purchase', 'exact', ['true']), 'properties.is_first_purchase'],
    [filter('is_paying', 'exact', true, 'person'), 'person.properties.is_paying'],
    [filter('event', 'exact', 'purchase', 'event_metadata'), "event = 'purchase'"],
    [filter('never', 'in', ['a'], 'event'), '1 = 2'],
    [filter('a`b', 'is_set'), '1 = 2'],
    [
      { type: 'hogql', key: "properties.$os = 'iOS' or event = 'purchase'" },
      "properties.$os = 'iOS' or event = 'purchase'",
    ],
    [{ type: 'event', key: 'plan' }, '1 = 2'],
    [{ type: 'event', key: 'plan', value: [] }, '1 = 1'],
  ])('match %j', async (property, where) => {
    expect(await counted([property])).toBe(await expected(where))
  })

  it('combine in nested groups', async () => {
    const chrome = filter('$browser', 'exact', 'Chrome')
    const either = {
      type: 'OR',
      values: [filter('$os', 'exact', 'Windows'), filter('plan', 'exact', 'pro', 'person')],
    }
    expect(await counted({ type: 'AND', values: [{ type: 'AND', values: [chrome, either] }] })).toBe(
      await expected(
        "properties.$browser = 'Chrome' and (properties.$os = 'Windows' or person.properties.plan = 'pro')",
      ),
    )
  })

  it.each([
    [{ type: 'hogql', key: '1) or (1 = 1' }, 400],
    [{ type: 'hogql', key: 'file(1)' }, 400],
    [filter('a', 'between', [2, 1]), 400],
    [filter('a', 'between', ['x', 1]), 400],
    [{ type: 'cohort', key: 'id', value: 999 }, 400],
    [filter('a', 'semver_tilde', 'x'), 400],
    [filter('a', 'ends_with', 'x'), 501],
    [{ type: 'data_warehouse', key: 'a.b', value: 1 }, 501],
    [filter('distinct_id', 'exact', 'a', 'person'), 501],
  ])('refuse %j with %i', async (property, status) => {
    expect(await refusal(counted([property]))).toMatchObject({ status })
  })

  it('never become part of the SQL', async () => {
    expect(await counted([filter("a') OR 1=1 --", 'exact', "' OR 1=1 --")])).toBe(0)
    expect(await counted([], { kind: 'EventsNode', event: "x' OR '1'='1" })).toBe(0)
  })
})

describe('cohorts', () => {
  it('select the events of their members, and their negation those of all others', async () => {
    const condition = filter('plan', 'exact', 'enterprise', 'person')
    const cohort = await account.posthog.cohorts.create({
      name: 'Enterprise',
      filters: { properties: { type: 'AND', values: [condition] } },
    } as never)
    const inside = { type: 'cohort', key: 'id', value: cohort.id }
    const enterprise = "person.properties.plan = 'enterprise'"
    expect(await counted([inside])).toBe(await expected(enterprise))
    expect(await counted([{ ...inside, operator: 'not_in' }])).toBe(
      await expected(`not ifNull(${enterprise}, 0)`),
    )
  })

  it('without members select nothing', async () => {
    const cohort = await account.posthog.cohorts.create({ name: 'Nobody', is_static: true } as never)
    expect(await counted([{ type: 'cohort', key: 'id', value: cohort.id }])).toBe(0)
  })
})

describe('actions', () => {
  const action = async (...steps: object[]): Promise<object> => {
    const { id } = await account.posthog.actions.create({
      name: `Action ${crypto.randomUUID()}`,
      steps,
    } as never)
    return { kind: 'ActionsNode', id }
  }

  it('match any of their steps', async () => {
    const node = await action(
      { event: 'purchase', properties: [filter('plan', 'exact', 'pro')] },
      { event: '$pageview', url: 'example.com/pricing', url_matching: 'contains' },
      { event: '$pageview', url: 'docs$', url_matching: 'regex' },
    )
    expect(await counted([], node)).toBe(
      await expected(
        "event = 'purchase' and properties.plan = 'pro' or event = '$pageview' and (properties.$pathname = '/pricing' or properties.$pathname = '/docs')",
      ),
    )
  })

  it.each([
    [{ selector: 'div > a.btn' }, 2],
    [{ selector: 'body a.btn-primary' }, 2],
    [{ selector: 'div > span' }, 0],
    [{ selector: '#buy' }, 2],
    [{ selector: 'a[href="/buy/1"]' }, 1],
    [{ selector: 'a:nth-child(2)' }, 2],
    [{ selector: 'body > a' }, 0],
    [{ tag_name: 'a', text: 'Later' }, 1],
    [{ text: 'NOW', text_matching: 'contains' }, 1],
    [{ href: '/buy/\\d', href_matching: 'regex' }, 2],
    [{ url: 'https://shop.example/Cart?id=1', url_matching: 'exact' }, 2],
    [{ url: 'shop.example/cart', url_matching: 'contains' }, 0],
  ])('match clicks by %j', async (step, count) => {
    const clicks = filter('clicked', 'exact', 'true')
    expect(await counted([clicks], await action({ event: '$autocapture', ...step }))).toBe(count)
  })

  it('are named in the result, and must exist', async () => {
    const node = await action({ event: 'purchase' })
    const { results } = await runQuery(account, { kind: 'TrendsQuery', series: [node] })
    expect(results[0].label).toMatch(/^Action /)
    expect(await refusal(counted([], { kind: 'ActionsNode', id: 999 }))).toMatchObject({
      status: 400,
      detail: 'Action ID 999 does not exist!',
    })
  })
})

describe('filters of elements', () => {
  it.each([
    [filter('text', 'icontains', 'buy', 'element'), 1],
    [filter('href', 'exact', ['/buy/0', '/buy/1'], 'element'), 2],
    [filter('tag_name', 'exact', 'a', 'element'), 2],
    [filter('selector', 'exact', 'div.card > a', 'element'), 2],
  ])('match %j', async (property, count) => {
    expect(await counted([property, filter('clicked', 'exact', 'true')])).toBe(count)
  })

  it('refuse what PostHog refuses', async () => {
    expect(await refusal(counted([filter('tag_name', 'regex', 'a', 'element')]))).toMatchObject({
      status: 400,
    })
    expect(await refusal(counted([filter('class', 'exact', 'a', 'element')]))).toMatchObject({ status: 400 })
  })
})
