import { describe, expect, it } from 'vitest'
import { oauth } from '../../../src/runtime/auth/oauth.ts'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import { type FakeServer, fakeServer, key, projects } from '../fake-server.ts'

const secrets = [
  key,
  'phs_Secret0123456789abcdef',
  'pha_Secret0123456789abcdef',
  'phr_Secret0123456789abcdef',
]

const keys: readonly (readonly [string, () => Pick<ClientOptions, 'apiKey'>])[] = [
  ['a personal key', () => ({ apiKey: key })],
  ['a project secret key', () => ({ apiKey: 'phs_Secret0123456789abcdef' })],
  ['an access token', () => ({ apiKey: 'pha_Secret0123456789abcdef' })],
  [
    'OAuth tokens that are renewed',
    () => ({
      apiKey: oauth({
        clientId: 'app',
        accessToken: 'pha_Secret0123456789abcdef',
        refreshToken: 'phr_Secret0123456789abcdef',
      }),
    }),
  ],
  ['a function', () => ({ apiKey: () => key })],
  ['an asynchronous function', () => ({ apiKey: async () => key })],
]

const hosts: readonly (readonly [string, ClientOptions, string, string])[] = [
  [
    'us',
    { region: 'us', host: 'https://us.posthog.com' },
    'https://us.posthog.com',
    'https://us.i.posthog.com',
  ],
  ['eu', { host: 'https://eu.posthog.com' }, 'https://eu.posthog.com', 'https://eu.i.posthog.com'],
  [
    'an ingestion host',
    { host: 'https://eu.i.posthog.com' },
    'https://eu.posthog.com',
    'https://eu.i.posthog.com',
  ],
  [
    'a self-hosted PostHog below a path',
    { host: 'https://tools.example.com/posthog/' },
    'https://tools.example.com/posthog',
    'https://tools.example.com/posthog',
  ],
  [
    'a host that resembles PostHog Cloud',
    { host: 'https://us.posthog.com.example.com' },
    'https://us.posthog.com.example.com',
    'https://us.posthog.com.example.com',
  ],
]

const cases = keys.flatMap(([name, options]) =>
  hosts.map(([host, hostOptions, api, open]) => ({
    name,
    host,
    options: { ...options(), ...hostOptions },
    api,
    open,
  })),
)

const uuid = '018d2a6e-0000-7000-8000-000000000001'

/** Fails each second request of a public route. */
function flaky(): FakeServer {
  let failures = 0
  return fakeServer(({ url }) => {
    if (url.includes('/api/')) return Response.json(projects)
    failures += 1
    if (failures % 2 === 1) return Response.json({ detail: 'x' }, { status: 503 })
    return Response.json(url.includes('/flags/') ? { flags: {} } : { status: 'Ok' })
  })
}

describe('the public routes', () => {
  it.each(cases)('never receive $name, at $host, even on retries', async ({ options, api, open }) => {
    const server = flaky()
    const posthog = server.client(options)
    await posthog.events.capture({ event: 'signed up', distinctId: 'user-1' })
    await posthog.featureFlags.evaluate({ distinctId: 'user-1' })
    const body = { api_key: 'phc_seven', event: 'signed up', distinct_id: 'user-1', uuid }
    // Sent once: a single event may have no uuid, and would count twice.
    await expect(posthog.request('POST /i/v0/e/', { body })).rejects.toThrow()
    const [facts, ...others] = server.requests
    expect(facts?.url).toMatch(new RegExp(`^${api}/api/projects/`))
    expect(facts?.headers.get('authorization')).toMatch(/^Bearer ph/)
    expect(others.map(({ url }) => url)).toEqual(
      ['/batch/', '/batch/', '/flags/?v=2', '/flags/?v=2', '/i/v0/e/'].map((path) => open + path),
    )
    for (const { headers, text, url } of others) {
      expect(headers.get('authorization')).toBeNull()
      const all = [url, text, JSON.stringify([...headers])].join()
      for (const secret of secrets) expect(all).not.toContain(secret)
    }
  })
  it('drop the Authorization header of a middleware, and reject that of a call', async () => {
    const server = flaky()
    const posthog = server.client({
      middleware: [
        (request, next) => {
          request.headers.set('authorization', `Bearer ${key}`)
          return next(request)
        },
      ],
    })
    const headers = { 'x-team': 'growth' }
    const event = { event: 'signed up', distinctId: 'user-1' }
    await posthog.events.capture(event, { token: 'phc_seven', headers })
    const own = { ...headers, Authorization: `Bearer ${key}` }
    const rejected = server.client().events.capture(event, { token: 'phc_seven', headers: own })
    await expect(rejected).rejects.toThrow('`headers` contains Authorization')
    expect(server.requests).toHaveLength(2)
    for (const { headers } of server.requests) {
      expect(headers.get('authorization')).toBeNull()
      expect(headers.get('x-team')).toBe('growth')
    }
  })

  it.each([key, 'phs_Secret0123456789abcdef', 'pha_Secret0123456789abcdef', 'phr_Secret0123456789abcdef'])(
    'reject %s instead of the public token, without showing it',
    async (token) => {
      const server = flaky()
      const { events, featureFlags } = server.client()
      for (const call of [
        events.capture({ event: 'signed up', distinctId: 'user-1' }, { token }),
        featureFlags.evaluate({ distinctId: 'user-1' }, { token }),
      ]) {
        const error: unknown = await call.catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining('token') })
        expect(String(error)).not.toContain('Secret0123')
      }
      expect(server.requests).toEqual([])
    },
  )

  it('do not check the key in another region when they reject the token', async () => {
    const server = fakeServer(() =>
      Response.json(
        { type: 'authentication_error', code: 'authentication_failed', detail: 'Invalid token.', attr: null },
        { status: 401 },
      ),
    )
    const posthog = server.client({ host: 'https://us.posthog.com' })
    const call = posthog.featureFlags.evaluate({ distinctId: 'user-1' }, { token: 'phc_other' })
    await expect(call).rejects.toMatchObject({ name: 'AuthenticationError' })
    expect(server.lines()).toEqual(['POST /flags/?v=2'])
  })

  it('are explained with their own host and without a key', async () => {
    const posthog = flaky().client({ host: 'https://eu.posthog.com' })
    const explained = await posthog.explain('POST /flags/', {
      query: { v: 2 },
      body: { token: 'phc_seven', distinct_id: 'user-1' },
    })
    expect(explained.url).toBe('https://eu.i.posthog.com/flags/?v=2')
    expect(explained.curl).not.toContain('Authorization')
    expect(explained.throttle).toEqual({ bucket: 'public', rates: [] })
    const { curl } = await posthog.explain('GET /api/projects/{project_id}/cohorts/')
    expect(curl).toContain('Authorization: Bearer $POSTHOG_PERSONAL_API_KEY')
  })

  it("do not use up the key's rate limit", async () => {
    const server = flaky()
    const posthog = server.client({ host: 'https://us.posthog.com', limits: {} })
    await posthog.events.capture({ event: 'signed up', distinctId: 'user-1' }, { token: 'phc_seven' })
    expect(await posthog.limits()).toMatchObject([{ bucket: 'public', windows: [] }])
  })
})
