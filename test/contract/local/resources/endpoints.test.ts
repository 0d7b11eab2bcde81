import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LocalPostHog, startLocalPostHog } from '../../../../src/local/local-posthog.ts'
import { type CallerResponse, callerOf, hogql } from '../harness.ts'

const ENDPOINTS = '/api/projects/1/endpoints/'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

let posthog: LocalPostHog
let call: ReturnType<typeof callerOf>
let now = Date.parse('2026-11-20T10:00:00.250Z')
let made = 0
let name = ''

beforeAll(async () => {
  posthog = await startLocalPostHog({ events: 2_000, throttle: false, now: () => new Date(now) })
  call = callerOf(posthog)
  for (const [variable, type, default_value] of [
    ['Country', 'String', 'US'],
    ['Since', 'Date', undefined],
    ['Amount', 'Number', undefined],
  ]) {
    await call('POST', '/api/projects/1/insight_variables/', {
      body: { name: variable, type, default_value },
    })
  }
})

afterAll(() => posthog.close())

beforeEach(() => {
  made += 1
  name = `endpoint_${made}`
})

const create = (query: unknown, more: object = {}): Promise<CallerResponse> =>
  call('POST', ENDPOINTS, { body: { name, query, ...more } })
const change = (body: object, query = ''): Promise<CallerResponse> =>
  call('PATCH', `${ENDPOINTS}${name}/${query}`, { body })
const run = (body?: unknown, query = ''): Promise<CallerResponse> =>
  call('POST', `${ENDPOINTS}${name}/run${query}`, { body })
const invalid = (attr: string | null, detail: unknown): object => ({
  status: 400,
  body: { type: 'validation_error', code: 'invalid_input', attr, detail },
})

const BY_COUNTRY = hogql(
  "select properties.country as country, count() as signups, min(timestamp) as first from events where event = 'sign_up' and properties.country = {variables.country} group by country",
)
const NUMBERS = hogql('select number from numbers(1000) order by number')

describe('creating endpoints', () => {
  it('returns the endpoint with its defaults, completed variables and columns', async () => {
    const { status, body } = await create(BY_COUNTRY, { description: 'Sign-ups', tags: ['b', 'a', 'b'] })
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.stringMatching(UUID),
      name,
      description: 'Sign-ups',
      query: {
        ...BY_COUNTRY,
        connectionId: null,
        explain: null,
        filters: null,
        modifiers: null,
        name: null,
        response: null,
        sendRawQuery: null,
        tags: null,
        values: null,
        version: null,
        variables: expect.anything(),
      },
      is_active: true,
      data_freshness_seconds: 86_400,
      endpoint_path: `/api/projects/1/endpoints/${name}/run`,
      url: `http://local.test/api/projects/1/endpoints/${name}/run`,
      ui_url: `http://local.test/project/1/endpoints/${name}`,
      created_at: '2026-11-20T10:00:00.250Z',
      updated_at: '2026-11-20T10:00:00.250Z',
      created_by: expect.objectContaining({ id: 1, email: 'local@example.com' }),
      is_materialized: false,
      current_version: 1,
      current_version_id: expect.stringMatching(UUID),
      versions_count: 1,
      derived_from_insight: null,
      last_executed_at: null,
      materialization: {
        enabled: false,
        ready: false,
        hibernated: false,
        can_materialize: true,
        reason: null,
      },
      bucket_overrides: null,
      columns: [
        { name: 'country', type: 'string' },
        { name: 'signups', type: 'integer' },
        { name: 'first', type: 'datetime' },
      ],
      tags: ['a', 'b'],
      optional_breakdown_properties: [],
    })
    expect(Object.values((body['query'] as { variables: object }).variables)).toEqual([
      { variableId: expect.stringMatching(UUID), code_name: 'country', value: 'US', isNull: null },
    ])
  })

  it.each([
    ['no name', { name: undefined }, 'name', /must have a name/],
    ['a name that starts with a digit', { name: '1a' }, 'name', /Invalid name/],
    ['a name with a space', { name: 'a b' }, 'name', /Invalid name/],
    ['a name of 129 characters', { name: 'a'.repeat(129) }, 'name', /Invalid name/],
    ['the name of a list action', { name: 'last_execution_times' }, 'name', /Invalid name/],
    ['no query', { query: undefined }, 'query', /query/],
    ['a query that is text', { query: 'select 1' }, 'query', /dictionary/],
    ['a query without a kind', { query: { query: 'select 1' } }, 'query', /kind/],
    ['invalid SQL', { query: hogql('select 1 +') }, 'query', /^no viable alternative/],
    ['an unknown table', { query: hogql('select * from secrets') }, 'query', /secrets/],
    ['an unknown field', { query: hogql('select nothing from events') }, 'query', /nothing/],
    [
      'a placeholder without a variable',
      { query: hogql('select {variables.none}') },
      'query',
      /variables.none/,
    ],
    [
      'a variable id that is not a UUID',
      { query: hogql('select 1', { variables: { x: {} } }) },
      'query',
      /UUID/,
    ],
    [
      'a variable that the project does not have',
      { query: hogql('select 1', { variables: { '018d2a6e-0000-7000-8000-00000000dead': {} } }) },
      'query',
      /not found/,
    ],
    ['an external connection', { query: hogql('select 1', { connectionId: 'x' }) }, 'query', /connection/],
    ['an unknown freshness', { data_freshness_seconds: 60 }, 'data_freshness_seconds', /one of: 900/],
    ['freshness as text', { data_freshness_seconds: '900' }, 'data_freshness_seconds', /integer/],
    ['a removed field', { cache_age_seconds: 900 }, 'cache_age_seconds', /not permitted/],
    ['tags that are not a list', { tags: 'a' }, 'tags', /list/],
    [
      'a breakdown that the query does not have',
      { optional_breakdown_properties: ['x'] },
      'optional_breakdown_properties',
      /x/,
    ],
    [
      'an unknown bucket',
      { is_materialized: true, bucket_overrides: { timestamp: 'decade' } },
      null,
      /decade/,
    ],
    [
      'a query that cannot be materialized',
      { query: hogql('select now()'), is_materialized: true },
      null,
      /current time/,
    ],
  ])('rejects %s', async (_, more, attr, detail) => {
    expect(await create(hogql('select 1'), more)).toMatchObject(invalid(attr, expect.stringMatching(detail)))
    expect((await call('GET', `${ENDPOINTS}${name}/`)).status).toBe(404)
  })

  it('rejects a taken name until the endpoint is deleted', async () => {
    await create(hogql('select 1'))
    expect(await create(hogql('select 2'))).toMatchObject(
      invalid('name', expect.stringContaining('already exists')),
    )
    expect(await call('DELETE', `${ENDPOINTS}${name}/`)).toMatchObject({ status: 204, text: '' })
    expect((await run()).status).toBe(404)
    expect((await create(hogql('select 2'))).status).toBe(201)
  })
})

describe('listing endpoints', () => {
  it('paginates with absolute links and filters', async () => {
    await create(hogql('select 1'), { is_active: false })
    const { body } = await call('GET', `${ENDPOINTS}?is_active=false&created_by=1`)
    expect(body).toMatchObject({
      count: 1,
      next: null,
      previous: null,
      results: [{ name, is_active: false }],
    })
    expect((await call('GET', `${ENDPOINTS}?created_by=2`)).body['count']).toBe(0)
    expect(await call('GET', `${ENDPOINTS}?created_by=me`)).toMatchObject(
      invalid('created_by', expect.anything()),
    )
    for (const suffix of ['a', 'b', 'c', 'd', 'e']) {
      await call('POST', ENDPOINTS, {
        body: { name: `${name}${suffix}`, query: hogql('select 1'), is_active: false },
      })
    }
    const page = await call('GET', `${ENDPOINTS}?limit=2&offset=2&is_active=false`)
    expect(page.body['next']).toBe(`http://local.test${ENDPOINTS}?limit=2&offset=4&is_active=false`)
    expect(page.body['previous']).toBe(`http://local.test${ENDPOINTS}?limit=2&is_active=false`)
  })
})

describe('updating endpoints', () => {
  it('adds a version only for a changed query, and ignores the name', async () => {
    await create(hogql('select 1 as a'), { description: 'one', data_freshness_seconds: 900 })
    const same = await change({ name: 'other', query: hogql('select 1 as a'), description: 'two' })
    expect(same).toMatchObject({ status: 200, body: { name, current_version: 1, description: 'two' } })
    const cut = await change({ query: hogql('select 2 as b') })
    expect(cut.body).toMatchObject({
      current_version: 2,
      versions_count: 2,
      description: 'two',
      data_freshness_seconds: 900,
      columns: [{ name: 'b', type: 'integer' }],
    })
    const old = await call('GET', `${ENDPOINTS}${name}/?version=1`)
    expect(old.body).toMatchObject({
      version: 1,
      current_version: 2,
      columns: [{ name: 'a', type: 'integer' }],
      url: null,
      ui_url: null,
      endpoint_is_active: true,
      version_created_by: { id: 1 },
    })
    expect(old.body['version_id']).toBe(old.body['current_version_id'])
    const versions = await call('GET', `${ENDPOINTS}${name}/versions/`)
    expect(versions.body).toMatchObject({ count: 2, results: [{ version: 2 }, { version: 1 }] })
  })

  it('treats PUT like PATCH, resets freshness with null, and clears tags with an empty list', async () => {
    await create(hogql('select 1'), { data_freshness_seconds: 900, tags: ['a'] })
    expect((await change({ tags: null })).body['tags']).toEqual(['a'])
    const body = { data_freshness_seconds: null, tags: [], description: null }
    const put = await call('PUT', `${ENDPOINTS}${name}/`, { body })
    expect(put).toMatchObject({
      status: 200,
      body: { data_freshness_seconds: 86_400, tags: [], description: '' },
    })
  })

  it('updates one version, and rejects a missing version or a query for it', async () => {
    await create(hogql('select 1'))
    await change({ query: hogql('select 2') })
    expect((await change({ version: 1, description: 'old' })).body).toMatchObject({
      version: 1,
      description: 'old',
    })
    expect((await change({ description: 'older' }, '?version=1')).body).toMatchObject({
      version: 1,
      description: 'older',
    })
    expect(await change({ version: 9 })).toMatchObject(invalid('version', expect.stringContaining('9')))
    expect(await change({ version: 1, query: hogql('select 3') })).toMatchObject(
      invalid('version', expect.anything()),
    )
    expect((await call('GET', `${ENDPOINTS}${name}/`)).body['description']).toBe('')
  })

  it('deletes with `deleted: true`', async () => {
    await create(hogql('select 1'))
    expect(await change({ deleted: true })).toMatchObject({ status: 200, body: { success: true } })
    expect((await call('GET', `${ENDPOINTS}${name}/`)).status).toBe(404)
  })

  it('deactivates a version and the endpoint', async () => {
    await create(hogql('select 1'))
    await change({ version: 1, is_active: false })
    expect(await run()).toMatchObject(invalid(null, 'Version 1 is inactive and cannot be executed.'))
    await change({ version: 1, is_active: true })
    await change({ is_active: false })
    expect(await run()).toMatchObject({ status: 404, body: { code: 'not_found', detail: 'Not found.' } })
    expect(await change({ is_materialized: true })).toMatchObject(
      invalid('is_materialized', expect.anything()),
    )
  })

  it('materializes the next version too, and responds 200 when that fails', async () => {
    await create(hogql('select event from events'), { is_materialized: true })
    expect((await change({ query: hogql('select event as e from events') })).body['is_materialized']).toBe(
      true,
    )
    const failed = await change({ query: hogql('select now()') })
    expect(failed).toMatchObject({
      status: 200,
      body: {
        current_version: 3,
        is_materialized: false,
        materialization_error: expect.stringContaining('current time'),
      },
    })
    expect((await change({ version: 2, is_active: false })).body['is_materialized']).toBe(false)
    await change({ is_active: false })
    expect((await call('GET', `${ENDPOINTS}${name}/?version=1`)).body['is_materialized']).toBe(false)
  })
})

describe('running endpoints', () => {
  it('returns rows with the fields of PostHog', async () => {
    await create(BY_COUNTRY)
    const { status, body } = await run({ variables: { country: 'DE' } })
    expect(status).toBe(200)
    expect(body).toEqual({
      results: [['DE', expect.any(Number), expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)]],
      columns: ['country', 'signups', 'first'],
      types: [
        ['country', 'Nullable(String)'],
        ['signups', 'UInt64'],
        ['first', "DateTime64(6, 'UTC')"],
      ],
      hasMore: false,
      limit: 100,
      offset: 0,
      query: null,
      error: null,
      metadata: null,
      query_status: null,
      clickhouse: expect.any(String),
      is_cached: false,
      last_refresh: '2026-11-20T10:00:00.250Z',
      cache_target_age: '2026-11-21T10:00:00.250Z',
      next_allowed_client_refresh: '2026-11-20T10:00:00.250Z',
      timezone: 'UTC',
      name,
      execution_id: expect.stringMatching(UUID),
      endpoint_version: 1,
      endpoint_version_created_at: '2026-11-20T10:00:00.250000+00:00',
    })
  })

  it('uses saved defaults, else null, and preserves types', async () => {
    await create(
      hogql('select {variables.country} as c, {variables.amount} as a, toTypeName({variables.amount}) as t'),
    )
    expect((await run()).body['results']).toEqual([['US', null, 'Nullable(Nothing)']])
    expect((await run({ variables: { amount: '5', country: null } })).body['results']).toEqual([
      [null, '5', 'String'],
    ])
    expect((await run({ variables: { amount: 5, country: '' } })).body['results']).toEqual([['', 5, 'UInt8']])
  })

  it('never treats a value as SQL', async () => {
    await create(hogql('select count() from events where event = {variables.country}'))
    const country = "x' OR 1 = 1 -- \\' UNION SELECT 1"
    expect((await run({ variables: { country } })).body['results']).toEqual([[0]])
  })

  it('paginates by limit and offset, in the body or the query string', async () => {
    await create(NUMBERS)
    expect((await run()).body).toMatchObject({ hasMore: false, limit: 100 })
    expect((await run({ limit: 2 })).body).toMatchObject({
      results: [[0], [1]],
      hasMore: true,
      limit: 2,
      offset: 0,
    })
    expect((await run({ limit: '2' })).body).toMatchObject({ results: [[0], [1]], limit: 2 })
    expect((await run({}, '?limit=2&offset=998')).body).toMatchObject({
      results: [[998], [999]],
      hasMore: false,
    })
    expect((await run({ limit: 1 }, '?limit=5&offset=3')).body).toMatchObject({
      results: [[3]],
      limit: 1,
      offset: 3,
    })
    const got = await call('GET', `${ENDPOINTS}${name}/run/?limit=3`)
    expect(got.body).toMatchObject({ results: [[0], [1], [2]], hasMore: true })
  })

  it('stops at the LIMIT of the saved SQL', async () => {
    await create(hogql('select number from numbers(1000) order by number limit 5'))
    expect((await run({ limit: 3 })).body).toMatchObject({ results: [[0], [1], [2]], hasMore: true })
    expect((await run({ limit: 3, offset: 3 })).body).toMatchObject({ hasMore: false })
    expect((await run({ limit: 3, offset: 5 })).body).toMatchObject({
      results: [],
      hasMore: false,
      columns: ['number'],
    })
  })

  it('rejects a limit for a union', async () => {
    await create(hogql('select 1 as x union all select 2 as x'))
    expect((await run()).body['results']).toHaveLength(2)
    expect(await run({ limit: 1 })).toMatchObject(invalid('limit', expect.stringContaining('UNION')))
  })

  it.each([
    ['an unknown field', { query_override: {} }, 'query_override'],
    ['variables in a list', { variables: [] }, 'variables'],
    ['an old refresh mode', { refresh: 'force_blocking' }, 'refresh'],
    ['a limit that is not a number', { limit: 'five' }, 'limit'],
    ['debug as a number', { debug: 1 }, 'debug'],
    ['filters on HogQL', { filters_override: {} }, 'filters_override'],
    ['direct without a table', { refresh: 'direct' }, 'refresh'],
    ['unknown variables', { variables: { b: 1 } }, 'variables'],
    ['a list as body', [], null],
  ])('rejects %s', async (_, body, attr) => {
    await create(NUMBERS)
    expect(await run(body)).toMatchObject(invalid(attr, expect.any(String)))
  })

  it.each([
    ['{"limit": 0}', '', /limit/],
    ['{"limit": 1, "offset": -1}', '', /offset/],
    ['{"offset": 1}', '', /offset requires limit/],
    ['{}', '?limit=x', /limit/],
    ['{}', '?limit=1&offset=1.5', /offset/],
    ['{}', '?version=one', /version/],
    ['{}', '?limit=', /limit/],
  ])('responds with the bare body to integer rules: %s %s', async (body, query, detail) => {
    await create(NUMBERS)
    const response = await run(body, query)
    expect(response).toMatchObject({ status: 400, body: { error: expect.stringMatching(detail) } })
    expect(Object.keys(response.body)).toEqual(['error'])
  })

  it('responds with parse_error to invalid JSON', async () => {
    await create(NUMBERS)
    expect(await run('{"limit":')).toMatchObject({
      status: 400,
      body: {
        type: 'invalid_request',
        code: 'parse_error',
        detail: expect.stringMatching(/^JSON parse error - /),
      },
    })
  })

  it('finds versions, and names the current one when a version is missing', async () => {
    await create(hogql('select 1 as x'))
    await change({ query: hogql('select 2 as x') })
    expect((await run({ version: 1 })).body).toMatchObject({ results: [[1]], endpoint_version: 1 })
    expect((await run({ version: 1 }, '?version=2')).body['endpoint_version']).toBe(1)
    expect((await run()).body['endpoint_version']).toBe(2)
    const missing = await run({ version: 9 })
    expect(missing.status).toBe(404)
    expect(missing.body).toEqual({ error: expect.any(String), current_version: 2 })
    for (const path of ['?version=9', 'openapi.json?version=9', 'materialization_status/?version=9']) {
      const { status, body } = await call('GET', `${ENDPOINTS}${name}/${path}`)
      expect([status, Object.keys(body)]).toEqual([404, ['error']])
    }
  })

  it('validates the body, then the version, then the variables', async () => {
    await create(NUMBERS)
    expect((await run({ version: 9, variables: { x: 1 } })).status).toBe(404)
    expect(await run({ version: 9, debug: 'x' })).toMatchObject(invalid('debug', expect.anything()))
  })

  it('caches a result while it is fresh, per values', async () => {
    await create(BY_COUNTRY, { data_freshness_seconds: 900 })
    const first = await run({ variables: { country: 'DE' } })
    now += 899_000
    const second = await run({ variables: { country: 'DE' } })
    expect(second.body).toMatchObject({ is_cached: true, last_refresh: first.body['last_refresh'] })
    expect(second.body['execution_id']).not.toBe(first.body['execution_id'])
    expect((await run({ variables: { country: 'FR' } })).body['is_cached']).toBe(false)
    expect((await run({ variables: { country: 'DE' }, refresh: 'force' })).body['is_cached']).toBe(false)
    now += 900_000
    expect((await run({ variables: { country: 'DE' } })).body['is_cached']).toBe(false)
  })

  it('shows diagnostic fields only with debug', async () => {
    await create(NUMBERS)
    const plain = await run({ limit: 1 })
    const debug = await run({ limit: 1, debug: true })
    const extra = Object.keys(debug.body).filter((key) => !(key in plain.body))
    expect(extra.sort()).toEqual([
      'cache_key',
      'calculation_trigger',
      'explain',
      'hogql',
      'modifiers',
      'resolved_date_range',
      'timings',
    ])
    expect(debug.body['hogql']).toBe(NUMBERS['query'])
  })

  it('returns the name of an engine error', async () => {
    await create(hogql('select intDiv(1, {variables.amount}) as n'))
    expect(await run({ variables: { amount: 0 } })).toMatchObject({
      status: 400,
      body: { type: 'validation_error', code: 'illegal_division', attr: null },
    })
  })
})

describe('materialized endpoints', () => {
  it('return the same rows without zones, and require every variable', async () => {
    await create(BY_COUNTRY, { is_materialized: true, data_freshness_seconds: 3_600 })
    expect(await run()).toMatchObject(invalid('variables', "Required variable(s) 'country' not provided"))
    expect(await run({ variables: { country: null } })).toMatchObject(invalid('variables', expect.anything()))
    const variables = { country: 'DE' }
    const table = await run({ variables })
    const direct = await run({ variables, refresh: 'direct' })
    expect(table.body).toMatchObject({
      endpoint_materialized: true,
      endpoint_materialized_at: new Date(now).toISOString(),
    })
    expect(direct.body).not.toHaveProperty('endpoint_materialized')
    const rowOf = (response: CallerResponse): unknown[] => (response.body['results'] as unknown[][])[0] ?? []
    expect(rowOf(table)).toEqual(
      rowOf(direct).map((cell) => (typeof cell === 'string' ? cell.replace(/Z$/, '') : cell)),
    )
    expect(rowOf(direct)[2]).toMatch(/Z$/)
    const status = await call('GET', `${ENDPOINTS}${name}/materialization_status/`)
    expect(status.body).toMatchObject({
      name,
      enabled: true,
      ready: true,
      can_materialize: true,
      status: 'Completed',
      error: '',
    })
  })

  it('run inline once the table is stale, and still require every variable', async () => {
    await create(BY_COUNTRY, { is_materialized: true, data_freshness_seconds: 900 })
    now += 900_000
    expect((await run({ variables: { country: 'DE' } })).body).not.toHaveProperty('endpoint_materialized')
    expect((await run()).status).toBe(400)
    await change({ is_materialized: true })
    expect((await run({ variables: { country: 'DE' } })).body['endpoint_materialized']).toBe(true)
    await change({ is_materialized: false })
    expect((await run()).status).toBe(200)
  })

  it('keep bucket overrides while materialized', async () => {
    const buckets = { bucket_overrides: { timestamp: 'hour' } }
    expect((await create(BY_COUNTRY, buckets)).body['bucket_overrides']).toBeNull()
    expect((await change({ is_materialized: true, ...buckets })).body).toMatchObject(buckets)
    expect((await change({ is_materialized: false })).body['bucket_overrides']).toBeNull()
  })

  it('can be previewed', async () => {
    await create(hogql('select {variables.country}'))
    expect(await call('POST', `${ENDPOINTS}${name}/materialization_preview/`, { body: {} })).toMatchObject({
      status: 200,
      body: { can_materialize: false, reason: expect.stringContaining('outside WHERE') },
    })
    expect((await call('GET', `${ENDPOINTS}materialization_conditions/`)).status).toBe(200)
  })
})

describe('endpoint metadata', () => {
  it('has an OpenAPI document per version', async () => {
    await create(BY_COUNTRY)
    await change({ query: hogql('select {variables.since} as s') })
    const document = (query: string): Promise<CallerResponse> =>
      call('GET', `${ENDPOINTS}${name}/openapi.json${query}`)
    expect((await document('/?version=1')).body).toMatchObject({
      info: { title: name, version: '1' },
      servers: [{ url: 'http://local.test' }],
      components: { schemas: { Variables: { properties: { country: { type: 'string', example: 'US' } } } } },
    })
    expect((await document('')).body).toMatchObject({
      info: { version: '2' },
      components: {
        schemas: { Variables: { properties: { since: { format: 'date' } }, required: ['since'] } },
      },
    })
    expect((await document('?version=x')).status).toBe(400)
  })

  it('has a log and the time of the last run', async () => {
    await create(NUMBERS)
    const { body } = await run({ limit: 3 })
    await run({ variables: { x: 1 } })
    const logs = (query: string): Promise<CallerResponse> => call('GET', `${ENDPOINTS}${name}/logs/${query}`)
    expect((await logs('')).body).toMatchObject({
      count: 2,
      results: [
        {
          level: 'ERROR',
          message: expect.stringMatching(
            /^Endpoint execution failed · invalid request · variables: Unknown variable/,
          ),
        },
        {
          level: 'INFO',
          message: expect.stringMatching(
            /^Endpoint executed · path=inline cache=miss duration_ms=\d+ rows=3 version=1$/,
          ),
        },
      ],
    })
    expect((await logs(`?instance_id=${body['execution_id']}`)).body).toMatchObject({
      results: [{ message: expect.stringContaining('rows=3') }],
    })
    expect((await logs('?level=ERROR&search=UNKNOWN')).body['count']).toBe(1)
    expect((await logs('?limit=501')).status).toBe(400)
    const times = (names: unknown): Promise<CallerResponse> =>
      call('POST', `${ENDPOINTS}last_execution_times/`, { body: { names } })
    expect((await times([name, 'none'])).body).toMatchObject({
      query_status: { complete: true, results: [[name, new Date(now).toISOString()]] },
    })
    expect((await times([])).body).toMatchObject({ query_status: { results: null } })
    expect(await times(['a b'])).toMatchObject(invalid('names', expect.anything()))
  })
})

describe('project variables', () => {
  const VARIABLES = '/api/projects/1/insight_variables/'

  it('are created, updated and deleted', async () => {
    const body = { name: 'Plan Name!', type: 'List', default_value: ['pro'], values: ['free', 'pro'] }
    const { status, body: variable } = await call('POST', VARIABLES, { body })
    expect([status, variable]).toMatchObject([
      201,
      { code_name: 'plan_name', type: 'List', default_value: ['pro'] },
    ])
    const path = `${VARIABLES}${variable['id']}/`
    expect((await call('PATCH', path, { body: { default_value: null } })).body).toMatchObject({
      name: 'Plan Name!',
      default_value: null,
    })
    expect((await call('GET', path)).body['code_name']).toBe('plan_name')
    expect((await call('DELETE', path)).status).toBe(204)
    expect((await call('GET', path)).status).toBe(404)
  })

  it.each([
    [{ type: 'String' }, 'name', 'required'],
    [{ name: '', type: 'String' }, 'name', 'blank'],
    [{ name: 5, type: 'String' }, 'name', 'invalid_input'],
    [{ name: 'x' }, 'type', 'required'],
    [{ name: 'x', type: 'string' }, 'type', 'invalid_choice'],
    [{ name: 'Country', type: 'String' }, 'code_name', 'unique'],
    [{ name: 'x', type: 'List', values: 'a' }, 'values', 'invalid_input'],
  ])('reject %j', async (body, attr, code) => {
    expect(await call('POST', VARIABLES, { body })).toMatchObject({
      status: 400,
      body: { type: 'validation_error', attr, code },
    })
  })

  it('are paginated by number', async () => {
    expect((await call('GET', VARIABLES)).body).toMatchObject({ count: 3, next: null, previous: null })
    expect((await call('GET', `${VARIABLES}?page=2`)).status).toBe(404)
  })
})
