import { describe, expect, it } from 'vitest'
import { type ClientOptions, createClient, hogql, type TypehogClient } from '../../../../src/index.ts'
import { type OAuthOptions, type OAuthTokens, oauth } from '../../../../src/runtime/auth/oauth.ts'
import { host, json } from '../../fake-server.ts'
import { failure } from '../harness.ts'
import { virtualPlatform } from '../virtual-platform.ts'

const hour = 3_600_000
const base: OAuthOptions = { clientId: 'app', refreshToken: 'phr_0' }

/** A token route that returns new tokens for each request, and records the requests. */
function tokenRoute(respond?: (call: number) => Response | Promise<Response>) {
  const sent: { url: string; form: Record<string, string> }[] = []
  const platform = virtualPlatform(async (request, call) => {
    sent.push({ url: request.url, form: Object.fromEntries(new URLSearchParams(await request.text())) })
    return (
      respond?.(call) ??
      json({
        access_token: `pha_${call}`,
        refresh_token: `phr_${call}`,
        expires_in: 3_600,
        token_type: 'Bearer',
      })
    )
  })
  return { platform, sent }
}

describe('oauth', () => {
  it('returns the given access token while it is valid', async () => {
    const { platform, sent } = tokenRoute()
    const expiresAt = new Date(platform.now() + hour)
    const provider = oauth({ ...base, accessToken: 'pha_0', expiresAt }, platform)
    expect(await provider.token()).toBe('pha_0')
    expect(sent).toEqual([])
  })

  it('uses each refresh token once', async () => {
    const { platform, sent } = tokenRoute()
    const provider = oauth({ ...base, clientSecret: 's3cret' }, platform)
    expect(await provider.token()).toBe('pha_1')
    provider.rejected('pha_1')
    expect(await provider.token()).toBe('pha_2')
    expect(sent).toEqual([
      {
        url: 'https://oauth.posthog.com/oauth/token/',
        form: {
          grant_type: 'refresh_token',
          refresh_token: 'phr_0',
          client_id: 'app',
          client_secret: 's3cret',
        },
      },
      {
        url: 'https://oauth.posthog.com/oauth/token/',
        form: {
          grant_type: 'refresh_token',
          refresh_token: 'phr_1',
          client_id: 'app',
          client_secret: 's3cret',
        },
      },
    ])
  })

  it.each([
    [{ region: 'eu' } as const, 'https://eu.posthog.com/oauth/token/'],
    [{ host: 'posthog.acme.test/sub/' }, 'https://posthog.acme.test/sub/oauth/token/'],
  ])('calls the host of %j', async (options, url) => {
    const { platform, sent } = tokenRoute()
    await oauth({ ...base, ...options }, platform).token()
    expect(sent[0]?.url).toBe(url)
  })

  it('calls onTokens before the first use of new tokens', async () => {
    const { platform } = tokenRoute()
    const saved: OAuthTokens[] = []
    const provider = oauth({ ...base, onTokens: async (tokens) => void saved.push(tokens) }, platform)
    await Promise.all([provider.token(), provider.token()])
    expect(saved).toEqual([
      { accessToken: 'pha_1', refreshToken: 'phr_1', expiresAt: new Date(platform.now() + hour) },
    ])
  })

  it('times out a hanging `onTokens`, and repeats it with the next call', async () => {
    const { platform, sent } = tokenRoute()
    let calls = 0
    const onTokens = (): Promise<void> => {
      calls += 1
      return calls === 1 ? new Promise(() => {}) : Promise.resolve()
    }
    const provider = oauth({ ...base, onTokens }, platform)
    const both = await Promise.all([failure(provider.token()), failure(provider.token())])
    expect(both[0]).toMatchObject({
      name: 'ConfigurationError',
      message: '`onTokens` failed.',
      cause: expect.objectContaining({ message: 'It did not settle within 30 s.' }),
    })
    expect(calls).toBe(1)
    expect(await provider.token()).toBe('pha_1')
    expect([calls, sent.length, platform.asleep()]).toEqual([2, 1, 0])
  })

  it('fails when onTokens throws, and repeats it with the next call', async () => {
    const { platform, sent } = tokenRoute()
    const saved: string[] = []
    const cause = new Error('disk full')
    const provider = oauth(
      {
        ...base,
        onTokens: ({ refreshToken }) => {
          saved.push(refreshToken)
          if (saved.length === 1) throw cause
        },
      },
      platform,
    )
    expect(await failure(provider.token())).toMatchObject({ name: 'ConfigurationError', cause })
    expect(await provider.token()).toBe('pha_1')
    expect(saved).toEqual(['phr_1', 'phr_1'])
    expect(sent).toHaveLength(1)
  })

  it.each([
    [400, { error: 'invalid_grant' }],
    [401, {}],
    [403, { detail: 'x' }],
  ])('requires a new sign-in after %i, without showing a token', async (status, body) => {
    const { platform, sent } = tokenRoute(() => json(body, status))
    const error = await failure(oauth(base, platform).token())
    expect(error).toMatchObject({
      name: 'AuthenticationError',
      status,
      fix: expect.stringContaining('sign in again'),
    })
    expect(JSON.stringify(error)).not.toContain('phr_0')
    expect(sent).toHaveLength(1)
  })

  it('tries twice without a response', async () => {
    const reset = (): never => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) })
    }
    const once = tokenRoute((call) => (call === 1 ? reset() : json({ access_token: 'pha_x' })))
    expect(await oauth(base, once.platform).token()).toBe('pha_x')
    const down = tokenRoute(() => json({}, 503))
    expect(await failure(oauth(base, down.platform).token())).toMatchObject({
      name: 'ConnectionError',
      attempts: [
        { attempt: 1, waitMs: 500 },
        { attempt: 2, waitMs: 0 },
      ],
    })
    expect(down.sent).toHaveLength(2)
  })

  it('times out without leaving a timer', async () => {
    const { platform } = tokenRoute(() => new Promise(() => {}))
    expect(await failure(oauth(base, platform).token())).toMatchObject({
      name: 'AttemptTimeoutError',
      ms: 10_000,
    })
    expect(platform.asleep()).toBe(0)
  })

  it("rejects with the caller's reason while others keep waiting", async () => {
    let respond = (_: Response): void => {}
    const { platform } = tokenRoute(
      () =>
        new Promise((resolve) => {
          respond = resolve
        }),
    )
    const provider = oauth(base, platform)
    const controller = new AbortController()
    const [aborted, waiting] = [provider.token(controller.signal), provider.token()]
    controller.abort('enough')
    await expect(aborted).rejects.toBe('enough')
    await new Promise((resolve) => setImmediate(resolve))
    respond(json({ access_token: 'pha_x' }))
    expect(await waiting).toBe('pha_x')
  })

  it.each(['<html>', '{}', '{"access_token":7}'])(
    'suggests a wrong host when the response is %s',
    async (text) => {
      const { platform } = tokenRoute(() => new Response(text))
      expect(await failure(oauth(base, platform).token())).toMatchObject({ name: 'DecodeError' })
    },
  )

  it.each([
    { clientId: '' },
    { refreshToken: ' ' },
    { host: 'a.test', region: 'us' as const },
    { clientID: 'app' } as object,
    { onTokens: 'save' } as object,
  ])('rejects the options %j', (wrong) => {
    expect(() => oauth({ ...base, ...wrong })).toThrow(expect.objectContaining({ kind: 'configuration' }))
  })
})

describe('a client with oauth', () => {
  /** Responds as PostHog and its token route, and records the requests. */
  function account(tokens: () => Response | Promise<Response>) {
    const sent: string[] = []
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      const { method, headers } = new Request(url, init)
      sent.push(`${method} ${new URL(url).host} ${headers.get('authorization')}`)
      return url.endsWith('/oauth/token/') ? tokens() : json({})
    }
    const provider = oauth({ ...base, onTokens: () => {} })
    const client = (options: ClientOptions = {}): TypehogClient => {
      return createClient({
        apiKey: provider,
        projectId: 1,
        host,
        limits: false,
        logLevel: 'off',
        fetch,
        ...options,
      })
    }
    return { sent, client }
  }
  const ask = (client: TypehogClient, call = {}): Promise<unknown> =>
    client.request('GET /api/projects/{project_id}/cohorts/', {}, call)
  const good = (): Response => json({ access_token: 'pha_new', expires_in: 3_600 })

  it("refreshes through the client's `fetch`", async () => {
    const { sent, client } = account(good)
    await ask(client())
    await client()
      .hogql(hogql`select 1`, { ttl: 1_000 })
      .then(null, () => {})
    expect(sent).toEqual([
      'POST oauth.posthog.com null',
      'GET posthog.test Bearer pha_new',
      'POST posthog.test Bearer pha_new',
    ])
  })

  it('prefers the `fetch` option of oauth', async () => {
    const { sent, client } = account(good)
    const own = oauth({ ...base, fetch: async () => good() })
    await ask(client({ apiKey: own }))
    expect(sent).toEqual(['GET posthog.test Bearer pha_new'])
  })

  it('sends a refresh at most twice without a response, whatever `maxAttempts` of the call', async () => {
    const { sent, client } = account(() => json({}, 503))
    const error = await failure(ask(client({ retry: { maxAttempts: 5, initialDelay: 1, maxDelay: 1 } })))
    expect(error).toMatchObject({ name: 'ConnectionError', operation: 'POST /oauth/token/' })
    expect(sent).toHaveLength(2)
    expect(error['attempts']).toHaveLength(2)
  })

  it.each([
    ['a token route that never responds', () => new Promise<Response>(() => {}), () => {}],
    ['an `onTokens` that hangs', good, () => new Promise<void>(() => {})],
  ])('ends a call at its deadline or signal with %s', async (_, tokens, onTokens) => {
    const { client } = account(tokens)
    const posthog = client({ apiKey: oauth({ ...base, onTokens }) })
    expect(await failure(ask(posthog, { totalTimeout: 30 }))).toMatchObject({
      name: 'TotalTimeoutError',
      ms: 30,
    })
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = ask(posthog, { signal: controller.signal })
    queueMicrotask(() => controller.abort(reason))
    await expect(aborted).rejects.toBe(reason)
  })
})
