import { describe, expect, it } from 'vitest'
import { createClient, type TypehogClient } from '../../../src/client/create-client.ts'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import { clientOf, type FakeServer, fakeServer, json, key, scriptedServer } from '../fake-server.ts'
import { failure } from '../runtime/harness.ts'

const unknownRoute = (): Response =>
  json({ type: 'invalid_request', code: 'not_found', detail: 'Endpoint not found.', attr: null }, 404)
const unknownObject = (): Response =>
  json({ type: 'invalid_request', code: 'not_found', detail: 'Not found.', attr: null }, 404)
const issues = 'GET /api/projects/{project_id}/error_tracking/issues/'
const cohorts = 'GET /api/projects/{project_id}/cohorts/'

describe('a server with a resource only under environments', () => {
  it('falls back once, and then always', async () => {
    const server = scriptedServer(unknownRoute, () => json({ results: [] }))
    const posthog = clientOf(server)
    await posthog.request(issues)
    await posthog.project(8).request(issues)
    expect(server.requests.map(({ url }) => new URL(url).pathname)).toEqual([
      '/api/projects/7/error_tracking/issues/',
      '/api/environments/7/error_tracking/issues/',
      '/api/environments/8/error_tracking/issues/',
    ])
  })

  it('falls back for a write too', async () => {
    const server = scriptedServer(unknownRoute, () => json({ id: 'a' }))
    await clientOf(server).request('PATCH /api/projects/{project_id}/error_tracking/issues/{id}/', {
      path: { id: 'a' },
      body: { status: 'resolved' },
    })
    expect(server.requests.map(({ method, text: body }) => [method, body])).toEqual([
      ['PATCH', '{"status":"resolved"}'],
      ['PATCH', '{"status":"resolved"}'],
    ])
  })

  it.each([
    ['an unknown object', unknownObject, issues],
    ['a resource that was always under projects', unknownRoute, cohorts],
  ] as const)('sends no second request for %s', async (_, response, route) => {
    const server = scriptedServer(response)
    expect(await failure(clientOf(server).request(route))).toMatchObject({ name: 'NotFoundError' })
    expect(server.requests).toHaveLength(1)
  })

  it('returns the first error when neither route exists', async () => {
    const server = scriptedServer(unknownRoute)
    const posthog = clientOf(server)
    expect(await failure(posthog.request(issues))).toMatchObject({ routeUnknown: true })
    await failure(posthog.request(issues))
    expect(server.requests).toHaveLength(4)
  })
})

describe('a key of the other region', () => {
  const invalidKey = (): Response =>
    json(
      {
        type: 'authentication_error',
        code: 'authentication_failed',
        detail: 'Personal API key found in request Authorization header is invalid.',
        attr: null,
      },
      401,
    )
  /** PostHog Cloud for a key that belongs to `home`. */
  const cloud = (home: 'us' | 'eu' | undefined): FakeServer =>
    fakeServer(({ origin }) =>
      origin === `https://${home}.posthog.com` ? json({ results: [] }) : invalidKey(),
    )
  const client = (at: 'us' | 'eu', { fetch }: FakeServer, options: ClientOptions = {}): TypehogClient =>
    createClient({ apiKey: key, projectId: 7, region: at, fetch, ...options })
  const urlsAt = ({ requests }: FakeServer, region: string): string[] =>
    requests.map(({ url }) => url).filter((url) => url.startsWith(`https://${region}.`))

  it.each([
    ['us', 'eu'],
    ['eu', 'us'],
  ] as const)('at %s is reported to belong to %s, after a single check for all calls', async (at, home) => {
    const server = cloud(home)
    const posthog = client(at, server)
    for (let n = 0; n < 3; n++) {
      const error = await failure(posthog.project(n + 1).request(cohorts))
      expect(error).toMatchObject({
        name: 'WrongRegionError',
        kind: 'wrong_region',
        region: home,
        status: 401,
      })
      expect(error.message).toContain(`https://${at}.posthog.com rejects the key`)
      expect(error['fix']).toContain(`region: '${home}'`)
    }
    expect(urlsAt(server, home)).toEqual([`https://${home}.posthog.com/api/personal_api_keys/@current/`])
  })

  it('is an AuthenticationError when neither region accepts it, checked once', async () => {
    const server = cloud(undefined)
    const posthog = client('us', server)
    for (let n = 0; n < 2; n++) {
      expect(await failure(posthog.request(cohorts))).toMatchObject({ name: 'AuthenticationError' })
    }
    expect(server.requests).toHaveLength(3)
  })

  it.each<[string, ClientOptions]>([
    ['when the check is disabled', { findRegion: false }],
    ['with a secret key', { apiKey: 'phs_secret' }],
    ['with a key from a function', { apiKey: () => key }],
  ])('is never sent to the other region %s', async (_, options) => {
    const server = cloud('eu')
    await failure(client('us', server, options).request(cohorts))
    expect(urlsAt(server, 'eu')).toEqual([])
  })

  it('is never sent anywhere else by a self-hosted PostHog', async () => {
    const server = scriptedServer(invalidKey)
    expect(await failure(clientOf(server).request(cohorts))).toMatchObject({ name: 'AuthenticationError' })
    expect(server.requests).toHaveLength(1)
  })
})

describe('a renewable key', () => {
  const unauthorized = (): Response =>
    json({ code: 'authentication_failed', detail: 'Access token has expired.' }, 401)
  const keyOf = ({ headers }: { headers: Headers }): string | null => headers.get('authorization')

  it('is renewed once after a 401, also for a write', async () => {
    const server = scriptedServer(unauthorized, () => json({}))
    let keyCalls = 0
    const posthog = clientOf(server, { apiKey: () => `pha_${++keyCalls}` })
    await posthog.request('POST /api/projects/{project_id}/cohorts/', { body: { name: 'x' } })
    expect(server.requests.map(keyOf)).toEqual(['Bearer pha_1', 'Bearer pha_2'])
    expect(server.requests.map(({ text: body }) => body)).toEqual(['{"name":"x"}', '{"name":"x"}'])
  })

  it('is not retried with an unchanged key, nor a third time', async () => {
    const same = scriptedServer(unauthorized)
    await failure(clientOf(same, { apiKey: () => 'pha_1' }).request(cohorts))
    expect(same.requests).toHaveLength(1)
    const always = scriptedServer(unauthorized)
    let keyCalls = 0
    await failure(clientOf(always, { apiKey: () => `pha_${++keyCalls}` }).request(cohorts))
    expect(always.requests).toHaveLength(2)
  })

  it('is reported to its provider, which gets the signal of the call', async () => {
    const server = scriptedServer(unauthorized, () => json({}))
    const rejected: string[] = []
    const signals: unknown[] = []
    const posthog = clientOf(server, {
      apiKey: {
        async token(signal) {
          signals.push(signal)
          return rejected.length === 0 ? 'pha_old' : 'pha_new'
        },
        rejected: (old) => rejected.push(old),
      },
    })
    await posthog.request(cohorts)
    expect(rejected).toEqual(['pha_old'])
    expect(server.requests.map(keyOf)).toEqual(['Bearer pha_old', 'Bearer pha_new'])
    expect(signals.every((signal) => signal instanceof AbortSignal)).toBe(true)
  })
})
