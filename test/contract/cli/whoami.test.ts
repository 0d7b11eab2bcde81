import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/errors.ts'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

const bare = 'phx_bare0000000000000000000000000000000000000000'
let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness([{ value: bare, kind: 'personal', scopes: ['query:read'] }])
})
beforeEach(() => harness.posthog.faults.clear())
afterAll(() => harness[Symbol.asyncDispose]())

const run = (
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): ReturnType<CliHarness['run']> => harness.run(['whoami', ...argv], { env: { ...harness.env, ...env } })

describe('whoami', () => {
  it('describes a personal API key', async () => {
    const { code, out, err } = await run()
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toBe(
      [
        `host           ${harness.url} (self-hosted)`,
        'key            Personal API key "Local key" from POSTHOG_PERSONAL_API_KEY',
        'user           Local (local@example.com)',
        'scopes         all (*)',
        'organizations  Local organization (018d2a6e-0000-7000-8000-000000000002)',
        'projects       1 Local project <- configured',
        '',
      ].join('\n'),
    )
  })

  it('works without a project, and reports a project that the key cannot access', async () => {
    const without = await run([], { POSTHOG_PROJECT_ID: '' })
    expect(without.code).toBe(0)
    expect(without.out).toContain('projects       1 Local project\n')
    expect((await run(['--project', '7'])).out).toContain('no access to the configured project 7.')
  })

  it('prints all facts with --json, null for unknown ones', async () => {
    const { out } = await run(['--json'], { POSTHOG_PERSONAL_API_KEY: bare })
    expect(JSON.parse(out)).toEqual({
      host: harness.url,
      region: null,
      keyKind: 'personal',
      keySource: 'POSTHOG_PERSONAL_API_KEY',
      label: 'Local key',
      user: null,
      scopes: ['query:read'],
      organizations: null,
      projects: null,
      projectId: '1',
    })
    expect(out).not.toContain(bare)
  })

  it('names the scope that each unknown fact needs', async () => {
    const { code, out } = await run([], { POSTHOG_PERSONAL_API_KEY: bare })
    expect(code).toBe(0)
    for (const scope of ['user:read', 'organization:read', 'project:read']) {
      expect(out).toContain(`unknown: needs the scope ${scope}`)
    }
  })

  it('says what a project secret key cannot tell, and sends no request', async () => {
    const before = harness.posthog.requests.length
    const { code, out } = await run([], {
      POSTHOG_PERSONAL_API_KEY: '',
      POSTHOG_PROJECT_SECRET_API_KEY: 'phs_nobody',
    })
    expect(code).toBe(0)
    expect(out).toContain('key            Project secret API key from POSTHOG_PROJECT_SECRET_API_KEY\n')
    expect(out).toContain('user           none: a project secret key belongs to a project\n')
    expect(out).toContain('projects       1, as configured\n')
    expect(out).toContain('it cannot tell\nwhether the key is valid')
    expect(harness.posthog.requests.length).toBe(before)
  })

  it.each([
    ['an unknown key', { POSTHOG_PERSONAL_API_KEY: 'phx_nobody' }, 3, /Check that the key still exists/],
    ['no key', { POSTHOG_PERSONAL_API_KEY: '' }, 2, /POSTHOG_PERSONAL_API_KEY/],
    ['an unreachable host', { POSTHOG_HOST: 'http://127.0.0.1:9' }, 3, /Check `--host`/],
  ])('rejects %s', async (_, env, expected, fix) => {
    const { code, out, err } = await run([], env)
    expect({ code, out }).toEqual({ code: expected, out: '' })
    expect(err).toMatch(fix)
  })

  it('stops at once on Ctrl-C while the server is slow', async () => {
    harness.posthog.faults.add({ stall: 'headers', path: '/personal_api_keys/' })
    const interruption = new AbortController()
    const before = harness.posthog.requests.length
    const running = harness.run(['whoami'], { signal: interruption.signal })
    await expect.poll(() => harness.posthog.requests.length).toBeGreaterThan(before)
    interruption.abort(new InterruptedError())
    expect(await running).toEqual({ code: 130, out: '', err: 'Interrupted.\n' })
  })
})
