import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createClient, type TypehogClient } from '../../../src/index.ts'
import { cloudFetch, faults, type LocalPostHog, startLocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

const endpoints = 'GET /api/projects/{project_id}/endpoints/'
const silent = { debug() {}, info() {}, warn() {}, error() {} }
let local: LocalPostHog
let posthog: TypehogClient

beforeAll(async () => {
  const options = { retry: { initialDelay: 1, maxDelay: 2 }, timeout: 200 }
  ;({ local, posthog } = await startLocalClient({ events: 20, pageSize: 2 }, options))
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    const body = { name, query: { kind: 'HogQLQuery', query: 'select 1' } } as const
    // The first query can take longer than the timeout of the client.
    await posthog.request('POST /api/projects/{project_id}/endpoints/', { body }, { timeout: 30_000 })
  }
})
afterAll(() => local.close())
afterEach(() => local.faults.clear())

describe('faults of a local PostHog without a socket', () => {
  it('affect the next matching request, then expire', async () => {
    local.faults.add(faults.badGateway({ path: '/endpoints/', method: 'get' }))
    expect(local.faults.pending).toMatchObject([{ status: 502 }])
    expect((await posthog.request('GET /api/users/{uuid}/', { path: { uuid: '@me' } })).email).toBeTruthy()
    const { attempts } = await posthog.request(endpoints).withResponse()
    expect(attempts).toMatchObject([{ status: 502, reason: 'status 502' }, { status: 200 }])
    expect(local.faults.pending).toEqual([])
  })

  it('skip requests, affect several, and match patterns', async () => {
    local.faults.add(faults.serverError({ skip: 1, times: 2, path: /\/endpoints\/\?limit=\d+$/g }))
    const statuses = []
    for (const limit of [1, 2, 3, 4]) {
      const call = posthog.request(endpoints, { query: { limit } }, { maxAttempts: 1 })
      statuses.push(await call.then(() => 200).catch(({ status }) => status))
    }
    expect(statuses).toEqual([200, 500, 500, 200])
  })

  it('break the connection with the errors of `fetch`', async () => {
    for (const reset of ['unseen', 'before-headers', 'after-headers', 'mid-body'] as const) {
      local.faults.add({ reset })
      const error = await posthog
        .request(endpoints, {}, { maxAttempts: 1 })
        .catch((reason: unknown) => reason)
      expect(error).toMatchObject({ name: 'ConnectionError' })
    }
    local.faults.add({ cutAfterBytes: 10 })
    expect((await posthog.request(endpoints).withResponse()).attempts).toHaveLength(2)
  })

  it('apply a write before a lost response, unless PostHog never saw the request', async () => {
    const body = (name: string) => ({ body: { name, code_name: name, type: 'String' } }) as const
    const variables = 'POST /api/projects/{project_id}/insight_variables/'
    local.faults.add({ reset: 'before-headers' }, { reset: 'unseen' })
    await expect(posthog.request(variables, body('seen'))).rejects.toMatchObject({ name: 'ConnectionError' })
    await expect(posthog.request(variables, body('unseen'))).rejects.toMatchObject({
      name: 'ConnectionError',
    })
    const { results } = await posthog.request('GET /api/projects/{project_id}/insight_variables/')
    expect(results.map(({ name }) => name)).toEqual(['seen'])
  })

  it('stall and drip the body', async () => {
    local.faults.add({ stall: 'headers' }, { stall: 'body' }, { drip: { bytes: 400, everyMs: 1 } })
    const { attempts } = await posthog.request(endpoints).withResponse()
    expect(attempts).toMatchObject([{ error: 'AttemptTimeoutError' }, { error: 'AttemptTimeoutError' }, {}])
  })

  it('apply to unknown routes', async () => {
    local.faults.add({ path: '/surveys/', status: 200, body: { count: 0, next: null, results: [] } })
    expect(await posthog.request('GET /api/projects/{project_id}/surveys/')).toMatchObject({ count: 0 })
  })

  it.each([
    [{ times: 0 }, 'times'],
    [{ skip: -1 }, 'skip'],
    [{ status: 99 }, 'status'],
    [{ delayMs: -1 }, 'delayMs'],
    [{ cutAfterBytes: 0.5 }, 'cutAfterBytes'],
    [{ drip: { bytes: 0, everyMs: 1 } }, 'drip'],
  ])('reject an option outside its range: %j', (fault, name) => {
    expect(() => local.faults.add(fault)).toThrow(
      new RegExp(`^Expected \`${name}\` of a fault to be .*, got `),
    )
    expect(local.faults.pending).toEqual([])
  })
})

describe('received requests', () => {
  it('are recorded without the key', async () => {
    const before = local.requests.length
    await posthog.request('PATCH /api/projects/{project_id}/endpoints/{name}/', {
      path: { name: 'a' },
      body: { description: `mine is ${local.personalApiKey}` },
    })
    const end = local.personalApiKey.slice(-4)
    expect(local.requests.slice(before)).toEqual([
      {
        method: 'PATCH',
        path: '/api/projects/1/endpoints/a/',
        key: `phx_…${end}`,
        body: { description: `mine is phx_…${end}` },
        status: 200,
        receivedAt: expect.any(Date),
      },
    ])
    expect(JSON.stringify(local.requests)).not.toContain(local.personalApiKey)
  })
})

describe('pages', () => {
  it('have at most `pageSize` items, so that pagination can be tested', async () => {
    const before = local.requests.length
    const names = []
    for await (const { name } of posthog.endpoints.list()) names.push(name)
    expect(names.sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(local.requests.length - before).toBe(3)
  })
})

describe('two regions', () => {
  it('reject a key of the other region, and the client names its region', async () => {
    const key = 'phx_europe00000000000000'
    await using us = await startLocalPostHog({ events: 20 })
    await using eu = await startLocalPostHog({
      events: 20,
      keys: [{ value: key, kind: 'personal', scopes: ['*'] }],
    })
    const fetch = cloudFetch({ us, eu })
    const lost = createClient({ apiKey: key, projectId: 1, region: 'us', fetch, logger: silent })
    await expect(lost.request(endpoints)).rejects.toMatchObject({ name: 'WrongRegionError', region: 'eu' })
    const found = createClient({ apiKey: key, projectId: 1, region: 'eu', fetch, logger: silent })
    expect(await found.request(endpoints)).toMatchObject({ count: 0 })
    await expect(fetch('https://example.com/')).rejects.toThrow('fetch failed')
  })
})

describe('limits', () => {
  it('can be windows of any length', async () => {
    await using small = await startLocalPostHog({ events: 20, throttle: [{ requests: 2, seconds: 1 }] })
    const ask = (): Promise<Response> =>
      small.handle(
        new Request('http://local.test/api/users/@me/', {
          headers: { authorization: `Bearer ${small.personalApiKey}` },
        }),
      )
    const responses = [await ask(), await ask(), await ask()]
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 429])
    expect(responses[2]?.headers.get('retry-after')).toBe('1')
  })
})

describe('closing', () => {
  it('ends connections that a fault stalls', async () => {
    const stalled = await startLocalPostHog({ events: 20, faults: [{ stall: 'headers' }] })
    const { url } = await stalled.listen()
    const response = fetch(`${url}/api/users/@me/`).catch((error: Error) => error)
    while (stalled.faults.pending.length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await stalled.close()
    expect(await response).toBeInstanceOf(TypeError)
  })
})
