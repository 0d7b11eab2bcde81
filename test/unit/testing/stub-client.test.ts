import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { listCohorts } from '../../../src/generated/api.gen.ts'
import {
  ConfigurationError,
  createClient,
  type FeatureFlag,
  hogql,
  NotFoundError,
  RateLimitError,
  RowCountError,
  TruncatedResultError,
  type TypehogClient,
  VersionDriftError,
} from '../../../src/index.ts'
import {
  apiError,
  type ClientStubs,
  NotStubbedError,
  type StubbedClient,
  stubClient,
} from '../../../src/testing.ts'

const flags = [{ key: 'a' }, { key: 'b' }, { key: 'c' }]
const boom = new Error('boom')

/** Code under test. */
async function keysOf(posthog: TypehogClient): Promise<string[]> {
  const all = await posthog.featureFlags.list({ active: 'true' }).toArray({ max: 100 })
  return all.map(({ key }) => key)
}

const rejection = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => 'resolved',
    (error: unknown) => error,
  )

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('a stubbed list', () => {
  const posthog = stubClient({ featureFlags: { list: flags } })

  it('is read as one page, in a loop, by pages and as an array', async () => {
    expect(await keysOf(posthog)).toEqual(['a', 'b', 'c'])
    expect(await posthog.featureFlags.list()).toMatchObject({ items: flags, next: undefined, count: 3 })
    const looped: string[] = []
    for await (const { key } of posthog.featureFlags.list()) looped.push(key)
    expect(looped).toEqual(['a', 'b', 'c'])
    const pages: number[] = []
    for await (const page of posthog.featureFlags.list().pages()) pages.push(page.items.length)
    expect(pages).toEqual([3])
  })

  it('has the limit of `toArray`', async () => {
    const list = posthog.featureFlags.list()
    await expect(list.toArray({ max: 2 })).rejects.toBeInstanceOf(TruncatedResultError)
    expect(await list.toArray({ max: 2, allowPartial: true })).toEqual(flags.slice(0, 2))
    await expect(list.toArray({ max: 0 })).rejects.toBeInstanceOf(ConfigurationError)
  })

  it('may be empty or long', async () => {
    const many = Array.from({ length: 100_000 }, (_, id) => ({ id }))
    const client = stubClient({ cohorts: { list: [] }, persons: { list: many as never } })
    expect(await client.cohorts.list().toArray({ max: 1 })).toEqual([])
    expect(await client.persons.list().toArray({ max: 100_000 })).toHaveLength(100_000)
  })

  it('is any method that returns a list in the client', async () => {
    const real = createClient({ apiKey: 'phx_test', projectId: 1, host: 'https://posthog.test' })
    const lists: string[] = []
    const walk = (members: object, path: string): void => {
      for (const [name, member] of Object.entries(members)) {
        if (typeof member === 'object' && member !== null) walk(member, `${path}${name}.`)
        else if (name === 'list' && path !== '') lists.push(path)
      }
    }
    walk({ ...real, config: undefined, api: undefined }, '')
    expect(lists.length).toBeGreaterThan(35)
    for (const path of lists) {
      const resource = path.split('.').filter(Boolean)
      const found = resource.reduce<unknown>((at, name) => Object(at)[name], real)
      expect(String(Object(found).list()), path).toBe('[object List]')
    }
    const client = stubClient({ cohorts: { persons: [{ id: 'p' }] }, featureFlags: { stale: flags } })
    expect(await client.cohorts.persons(7).toArray({ max: 5 })).toEqual([{ id: 'p' }])
    expect(await client.featureFlags.stale().toArray({ max: 5 })).toEqual(flags)
  })

  it('reports a stub that is not an array', async () => {
    const client = stubClient({ cohorts: { list: { results: [] } as never } })
    await expect(client.cohorts.list()).rejects.toThrow(
      'The stub of `cohorts.list` is an object with the keys results; expected an array of its items.',
    )
  })
})

describe('a stubbed call', () => {
  it('has the data, the response, and the methods of a promise', async () => {
    const posthog = stubClient({ cohorts: { get: { id: 7, name: 'Paying' } } })
    expect(await posthog.cohorts.get(7)).toEqual({ id: 7, name: 'Paying' })
    const { data, response, attempts } = await posthog.cohorts.get(7).withResponse()
    expect([data.name, response.status, attempts.length]).toEqual(['Paying', 200, 1])
    expect(await (await posthog.cohorts.get(7).asResponse()).json()).toEqual({ id: 7, name: 'Paying' })
    expect(await posthog.cohorts.get(7).finally(() => {})).toEqual({ id: 7, name: 'Paying' })
  })

  it.each([0, '', false, null, undefined, 'text', 5n].map((value) => ({ value })))(
    'returns $value as it is',
    async ({ value }) => {
      const posthog = stubClient({ featureFlags: { delete: value as never } })
      expect(await posthog.featureFlags.delete(7)).toBe(value)
    },
  )

  it('returns a copy, so that the code under test cannot change the stub', async () => {
    const cohort = { id: 7, filters: { properties: {} }, at: new Date(0) }
    const posthog = stubClient({ cohorts: { get: cohort as never, list: [cohort] as never } })
    const first = await posthog.cohorts.get(7)
    Object.assign(first, { name: 'changed' })
    expect(await posthog.cohorts.get(7)).toEqual(cohort)
    const [listed] = await posthog.cohorts.list().toArray({ max: 1 })
    Object.assign(Object(listed).filters.properties, { type: 'AND' })
    expect(cohort.filters.properties).toEqual({})
  })

  it('keeps functions of a result', async () => {
    const revert = vi.fn()
    const posthog = stubClient({ featureFlags: { ensure: { revert } as never } })
    const ensured = await posthog.featureFlags.ensure('beta', {})
    await Object(ensured).revert()
    expect(revert).toHaveBeenCalledOnce()
  })

  it('of any path or route returns its stub', async () => {
    const route = 'GET /api/projects/{project_id}/cohorts/'
    const posthog = stubClient({
      request: { [route]: { count: 1, results: [{ id: 7 }] } },
      list: { [route]: (input) => [{ id: Number(input?.query?.limit) }] },
      get: (path) => ({ path }),
    })
    expect(await posthog.request(route)).toEqual({ count: 1, results: [{ id: 7 }] })
    expect(await listCohorts({ client: posthog.api, path: { project_id: '1' } })).toEqual({
      count: 1,
      results: [{ id: 7 }],
    })
    expect(await posthog.list(route, { query: { limit: 3 } }).toArray({ max: 5 })).toEqual([{ id: 3 }])
    expect(await posthog.get('/api/new/')).toEqual({ path: '/api/new/' })
    expect(() => posthog.request('GET /api/projects/{project_id}/actions/')).toThrow(
      'stubClient({ request: { "GET /api/projects/{project_id}/actions/": … } })',
    )
  })

  it('applies `schema` and `signal` of the call', async () => {
    const posthog = stubClient({ cohorts: { get: { id: 7 }, list: [{ id: 7 }] } })
    const schema = z.object({ id: z.number().transform(String) })
    expect(await posthog.cohorts.get(7, { schema })).toEqual({ id: '7' })
    expect(await posthog.cohorts.list({}, { schema }).toArray({ max: 1 })).toEqual([{ id: '7' }])
    const wrong = posthog.cohorts.get(7, { schema: z.object({ id: z.string() }) })
    await expect(wrong).rejects.toMatchObject({ name: 'ResponseValidationError' })
    const signal = AbortSignal.abort(boom)
    expect(await rejection(posthog.cohorts.get(7, { signal }))).toBe(boom)
    expect(await rejection(posthog.cohorts.list({}, { signal }).toArray({ max: 1 }))).toBe(boom)
  })

  it('ends when its signal aborts while the stub is pending', async () => {
    const posthog = stubClient({ cohorts: { get: () => new Promise<never>(() => {}) } })
    const controller = new AbortController()
    const call = rejection(posthog.cohorts.get(7, { signal: controller.signal }))
    controller.abort(boom)
    expect(await call).toBe(boom)
  })
})

describe('a stubbed query', () => {
  const rows = [
    { event: 'a', n: 1 },
    { event: 'b', n: 2 },
  ]
  const posthog = stubClient({ hogql: rows })

  it('has the methods of a query', async () => {
    const query = posthog.hogql`select event, count() as n from events group by event`
    expect(await query).toMatchObject({ rows, complete: true, columns: ['event', 'n'] })
    expect(await query.rows()).toEqual(rows)
    expect(await query.one()).toEqual(rows[0])
    await expect(query.oneOrThrow()).rejects.toBeInstanceOf(RowCountError)
    await expect(query.maybeOne()).rejects.toBeInstanceOf(RowCountError)
    const single = stubClient({ hogql: [{ n: 1 }] })
    expect(await single.hogql`select 1`.oneOrThrow()).toEqual({ n: 1 })
    expect(await stubClient({ hogql: [] }).hogql`select 1`.maybeOne()).toBeUndefined()
  })

  it('checks rows with `as`, and has `with` and `named`', async () => {
    const query = posthog.hogql`select event, n from x`.named('job').with({ timeout: 1_000 })
    expect(await query.as({ event: 'String', n: 'UInt64' }).rows()).toEqual(rows)
    const schema = z.object({ event: z.string(), n: z.number().transform((n) => n * 10) })
    const shaped = query.as(schema)
    expect((await shaped.rows()).map(({ n }) => n)).toEqual([10, 20])
    const streamed: number[] = []
    for await (const { n } of shaped.named('again').stream({ orderBy: ['event'] })) streamed.push(n)
    expect(streamed).toEqual([10, 20])
    await expect(query.as({ other: 'String' })).rejects.toMatchObject({ name: 'ResponseValidationError' })
  })

  it.each([
    ['one response', undefined],
    ['pages', { orderBy: ['event'], pageSize: 2 }],
    ['windows', { orderBy: ['event'], window: { column: 'event', from: '2026-01-01', to: '2026-02-01' } }],
    ['a count', { orderBy: ['event'], verifyCount: true }],
  ])('streams its rows once, in %s', async (_, options) => {
    const hundred = Array.from({ length: 100 }, (_, n) => ({ event: `e${n}` }))
    const client = stubClient({ hogql: hundred, events: { stream: hundred } as never })
    const found: unknown[] = []
    const query = hogql<{ event: string }>`select event from events limit 100`
    for await (const row of client.hogql(query).stream(options)) found.push(row)
    expect(found).toEqual(hundred)
    const exported = await client.export(query, options).toResponse({ format: 'csv' }).text()
    expect(exported.trim().split('\n')).toHaveLength(101)
    const events: unknown[] = []
    for await (const row of client.events.stream({ from: '2026-01-01', to: '2026-01-02' })) events.push(row)
    expect(events).toEqual(hundred)
  })

  it('decodes bigints and dates as the options of the query say', async () => {
    const at = new Date('2026-01-01T00:00:00Z')
    const client = stubClient({ hogql: [{ n: 9_007_199_254_740_993n, at }] })
    const query = client.hogql`select n, at from x`
    expect(await query.with({ int64: 'bigint', dates: 'date' }).rows()).toEqual([
      { n: 9_007_199_254_740_993n, at },
    ])
    expect(await query.with({ int64: 'string' }).one()).toEqual({
      n: '9007199254740993',
      at: '2026-01-01T00:00:00.000Z',
    })
  })

  it('reports an incomplete result', async () => {
    const client = stubClient({ hogql: { rows, hasMore: true, limit: 2 } })
    const query = client.hogql`select event from events`
    expect((await query).complete).toEqual({ reason: 'row_limit', limit: 2 })
    await expect(query.rows()).rejects.toBeInstanceOf(TruncatedResultError)
  })

  it('gets the query and its options as a function', async () => {
    const answer = vi.fn(({ query, values }) => [{ query, values }])
    const client = stubClient({ hogql: answer })
    const name = 'sign_up'
    expect(await client.hogql`select ${name}`.one()).toEqual({
      query: 'select {p0}',
      values: { p0: 'sign_up' },
    })
    await client.hogql(hogql`select 2`, { timeout: 5 })
    expect(answer).toHaveBeenLastCalledWith(expect.objectContaining({ query: 'select 2' }), { timeout: 5 })
    const all = await client.hogql.all({ one: hogql`select 1`, two: hogql`select 2` })
    expect([all.one.rows, all.two.rows]).toMatchObject([[{ query: 'select 1' }], [{ query: 'select 2' }]])
  })

  it('never reaches the cache of another query', async () => {
    const query = hogql<{ n: number }>`select 'cached' as n`
    for (const n of [1, 2]) {
      const client = stubClient({ hogql: [{ n }], endpoints: { run: { cached: [{ n }] } } })
      expect(await client.hogql(query, { ttl: 60_000 }).one()).toEqual({ n })
      expect((await client.endpoints.run('cached', {}, { ttl: 60_000 })).rows).toEqual([{ n }])
    }
  })

  it('runs in the background, and rejects an option that the client does not have', async () => {
    expect(await posthog.hogql(hogql`select 1`, { refresh: 'async' }).rows()).toEqual(rows)
    const options: object = { pageSize: 5 }
    await expect(posthog.hogql(hogql`select 1`, options)).rejects.toBeInstanceOf(ConfigurationError)
    const text: unknown = 'select 1'
    await expect(rejection(posthog.hogql(text as never))).resolves.toBeInstanceOf(ConfigurationError)
  })
})

describe('a stubbed endpoint', () => {
  const traffic = { name: 'traffic', version: 3, kind: 'HogQLQuery', materialized: false, columns: [] }

  it('runs by name and by descriptor', async () => {
    const run = vi.fn((variables: object) => [{ n: 1, ...variables }])
    const posthog = stubClient({ endpoints: { run: { traffic: run } } })
    expect(await posthog.endpoints.run('traffic', { days: 7 })).toMatchObject({
      rows: [{ n: 1, days: 7 }],
      columns: ['n', 'days'],
      complete: true,
    })
    expect(await posthog.endpoints.run(traffic, {}, { limit: 5 })).toMatchObject({
      rows: [{ n: 1 }],
      version: 3,
    })
    expect(run.mock.calls).toEqual([
      [{ days: 7 }, undefined],
      [{}, { limit: 5 }],
    ])
    expect(() => posthog.endpoints.run('other')).toThrow('{ endpoints: { run: { other: … } } }')
  })

  it('reports another version, as PostHog may run', async () => {
    const posthog = stubClient({ endpoints: { run: { traffic: { rows: [], version: 4 } } } })
    await expect(posthog.endpoints.run(traffic)).rejects.toBeInstanceOf(VersionDriftError)
  })

  it('of an insight has the rows as they are', async () => {
    const series = [{ label: 'Pageviews', data: [1, 2] }]
    const posthog = stubClient({ endpoints: { run: { traffic: series } } })
    const { rows, columns } = await posthog.endpoints.run({ ...traffic, kind: 'TrendsQuery' })
    expect([rows, columns]).toEqual([series, []])
  })
})

describe('a stub that is an error', () => {
  const missing = apiError(404)
  const posthog = stubClient({
    cohorts: {
      get: missing,
      list: missing,
      create: () => missing,
      update: () => {
        throw boom
      },
      delete: async () => {
        throw boom
      },
    },
    hogql: missing,
    endpoints: { run: { traffic: missing } },
    request: { 'GET /api/projects/{project_id}/cohorts/': missing },
    whoami: boom,
  })

  it.each<[string, () => PromiseLike<unknown>, Error]>([
    ['a call', () => posthog.cohorts.get(7), missing],
    ['a list', () => posthog.cohorts.list(), missing],
    ['an array', () => posthog.cohorts.list().toArray({ max: 5 }), missing],
    ['a query', () => posthog.hogql`select 1`, missing],
    ['a stream', () => posthog.hogql`select 1`.stream().next(), missing],
    ['an endpoint', () => posthog.endpoints.run('traffic'), missing],
    ['a route', () => posthog.request('GET /api/projects/{project_id}/cohorts/'), missing],
    ['a function that returns it', () => posthog.cohorts.create({ name: 'x' }), missing],
    ['a function that throws', () => posthog.cohorts.update(7, {}), boom],
    ['a function that rejects', () => posthog.cohorts.delete(7), boom],
    ['any other method', () => posthog.whoami(), boom],
  ])('rejects %s with this error', async (_, call, error) => {
    expect(await rejection(call())).toBe(error)
  })

  it('is no unhandled rejection of a list or query that nobody reads', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    posthog.cohorts.list()
    posthog.hogql`select 1`
    posthog.hogql`select 1`.stream()
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})

describe('a method without a stub', () => {
  it('throws an error that names the method and the stub', () => {
    const posthog = stubClient({ featureFlags: { list: [] } })
    const fetch = vi.fn()
    vi.stubGlobal('fetch', fetch)
    const stub =
      '`cohorts.list` is not stubbed. Stub it: `stubClient({ cohorts: { list: … } })`. Nothing was sent.'
    expect(() => posthog.cohorts.list()).toThrow(stub)
    expect(() => posthog.featureFlags.get(7)).toThrow(NotStubbedError)
    expect(() => posthog.hogql`select 1`).toThrow('stubClient({ hogql: … })')
    expect(() => posthog.warehouse.tables.get('7')).toThrow(
      'stubClient({ warehouse: { tables: { get: … } } })',
    )
    expect(() => posthog.whoami()).toThrow('stubClient({ whoami: … })')
    expect(() => posthog.events.stream({ from: '2026-01-01', to: '2026-01-02' })).toThrow('`events.stream`')
    expect(fetch).not.toHaveBeenCalled()
  })

  it('may be one of a resource that is given as undefined', () => {
    const posthog = stubClient({ cohorts: undefined as never })
    expect(() => posthog.cohorts.list()).toThrow(NotStubbedError)
  })

  it('has `explain` and `limits`, which send nothing', async () => {
    const posthog = stubClient({}, { projectId: 42 })
    expect((await posthog.explain('GET /api/projects/{project_id}/cohorts/')).url).toContain('/projects/42/')
    expect(await posthog.limits()).toEqual([])
  })

  it('has every other method of the client', () => {
    const posthog = stubClient()
    const untouched = [
      'config',
      'api',
      'explain',
      'limits',
      'use',
      'with',
      'project',
      'organization',
      'across',
    ]
    const walk = (members: object, path: string): void => {
      for (const [name, member] of Object.entries(members)) {
        if (untouched.includes(path + name) || name === 'calls') continue
        if (typeof member === 'object') walk(member, `${path}${name}.`)
        else if (path + name !== 'dashboards.streamTiles') {
          expect(() => member(hogql`select 1`), path + name).toThrow(NotStubbedError)
        }
      }
    }
    walk(posthog, '')
    const real = createClient({ apiKey: 'phx_test', host: 'https://posthog.test' })
    expect(
      Object.keys(posthog)
        .filter((name) => name !== 'calls')
        .sort(),
    ).toEqual(Object.keys(real).sort())
  })
})

describe('a stub of a method that does not exist', () => {
  it.each<[object, string]>([
    [{ cohort: {} }, 'The client has no `cohort`'],
    [
      { cohorts: { lst: [] } },
      'The client has no `cohorts.lst`, so its stub would never be used. Methods of `cohorts`',
    ],
    [{ cohorts: [] }, 'The stub of `cohorts` is an array; expected an object of its methods.'],
    [{ toString: [] }, 'The client has no `toString`'],
  ])('%j is rejected', (stubs, message) => {
    expect(() => stubClient(stubs as ClientStubs)).toThrow(message)
  })
})

describe('the calls of a stubbed client', () => {
  it('are recorded in order, with their arguments and project', async () => {
    const posthog = stubClient({ featureFlags: { list: flags, get: {} }, annotations: { create: {} } })
    await keysOf(posthog)
    await posthog.annotations.create({ content: 'Deployed', scope: 'project' })
    await posthog.project(2).featureFlags.get(7)
    expect(posthog.calls).toEqual([
      { method: 'featureFlags.list', args: [{ active: 'true' }], projectId: '1' },
      { method: 'annotations.create', args: [{ content: 'Deployed', scope: 'project' }], projectId: '1' },
      { method: 'featureFlags.get', args: [7], projectId: '2' },
    ])
  })

  it('reach functions of a test framework', async () => {
    const list = vi.fn().mockResolvedValueOnce(flags).mockReturnValueOnce([])
    const posthog = stubClient({ featureFlags: { list } })
    expect(await keysOf(posthog)).toEqual(['a', 'b', 'c'])
    expect(await keysOf(posthog)).toEqual([])
    expect(list).toHaveBeenCalledWith({ active: 'true' })
  })

  it('can be spied on', async () => {
    const posthog = stubClient({ featureFlags: { list: flags } })
    const spy = vi.spyOn(posthog.featureFlags, 'list')
    await keysOf(posthog)
    expect(spy).toHaveBeenCalledOnce()
  })
})

describe('a client derived from a stubbed client', () => {
  const posthog = stubClient({ featureFlags: { list: flags } }, { projectId: 7 })

  it('has the same stubs, and its own configuration', async () => {
    const derived = [
      posthog.project(8),
      posthog.with({ timeout: 5 }),
      posthog.organization('org'),
      posthog.use((request, next) => next(request)),
    ]
    for (const client of derived) expect(await keysOf(client)).toEqual(['a', 'b', 'c'])
    expect(derived.map(({ config }) => config.projectId)).toEqual(['8', '7', '7', '7'])
    expect(() => posthog.project('a/b')).toThrow(ConfigurationError)
  })

  it('runs a callback across projects', async () => {
    const results = await posthog.across([1, 2], async (project) => [
      project.config.projectId,
      await keysOf(project),
    ])
    expect(results.map(({ label, status }) => [label, status])).toEqual([
      ['https://us.posthog.com/project/1', 'fulfilled'],
      ['https://us.posthog.com/project/2', 'fulfilled'],
    ])
    await expect(posthog.across([1, 1], () => 0)).rejects.toThrow('twice')
  })

  it('has other stubs if `project` returns another client', async () => {
    const empty = stubClient({ featureFlags: { list: [] } })
    const client: StubbedClient = stubClient({
      featureFlags: { list: flags },
      project: (id) => (String(id) === '2' ? empty : client),
    })
    const results = await client.across([1, 2], keysOf)
    expect(results.map((result) => result.status === 'fulfilled' && result.value.length)).toEqual([3, 0])
    expect(await keysOf(client.project(2))).toEqual([])
  })
})

describe('a stubbed client', () => {
  it('reads no environment, and works where a browser would be refused', async () => {
    vi.stubEnv('POSTHOG_HOST', 'not a host')
    vi.stubEnv('POSTHOG_PROJECT_ID', '99')
    vi.stubEnv('TYPEHOG_LOG', 'nonsense')
    vi.stubGlobal('window', {})
    vi.stubGlobal('document', {})
    expect(stubClient().config).toMatchObject({ host: 'https://us.posthog.com', projectId: '1' })
    expect(stubClient({}, { host: undefined, projectId: undefined }).config.host).toBe(
      'https://us.posthog.com',
    )
    expect(stubClient({}, { region: 'eu' }).config.host).toBe('https://eu.posthog.com')
    expect(await keysOf(stubClient({ featureFlags: { list: flags } }))).toEqual(['a', 'b', 'c'])
  })

  it('answers while timers are faked', async () => {
    vi.useFakeTimers()
    const posthog = stubClient({
      featureFlags: { list: flags },
      cohorts: { get: { id: 7 } },
      hogql: [{ n: 1 }],
    })
    expect(await keysOf(posthog)).toEqual(['a', 'b', 'c'])
    expect(await posthog.cohorts.get(7)).toEqual({ id: 7 })
    expect(await posthog.hogql`select 1`.rows()).toEqual([{ n: 1 }])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('throws errors of the classes that a program imports', async () => {
    const posthog = stubClient({ featureFlags: { list: apiError(429), get: apiError(404) } })
    expect(await rejection(posthog.featureFlags.list())).toBeInstanceOf(RateLimitError)
    expect(await rejection(posthog.featureFlags.get(7))).toBeInstanceOf(NotFoundError)
  })

  it('types the items of a list, which may be partial', async () => {
    const flag: Partial<FeatureFlag> = { key: 'beta', active: true }
    expect(await keysOf(stubClient({ featureFlags: { list: [flag] } }))).toEqual(['beta'])
  })
})
