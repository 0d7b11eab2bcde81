import { describe, expect, it } from 'vitest'
import { listCohorts } from '../../../src/generated/api.gen.ts'
import { clientOf, type FakeServer, json, scriptedServer } from '../fake-server.ts'

const list = 'GET /api/projects/{project_id}/cohorts/'
const page = { results: [], next: null }
const server = (): FakeServer => scriptedServer(() => json(page))
const team = { 'X-Team': 'growth', 'x-other': 'kept' }

/** Headers of the only request. */
const sent = ({ requests }: FakeServer): (string | null)[] => {
  expect(requests).toHaveLength(1)
  return ['x-team', 'x-other'].map((name) => requests[0]?.headers.get(name) ?? null)
}

describe('a null header', () => {
  it.each<[string, Iterable<readonly [string, string | null]> | Record<string, string | null>]>([
    ['an object', { 'x-TEAM': null }],
    ['pairs', [['x-team', null]]],
    ['a Map', new Map([['X-Team', null]])],
  ])('in %s drops a header of the client for one call', async (_, headers) => {
    const fake = server()
    const posthog = clientOf(fake, { headers: team })
    await posthog.request(list, {}, { headers })
    expect(sent(fake)).toEqual([null, 'kept'])
    await posthog.request(list)
    expect(fake.requests[1]?.headers.get('x-team')).toBe('growth')
  })

  it('works in methods of resources, lists, queries and calls by path', async () => {
    const headers = { 'x-team': null }
    const rows = scriptedServer(() => json({ ...page, columns: [], types: [] }))
    const posthog = clientOf(rows, { headers: team })
    await posthog.cohorts.list({}, { headers })
    await posthog.list(list, {}, { headers })
    await posthog.hogql`select 1`.with({ headers })
    await posthog.get('/api/projects/{project_id}/cohorts/', { headers })
    expect(rows.requests.map((request) => request.headers.has('x-team'))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  it('works in functions of typehog/api', async () => {
    const fake = server()
    const { api } = clientOf(fake, { headers: team })
    await listCohorts({ client: api, path: { project_id: '7' }, headers: { 'x-team': null } })
    expect(sent(fake)).toEqual([null, 'kept'])
  })

  it('of the options drops one of the input, and a value of the options overrides null', async () => {
    const fake = server()
    const posthog = clientOf(fake, { headers: team })
    const input = { headers: { 'x-team': 'input', 'x-other': null } } as object
    await posthog.request(list, input, { headers: { 'x-team': null, 'X-Other': 'call' } })
    expect(sent(fake)).toEqual([null, 'call'])
  })

  it('keeps headers that a middleware sets', async () => {
    const fake = server()
    const posthog = clientOf(fake, { headers: team }).use((request, next) => {
      request.headers.set('x-team', 'middleware')
      return next(request)
    })
    await posthog.request(list, {}, { headers: { 'x-team': null } })
    expect(sent(fake)).toEqual(['middleware', 'kept'])
  })

  it('drops the header from each attempt, and of events, which are sent without the key', async () => {
    const flaky = scriptedServer(
      () => json({}, 503),
      () => json({}),
    )
    const posthog = clientOf(flaky, { headers: team })
    const event = { event: 'sign_up', distinctId: 'ada' }
    await posthog.events.capture(event, { token: 'phc_public', headers: { 'x-team': null } })
    expect(flaky.requests.map(({ headers }) => headers.get('x-team'))).toEqual([null, null])
    expect(flaky.requests.map(({ headers }) => headers.get('x-other'))).toEqual(['kept', 'kept'])
  })

  it("drops Typehog's user agent", async () => {
    const fake = server()
    await clientOf(fake).request(list, {}, { headers: { 'User-Agent': null } })
    expect(fake.requests[0]?.headers.has('user-agent')).toBe(false)
  })

  it('keeps the content type of a body, which PostHog needs', async () => {
    const fake = scriptedServer(() => json({ id: 1 }))
    await clientOf(fake).cohorts.create({ name: 'Paying' }, { headers: { 'content-type': null } })
    expect(fake.requests[0]?.headers.get('content-type')).toBe('application/json')
  })

  it.each([
    ['request', {}, { headers: { Authorization: null } }],
    ['input', { headers: { authorization: null } }, {}],
  ])('for Authorization is rejected in the %s', async (_, input, options) => {
    const fake = server()
    await expect(clientOf(fake).request(list, input as object, options)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: '`headers` contains Authorization; Typehog sets it from `apiKey`.',
    })
    expect(fake.requests).toEqual([])
  })

  it('is rejected in the headers of a client, where there is nothing to drop', () => {
    expect(() => clientOf(server(), { headers: { 'x-team': null } as never })).toThrow('"x-team" is null')
    expect(() => clientOf(server()).with({ headers: [['x-team', null]] as never })).toThrow(
      '"x-team" is null',
    )
  })

  it('disappears from the curl command of `explain`', async () => {
    const posthog = clientOf(server(), { headers: team })
    const { curl } = await posthog.explain(list, {}, { headers: { 'X-Team': null } })
    expect(curl).not.toMatch(/x-team/i)
    expect(curl).toContain('x-other: kept')
  })

  it('is part of the cache key of a query', async () => {
    const rows = scriptedServer(() => json({ ...page, columns: [], types: [] }))
    const posthog = clientOf(rows, { headers: team })
    const query = posthog.hogql`select 'headers of the cache key'`
    await query.with({ ttl: 60_000 })
    await query.with({ ttl: 60_000, headers: { 'x-team': null } })
    await query.with({ ttl: 60_000, headers: { 'x-team': 'null' } })
    expect(rows.requests).toHaveLength(3)
  })
})
