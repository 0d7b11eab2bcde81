import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { faults, type LocalKey, startLocalPostHog } from '../../../src/testing.ts'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness()
})
beforeEach(() => harness.posthog.faults.clear())
afterAll(() => harness[Symbol.asyncDispose]())

const run = (
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): ReturnType<CliHarness['run']> => harness.run(['doctor', ...argv], { env: { ...harness.env, ...env } })

describe('doctor', () => {
  it('finds no problems in a working setup', async () => {
    const { code, out, err } = await run()
    expect(code).toBe(0)
    expect(out.split('\n').map((line) => line.slice(0, 16).trim().split(/ +/))).toEqual([
      ['ok', 'sources'],
      ['ok', 'host'],
      ['ok', 'key'],
      ['ok', 'scopes'],
      ['ok', 'project'],
      ['ok', 'query'],
      ['ok', 'clock'],
      ['ok', 'limits'],
      [''],
    ])
    expect(out).toContain(`${harness.url} (self-hosted) responds.`)
    expect(out).toMatch(/Queries: .* 3 concurrent per project/)
    expect(out).not.toContain(harness.posthog.personalApiKey)
    expect(err).toBe('No problems found.\n')
  })

  it('prints its findings as JSON', async () => {
    const { out } = await harness.run(['--json', 'doctor'])
    expect(JSON.parse(out)).toContainEqual({
      check: 'clock',
      state: 'ok',
      message: 'This machine is within a minute of the server.',
    })
  })

  it.each([
    ['no key', { POSTHOG_PERSONAL_API_KEY: '' }, 'setup', /POSTHOG_PERSONAL_API_KEY/],
    ['a project token', { POSTHOG_PERSONAL_API_KEY: 'phc_abc' }, 'setup', /Fix: /],
    ['an unknown key', { POSTHOG_PERSONAL_API_KEY: 'phx_nobody' }, 'key', /Check that the key still exists/],
    ['an unreachable host', { POSTHOG_HOST: 'http://127.0.0.1:9' }, 'host', /Check `--host`/],
    ['no project', { POSTHOG_PROJECT_ID: '' }, 'setup', /POSTHOG_PROJECT_ID/],
    [
      'another project',
      { POSTHOG_PROJECT_ID: '777' },
      'project',
      /Set `--project` or POSTHOG_PROJECT_ID to a project of the key: 1/,
    ],
  ])('reports %s with a fix', async (_, env, check, fix) => {
    const { code, out, err } = await run([], env)
    expect(code).toBe(3)
    expect(out).toMatch(new RegExp(`^PROBLEM ${check}`, 'm'))
    expect(out).toMatch(fix)
    expect(err).toMatch(/^\d problems? found\.\n$/)
  })

  it('reports a host that is not PostHog', async () => {
    harness.posthog.faults.add(faults.loginPage({ times: 3 }))
    const { code, out } = await run()
    expect(code).toBe(3)
    expect(out).toMatch(/^PROBLEM host .* instead of JSON/m)
  })

  it('reports why queries fail', async () => {
    harness.posthog.faults.add(faults.outOfQuota({ path: '/query/', times: 3 }))
    const { code, out } = await run()
    expect(code).toBe(3)
    expect(out).toMatch(/^PROBLEM query +POST .* returned 402/m)
  })

  it('warns about a wrong clock', async () => {
    harness.posthog.faults.add({ headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT' } })
    const { code, out } = await run()
    expect(code).toBe(0)
    expect(out).toMatch(
      /^warning clock +This machine is \d+ s ahead of the server\.\n +Fix: Synchronize the clock/m,
    )
  })

  it('rejects an invalid --operation', async () => {
    const { code, err } = await run(['--operation', 'cohorts'])
    expect(code).toBe(2)
    expect(err).toContain('got "cohorts"')
  })
})

describe('doctor with a restricted key', () => {
  const key = 'phx_restricted00000000000000000000000000000000000'
  const keys: readonly LocalKey[] = [{ value: key, kind: 'personal', scopes: ['query:read'] }]

  it('reports each missing scope and what needs it', async () => {
    await using local = await startLocalPostHog({ events: 0, throttle: false, keys })
    const { url } = await local.listen()
    const env = { POSTHOG_HOST: url, POSTHOG_PERSONAL_API_KEY: key }
    const { code, out } = await run(
      [
        '--operation',
        'POST /api/projects/{project_id}/cohorts/',
        '--operation',
        'GET /api/projects/{project_id}/query/{id}/',
      ],
      env,
    )
    expect(code).toBe(3)
    expect(out).toContain('The key lacks endpoint:read, which endpoints need.')
    expect(out).toContain(
      'The key lacks cohort:write, which calls of POST /api/projects/{project_id}/cohorts/ need.',
    )
    expect(out).not.toContain('lacks query:read')
  })

  it('explains the limits of a project secret key', async () => {
    const { code, out } = await run([], {
      POSTHOG_PERSONAL_API_KEY: '',
      POSTHOG_PROJECT_SECRET_API_KEY: harness.posthog.projectSecretKey,
    })
    expect(code).toBe(0)
    expect(out).toMatch(/^warning key +Project secret API key.* It can only run endpoints/m)
    expect(out).not.toMatch(/^\S+ +(?:scopes|query)/m)
  })
})
