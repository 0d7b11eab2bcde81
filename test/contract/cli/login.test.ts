import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CliIo } from '../../../src/cli/cli-io.ts'
import { InterruptedError } from '../../../src/cli/errors.ts'
import { type LocalPostHog, startLocalPostHog } from '../../../src/local/local-posthog.ts'
import { createPlatform } from '../../../src/runtime/platform.ts'
import { type CliResult, captureCli } from '../../unit/cli/capture-cli.ts'
import { type FakeAuthServer, startFakeAuthServer } from './fake-auth-server.ts'

let posthog: LocalPostHog
let upstream: string
let server: FakeAuthServer
/** A folder for the home folders of the tests. */
let root: string
let home: string
/** The browser of the user: it visits the login page and follows its redirect. Returns the last response. */
const visit = async (url: string): Promise<Response> => fetch(await returnUrl(url))
const returnUrl = async (url: string): Promise<string> => {
  const response = await fetch(url, { redirect: 'manual' })
  return response.headers.get('location') ?? 'http://127.0.0.1:9/'
}
const terminal = { stdin: true, stdout: true, stderr: true }

beforeAll(async () => {
  posthog = await startLocalPostHog({ events: 20, projects: [2], throttle: false })
  upstream = (await posthog.listen()).url
  root = await mkdtemp(join(tmpdir(), 'typehog-login-'))
})
afterAll(async () => {
  await posthog.close()
  await rm(root, { recursive: true, force: true })
})
beforeEach(async () => {
  home = await mkdtemp(join(root, 'home-'))
  server = await startFakeAuthServer(upstream, posthog.personalApiKey)
  return () => server[Symbol.asyncDispose]()
})

/** Runs the CLI with the home folder of the test. */
const run = (argv: readonly string[], io: Partial<CliIo> = {}): Promise<CliResult> =>
  captureCli(argv, { cwd: home, openUrl: async () => false, ...io, env: { HOME: home, ...io.env } })
const login = (argv: readonly string[] = [], io: Partial<CliIo> = {}): Promise<CliResult> =>
  run(['login', '--host', server.url, ...argv], {
    openUrl: async (url) => (await visit(url)).ok,
    ...io,
  })
const profilePath = (name = 'default'): string => join(home, '.config', 'typehog', `${name}.json`)
const readProfile = async (name?: string): Promise<Record<string, unknown> & { oauth?: object }> =>
  JSON.parse(await readFile(profilePath(name), 'utf8'))
/** Makes the saved access token expire. */
const expire = async (): Promise<void> => {
  const profile = await readProfile()
  const oauth = { ...profile.oauth, expiresAt: Date.now() - 1_000 }
  await writeFile(profilePath(), JSON.stringify({ ...profile, oauth }))
}
const tokenRequests = (): number => server.requests.filter((route) => route === 'POST /oauth/token/').length

describe('login in the browser', () => {
  it('saves tokens that only the user can read, and that commands use', async () => {
    const { code, out, err } = await login()
    expect({ code, out }).toEqual({
      code: 0,
      out: `Logged in to ${server.url} as local@example.com, project 1 (Local project).\nSaved as the profile "default" in ${profilePath()}.\n`,
    })
    const profile = await readProfile()
    expect(profile).toMatchObject({
      host: server.url,
      projectId: '1',
      key: expect.stringMatching(/^pha_/),
      oauth: { clientId: 'client-0', refreshToken: expect.stringMatching(/^phr_/) },
    })
    expect((await stat(profilePath())).mode & 0o777).toBe(0o600)
    expect((await stat(join(home, '.config', 'typehog'))).mode & 0o777).toBe(0o700)
    const doctor = await run(['doctor'])
    expect(doctor.out).toContain('Key from the profile "default", host from the profile "default"')
    expect(doctor.out).toMatch(/^ok +key +OAuth token of local@example\.com/m)
    expect(`${out}${err}${doctor.out}${doctor.err}`).not.toMatch(/ph[ar]_\w/)
  })

  it('registers a public program, and asks for known scopes, one project and PKCE', async () => {
    await login()
    expect(server.registrations).toEqual([
      expect.objectContaining({
        redirect_uris: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)],
        token_endpoint_auth_method: 'none',
      }),
    ])
    const query = Object.fromEntries(server.consents[0] ?? [])
    expect(query).toMatchObject({ code_challenge_method: 'S256', required_access_level: 'project' })
    expect(String(query['scope']).split(' ').sort()).toEqual([
      'endpoint:read',
      'project:read',
      'query:read',
      'user:read',
    ])
  })

  it('names scopes that PostHog did not grant', async () => {
    const { err } = await login(['--scopes', 'user:read,cohort:write'])
    expect(err).toContain('PostHog did not grant: cohort:write.')
  })

  it('ignores returns with another state, and accepts one return', async () => {
    const statuses: number[] = []
    const { code } = await login([], {
      openUrl: async (url) => {
        const right = await returnUrl(url)
        const wrong = new URL(right)
        wrong.searchParams.set('state', 'guessed')
        for (const target of [wrong.href, right]) {
          const response = await fetch(target)
          statuses.push(response.status)
          expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
        }
        // The listener may be closed already.
        statuses.push(
          await fetch(right).then(
            ({ status }) => status,
            () => 400,
          ),
        )
        return true
      },
    })
    expect({ code, statuses }).toEqual({ code: 0, statuses: [400, 200, 400] })
  })

  it('refuses requests for another host name', async () => {
    const { code } = await login([], {
      openUrl: async (url) => {
        const target = new URL(await returnUrl(url))
        const status = await new Promise((resolve) => {
          request(target, { headers: { host: `evil.example:${target.port}` } }, (response) => {
            response.resume()
            resolve(response.statusCode)
          }).end()
        })
        expect(status).toBe(404)
        return (await fetch(target)).ok
      },
    })
    expect(code).toBe(0)
  })

  it('ends when the user refuses', async () => {
    server.behavior.answer = 'deny'
    const { code, err } = await login()
    expect(code).toBe(3)
    expect(err).toContain('Error: The login was refused in the browser.')
    await expect(readProfile()).rejects.toThrow('ENOENT')
  })

  it('ends after 5 minutes', async () => {
    const real = createPlatform()
    const { code, err } = await login([], {
      openUrl: async () => true,
      // The timer of the login fires at once.
      platform: { ...real, timer: (ms, callback) => real.timer(ms === 300_000 ? 0 : ms, callback) },
    })
    expect(code).toBe(3)
    expect(err).toContain('Error: Nobody logged in within 5 minutes.')
  })

  it('ends with Ctrl-C, and stops listening', async () => {
    const interruption = new AbortController()
    let redirectUri = ''
    const { code, err } = await login([], {
      signal: interruption.signal,
      openUrl: async (url) => {
        redirectUri = new URL(url).searchParams.get('redirect_uri') ?? ''
        interruption.abort(new InterruptedError())
        return true
      },
    })
    expect(code).toBe(130)
    expect(err).toContain('Interrupted.')
    await expect(fetch(redirectUri)).rejects.toThrow()
  })

  it.each([
    ['an HTML page', () => new Response('<html>Log in</html>'), 'offers no login for command-line programs'],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }),
      'offers',
    ],
    ['JSON of another kind', () => Response.json([1]), 'offers no login for command-line programs'],
    ['a body of 2 MB', () => new Response('x'.repeat(2_000_000)), 'than 1000000 bytes'],
  ])('stops at a server that returns %s', async (_, respond, message) => {
    const urls: string[] = []
    const fetch = async (url: string): Promise<Response> => {
      urls.push(url)
      return respond()
    }
    const { code, err } = await login([], { platform: createPlatform({ fetch }) })
    expect(code).toBeGreaterThan(1)
    expect(err).toContain(message)
    expect(urls).toEqual([`${server.url}/.well-known/oauth-authorization-server`])
  })

  it('stops waiting for a server that does not answer', async () => {
    const real = createPlatform({ fetch: () => new Promise<Response>(() => {}) })
    const { code, err } = await login([], {
      platform: { ...real, timer: (ms, callback) => real.timer(ms === 15_000 ? 0 : ms, callback) },
    })
    expect(code).toBe(3)
    expect(err).toContain(
      `${server.url} did not answer GET /.well-known/oauth-authorization-server within 15 s.`,
    )
  })

  it('says that an unreachable host is unreachable', async () => {
    const { code, err } = await run(['login', '--host', 'http://127.0.0.1:9'])
    expect(code).toBe(3)
    expect(err).toMatch(/^Error: GET \/\.well-known\/oauth-authorization-server.*\nFix: /)
  })

  it('refuses a project that the user did not grant', async () => {
    server.behavior.projects = [2]
    const { code, err } = await login(['--project', '1'])
    expect(code).toBe(2)
    expect(err).toContain('The login grants access to project 2, and not to project 1.')
  })

  it.each([
    ['--no-browser', ['--no-browser'], {}],
    ['SSH', [], { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }],
  ])('with %s, prints the URL and takes the URL of the return from the terminal', async (_, argv, env) => {
    const shown: string[] = []
    const asked: unknown[] = []
    let opened = 0
    const { code } = await login(argv, {
      env,
      isTTY: terminal,
      stderr: { write: (line) => shown.push(line) },
      openUrl: async () => opened++ === 0,
      prompt: async (_question, options) => {
        asked.push(options?.hidden)
        if (asked.length === 1) return 'https://example.com/?code=1&state=2'
        return returnUrl(/http\S+\/oauth\/authorize\/\S+/.exec(shown.join(''))?.[0] ?? '')
      },
    })
    expect({ code, opened, asked }).toEqual({ code: 0, opened: 0, asked: [true, true] })
    expect(shown.join('')).toContain('Expected the whole URL')
  })

  it('refuses to run in CI', async () => {
    const { code, err } = await login([], { env: { CI: 'true' } })
    expect(code).toBe(2)
    expect(err).toContain('CI has no browser to log in with.')
    expect(server.requests).toEqual([])
  })
})

describe('tokens of a profile', () => {
  it('are renewed after they expire, and saved', async () => {
    await login()
    const before = await readProfile()
    await expire()
    expect((await run(['endpoints', 'ls'])).code).toBe(0)
    const after = await readProfile()
    expect(after['key']).not.toBe(before['key'])
    expect(server.refresh.has(Object(after.oauth).refreshToken)).toBe(true)
    expect((await stat(profilePath())).mode & 0o777).toBe(0o600)
  })

  it('are renewed after PostHog rejects them', async () => {
    await login()
    server.access.clear()
    expect((await run(['endpoints', 'ls'])).code).toBe(0)
    expect(tokenRequests()).toBe(2)
  })

  it('are renewed once by commands that run at the same time', async () => {
    await login()
    await expire()
    const results = await Promise.all([1, 2, 3, 4].map(() => run(['endpoints', 'ls'])))
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    expect(tokenRequests()).toBe(2)
  })

  it('end with the command that logs in again when PostHog refuses to renew them', async () => {
    await login()
    await expire()
    server.refresh.clear()
    const { code, err } = await run(['endpoints', 'ls'])
    expect(code).toBe(3)
    expect(err).toBe(
      'Error: The login of the profile "default" has ended.\nFix: Run `typehog login --profile default`.\n',
    )
  })

  it('work without a refresh token until they expire', async () => {
    server.behavior.refreshTokens = false
    await login()
    expect((await run(['endpoints', 'ls'])).code).toBe(0)
    await expire()
    expect((await run(['endpoints', 'ls'])).err).toContain('has ended')
  })

  it('are revoked by logout', async () => {
    await login()
    const { code, out } = await run(['logout'])
    expect({ code, out }).toEqual({ code: 0, out: 'Removed the profile "default" and revoked its login.\n' })
    expect(server.access.size).toBe(0)
    await expect(readProfile()).rejects.toThrow('ENOENT')
    expect((await run(['logout'])).err).toContain('There is no default profile.')
  })

  it('are revoked when a new login replaces them', async () => {
    await login()
    const before = await readProfile()
    expect((await login()).code).toBe(0)
    expect(server.access).toEqual(new Set([(await readProfile())['key']]))
    expect(server.access.has(String(before['key']))).toBe(false)
  })

  it('are removed by logout when the server is unreachable', async () => {
    await login()
    await server[Symbol.asyncDispose]()
    const { code, out, err } = await run(['logout'])
    expect({ code, out }).toEqual({ code: 0, out: 'Removed the profile "default".\n' })
    expect(err).toContain('The login could not be revoked')
    await expect(readProfile()).rejects.toThrow('ENOENT')
  })
})

describe('login with a key', () => {
  const withKey = (key: string, argv: readonly string[] = [], io: Partial<CliIo> = {}): Promise<CliResult> =>
    login(['--with-key', ...argv], { stdin: async () => `${key}\n`, ...io })

  it('reads the key from stdin, checks it and saves it', async () => {
    const { code, out, err } = await withKey(posthog.personalApiKey, ['--project', '1', '--profile', 'work'])
    expect(code).toBe(0)
    expect(out).toContain('as local@example.com, project 1 (Local project).')
    expect(await readProfile('work')).toEqual({
      host: server.url,
      projectId: '1',
      key: posthog.personalApiKey,
    })
    expect(`${out}${err}`).not.toContain(posthog.personalApiKey)
  })

  it.each([
    ['phx_unknown0000000000000000000000', 3, /returned 401/],
    ['phc_token0000000000000000000000', 2, /project token \(phc_\), which can only send events/],
    ['phs_secret000000000000000000000', 2, /project secret API key \(phs_\)/],
    ['phx_two words', 2, /contains a space/],
    ['', 2, /stdin has no key/],
  ])('saves nothing for %j', async (key, expected, message) => {
    const { code, err } = await withKey(key)
    expect(code).toBe(expected)
    expect(err).toMatch(message)
    await expect(readProfile()).rejects.toThrow('ENOENT')
  })

  it('asks for the project of a key with several, or lists them', async () => {
    const listed = await withKey(posthog.personalApiKey)
    expect(listed.code).toBe(2)
    expect(listed.err).toMatch(/Pass --project with the ID of one: 1 \(.*\), 2 \(/)
    const answers = [posthog.personalApiKey, '2']
    const hidden: unknown[] = []
    const { code } = await login(['--with-key'], {
      isTTY: terminal,
      prompt: async (_, options) => {
        hidden.push(options?.hidden === true)
        return answers.shift()
      },
    })
    expect({ code, hidden }).toEqual({ code: 0, hidden: [true, false] })
    expect(await readProfile()).toMatchObject({ projectId: '2' })
  })

  it('finds the region of the key', async () => {
    const urls: string[] = []
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      urls.push(new URL(url).origin)
      const { pathname } = new URL(url)
      const target = url.startsWith('https://eu.posthog.com') ? upstream : undefined
      if (target !== undefined) return globalThis.fetch(`${target}${pathname}`, init)
      const body = {
        type: 'authentication_error',
        code: 'authentication_failed',
        detail: 'Invalid.',
        attr: null,
      }
      return Response.json(body, { status: 401 })
    }
    const { code, out, err } = await run(['login', '--with-key', '--project', '1'], {
      stdin: async () => posthog.personalApiKey,
      platform: createPlatform({ fetch }),
    })
    expect(code, err).toBe(0)
    expect(out).toContain('Logged in to https://eu.posthog.com')
    expect(new Set(urls)).toEqual(new Set(['https://us.posthog.com', 'https://eu.posthog.com']))
  })

  it('sends no key to a host that a file of the folder names', async () => {
    await writeFile(join(home, 'typehog.config.json'), JSON.stringify({ host: server.url }))
    await writeFile(join(home, '.env'), `POSTHOG_HOST=${server.url}\n`)
    const origins: string[] = []
    const fetch = async (url: string): Promise<Response> => {
      origins.push(new URL(url).origin)
      return Response.json({ detail: 'Invalid.' }, { status: 401 })
    }
    const { code } = await run(['login', '--with-key'], {
      stdin: async () => posthog.personalApiKey,
      platform: createPlatform({ fetch }),
    })
    expect(code).toBe(3)
    expect(new Set(origins)).toEqual(new Set(['https://us.posthog.com']))
    expect(server.requests).toEqual([])
  })

  it.each([
    [
      'offers no login',
      () => (server.behavior.metadata = false),
      'offers no login for command-line programs',
    ],
    [
      'refuses to register',
      () => (server.behavior.registration = 403),
      'it returned 403 (invalid_client_metadata)',
    ],
  ])('is the way when the server %s', async (_, change, reason) => {
    change()
    const { code, err } = await login(['--project', '1'], {
      isTTY: terminal,
      prompt: async () => posthog.personalApiKey,
    })
    expect(code).toBe(0)
    expect(err).toContain(reason)
    expect(err).toContain(`Create a personal API key at ${server.url}/settings/user-api-keys`)
    expect(await readProfile()).toMatchObject({ key: posthog.personalApiKey })
    expect((await login()).err).toContain('typehog login --with-key < file')
  })
})
