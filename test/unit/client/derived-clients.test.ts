import { describe, expect, it } from 'vitest'
import { clientOf, host, json, scriptedServer } from '../fake-server.ts'

const unavailable = (): Response => json({ type: 'server_error', code: 'error', detail: 'x' }, 503)
const list = 'GET /api/projects/{project_id}/cohorts/'
/** Retries that a fresh budget holds. */
const budget = 20

describe('a derived client', () => {
  it('calls another project with the same key, host and options', async () => {
    const server = scriptedServer(() => json({ results: [] }))
    const client = clientOf(server, { headers: { 'x-team': 'growth' } })
    await client.project(456).request(list)
    await client.request(list)
    expect(server.requests.map(({ url }) => new URL(url).pathname)).toEqual([
      '/api/projects/456/cohorts/',
      '/api/projects/7/cohorts/',
    ])
    expect(server.requests[0]?.headers.get('x-team')).toBe('growth')
    expect(server.requests[0]?.headers.get('authorization')).toBe(
      server.requests[1]?.headers.get('authorization'),
    )
  })

  it('calls another organization', async () => {
    const server = scriptedServer(() => json({ results: [] }))
    await clientOf(server)
      .organization('0192-org')
      .request('GET /api/organizations/{organization_id}/members/')
    expect(new URL(server.requests[0]?.url ?? '').pathname).toBe('/api/organizations/0192-org/members/')
  })

  it('has the changed options and leaves the first client unchanged', () => {
    const client = clientOf(scriptedServer())
    expect(client.with({ timeout: 5 }).config).toMatchObject({ timeout: 5, projectId: '7' })
    expect(client.config.timeout).toBe(60_000)
  })

  it('ignores undefined options, also within `retry` and `limits`', () => {
    const given = {
      timeout: 1_234,
      idleTimeout: 5,
      headers: { 'x-team': 'growth' },
      retry: { maxAttempts: 7, maxDelay: 9 },
    }
    const client = clientOf(scriptedServer(), { ...given, limits: { maxConcurrentQueries: 2 } })
    const child = client.with({
      apiKey: undefined,
      host: undefined,
      region: undefined,
      projectId: undefined,
      timeout: undefined,
      headers: undefined,
      retry: { maxAttempts: undefined, maxDelay: 8 },
      limits: { maxConcurrentQueries: undefined, mode: 'learn' },
    })
    expect(child.config).toMatchObject({
      ...given,
      host,
      projectId: '7',
      retry: { maxAttempts: 7, maxDelay: 8 },
      limits: { maxConcurrentQueries: 2, mode: 'learn' },
    })
  })

  it('never sends the key of a self-hosted PostHog to PostHog Cloud for an undefined host', async () => {
    const server = scriptedServer(() => json({ results: [] }))
    await clientOf(server).with({ host: undefined, region: undefined }).request(list)
    expect(server.requests.map(({ url }) => new URL(url).origin)).toEqual([host])
  })

  it('shares limits after undefined options, but not with another key', async () => {
    const server = scriptedServer(() => json({ results: [] }))
    const client = clientOf(server, { limits: { mode: 'count' } })
    const same = client.with({ apiKey: undefined, host: undefined, limits: undefined })
    await same.request(list)
    expect(await client.limits()).toEqual(await same.limits())
    expect(await client.limits()).not.toEqual([])
    expect(await client.with({ apiKey: 'phx_Another0123456789' }).limits()).toEqual([])
  })

  it.each([undefined, null, 5, 'x', []])('rejects %j as options', (options) => {
    expect(() => clientOf(scriptedServer()).with(options as never)).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', message: expect.stringContaining('`options`') }),
    )
  })

  it('rejects an undefined project or organization', () => {
    expect(() => clientOf(scriptedServer()).project(undefined as never)).toThrow(
      'The id of `project` is undefined',
    )
    expect(() => clientOf(scriptedServer()).organization(undefined as never)).toThrow(
      'The id of `organization`',
    )
  })

  it('replaces a host with a region', () => {
    expect(clientOf(scriptedServer()).with({ region: 'eu' }).config.host).toBe('https://eu.posthog.com')
  })

  it.each([0, -1, 'abc', '7/../8', Number.NaN])('rejects %s as a project', (id) => {
    expect(() => clientOf(scriptedServer()).project(id)).toThrow('`projectId` is not a valid project id')
  })

  it('rejects unknown options', () => {
    expect(() => clientOf(scriptedServer()).with({ timeOut: 5 } as object)).toThrow('has no option `timeOut`')
  })

  it('shares the retry budget', async () => {
    const server = scriptedServer(unavailable)
    const client = clientOf(server, { retry: { initialDelay: 1, maxDelay: 1, maxAttempts: 2 } })
    for (let id = 1; id <= budget + 5; id += 1)
      await client
        .project(id)
        .request(list)
        .catch(() => {})
    expect(server.requests).toHaveLength(budget + 5 + budget)
  })

  it('has a separate retry budget for another key', async () => {
    const server = scriptedServer(unavailable)
    const client = clientOf(server, { retry: { initialDelay: 1, maxDelay: 1, maxAttempts: 2 } })
    for (let call = 0; call < budget + 1; call += 1) await client.request(list).catch(() => {})
    const before = server.requests.length
    await client
      .with({ apiKey: 'phx_Another0123456789' })
      .request(list)
      .catch(() => {})
    expect(server.requests.length - before).toBe(2)
  })
})
