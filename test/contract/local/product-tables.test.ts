import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EMPTY_TABLES } from '../../../src/hogql/schema/empty-tables.ts'
import { type Account, hogql, startAccount } from './harness.ts'

const TRACE = { $ai_trace_id: 't1', $ai_model: 'gpt', $ai_input_tokens: 10, $ai_latency: 1.5 }

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 200 })
  await account.local.events.insert([
    {
      event: '$ai_generation',
      distinctId: 'ada',
      properties: {
        ...TRACE,
        $ai_input: [{ role: 'user' }],
        $ai_is_error: true,
        plan: 'pro',
        $set: { email: 'ada@x.io' },
      },
    },
    { event: '$ai_trace', distinctId: 'ada', properties: { $ai_trace_id: 't1', $ai_span_name: 'chat' } },
    { event: 'other', distinctId: 'ada', properties: TRACE },
  ])
})
afterAll(() => account.local.close())

const failureOf = async (query: string): Promise<unknown> => {
  const { status, body } = await account.call('POST', '/api/projects/1/query/', {
    body: { query: hogql(query) },
  })
  return { status, detail: body['detail'], code: body['code'] }
}

describe('posthog.ai_events', () => {
  it('has the properties of AI events as columns', async () => {
    expect(
      await account.rows(
        'select event, trace_id, model, input_tokens, latency, is_error, span_name, input, person.properties.email from posthog.ai_events order by event',
      ),
    ).toEqual([
      ['$ai_generation', 't1', 'gpt', 10, 1.5, 1, null, '[{"role":"user"}]', 'ada@x.io'],
      ['$ai_trace', 't1', null, null, null, 0, 'chat', null, 'ada@x.io'],
    ])
  })

  it('leaves long values out of its properties', async () => {
    expect(
      await account.rows(
        "select properties.plan, properties.$ai_input from posthog.ai_events where event = '$ai_generation'",
      ),
    ).toEqual([['pro', null]])
  })

  it('is not a table without the prefix', async () => {
    expect(await failureOf('select 1 from ai_events')).toMatchObject({
      status: 400,
      detail: 'Unknown table `ai_events`.',
    })
  })
})

describe('the prefix posthog', () => {
  it('names the tables of PostHog', async () => {
    expect(
      await account.rows(
        'select (select count() from posthog.events) = (select count() from events), count() > 0 from posthog.persons',
      ),
    ).toEqual([[1, 1]])
  })

  it.each(['posthog.system.cohorts', 'posthog.numbers', 'posthog.nothing'])(
    'has no table %s',
    async (name) => {
      expect(await failureOf(`select 1 from ${name}`)).toMatchObject({ status: 400, code: 'invalid_input' })
    },
  )

  it('refuses a table that only PostHog has', async () => {
    expect(await failureOf('select 1 from posthog.heatmaps')).toMatchObject({
      status: 501,
      code: 'not_implemented_locally',
    })
  })
})

describe('tables of products that the local PostHog does not have', () => {
  it.each(EMPTY_TABLES.map(({ name }) => name))('%s is empty', async (name) => {
    expect(await account.rows(`select * from ${name}`)).toEqual([])
  })

  it('have the types of their columns', async () => {
    expect(
      await account.rows(
        "select count(), max(attributes['http.method']), sum(severity_number), max(message) from logs where timestamp > now() - interval 1 day",
      ),
    ).toEqual([[0, '', 0, '']])
    expect(
      await account.rows(
        'select count(s.id), max(arrayStringConcat(s.categorical_values)) from system.trace_reviews r left join system.trace_review_scores s on s.review_id = r.id where r.deleted = 0',
      ),
    ).toEqual([[0, '']])
    expect(await account.rows('select countIf(is_root_span) from posthog.trace_spans')).toEqual([[0]])
  })
})

describe('raw_session_replay_events', () => {
  it('keeps texts as states, which argMinMerge reads', async () => {
    const [first] = (await account.rows(
      'select session_id, first_url, is_deleted, ai_tags_fixed from session_replay_events order by session_id limit 1',
    )) as unknown[][]
    const [raw] = (await account.rows(
      'select session_id, argMinMerge(first_url), max(is_deleted), any(ai_tags_fixed) from raw_session_replay_events group by session_id order by session_id limit 1',
    )) as unknown[][]
    expect(raw).toEqual(first)
    expect(first?.slice(1)).toEqual([expect.stringMatching(/^https?:/), 0, []])
  })
})

describe('a set of queries', () => {
  it('can use the named queries of its first query in all', async () => {
    expect(
      await account.rows(
        'with n as (select 1 as a) select a from n union all select a + 1 from n union all (select a + 2 from n) order by a',
      ),
    ).toEqual([[1], [2], [3]])
  })

  it('cannot use those of its second query', async () => {
    expect(
      await failureOf('select a from n union all (with n as (select 1 as a) select a from n)'),
    ).toMatchObject({
      status: 400,
      detail: 'Unknown table `n`.',
    })
  })
})

describe('an endpoint with a query that only PostHog can run', () => {
  const send = (name: string, query: string): ReturnType<Account['call']> =>
    account.call('POST', '/api/projects/1/endpoints/', { body: { name, query: hogql(query) } })

  it.each([
    ['a table', 'select count() from heatmaps'],
    ['a function', "select embedText('a') from events"],
  ])('is refused with 501 for %s', async (_, query) => {
    expect(await send('local-only', query)).toMatchObject({
      status: 501,
      body: { type: 'server_error', code: 'not_implemented_locally', attr: null },
    })
  })

  it('names the field of a mistake', async () => {
    expect(await send('mistake', 'select nothing from events')).toMatchObject({
      status: 400,
      body: { attr: 'query', detail: 'Unable to resolve field: nothing' },
    })
  })
})
