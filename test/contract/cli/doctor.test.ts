import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { faults, type LocalKey, startLocalPostHog } from '../../../src/testing.ts'
import { startWorkbench, type Workbench } from './workbench.ts'

let bench: Workbench
beforeAll(async () => {
  bench = await startWorkbench()
})
beforeEach(() => bench.posthog.faults.clear())
afterAll(() => bench[Symbol.asyncDispose]())

const run = (
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): ReturnType<Workbench['run']> => bench.run(['doctor', ...argv], { env: { ...bench.env, ...env } })

describe('doctor', () => {
  it('finds nothing wrong with a setup that works', async () => {
    const { code, out, err } = await run()
    expect(code).toBe(0)
    expect(out.split('\n').map((line) => line.slice(0, 16).trim().split(/ +/))).toEqual([
      ['ok', 'host'],
      ['ok', 'key'],
      ['ok', 'scopes'],
      ['ok', 'project'],
      ['ok', 'query'],
      ['ok', 'clock'],
      ['ok', 'limits'],
      [''],
    ])
    expect(out).toContain(`${bench.url}, a PostHog of your own.`)
    expect(out).toMatch(/queries: .* 3 at once for the project/)
    expect(out).not.toContain(bench.posthog.personalApiKey)
    expect(err).toBe('Nothing is wrong.\n')
  })

  it('prints its findings as JSON', async () => {
    const { out } = await bench.run(['--json', 'doctor'])
    expect(JSON.parse(out)).toContainEqual({
      check: 'clock',
      state: 'ok',
      message: 'within a minute of the server.',
    })
  })

  it.each([
    ['no key', { POSTHOG_PERSONAL_API_KEY: '' }, 'setup', /POSTHOG_PERSONAL_API_KEY/],
    ['a project token', { POSTHOG_PERSONAL_API_KEY: 'phc_abc' }, 'setup', /Fix: /],
    [
      'a key that nobody knows',
      { POSTHOG_PERSONAL_API_KEY: 'phx_nobody' },
      'key',
      /Check that the key still exists/,
    ],
    ['a host where nobody listens', { POSTHOG_HOST: 'http://127.0.0.1:9' }, 'host', /Check `host`/],
    ['no project', { POSTHOG_PROJECT_ID: '' }, 'setup', /POSTHOG_PROJECT_ID/],
    [
      'another project',
      { POSTHOG_PROJECT_ID: '777' },
      'project',
      /Set POSTHOG_PROJECT_ID to one that it reaches: 1/,
    ],
  ])('says what is wrong with %s, and the fix', async (_, env, check, fix) => {
    const { code, out, err } = await run([], env)
    expect(code).toBe(3)
    expect(out).toMatch(new RegExp(`^PROBLEM ${check}`, 'm'))
    expect(out).toMatch(fix)
    expect(err).toMatch(/^\d problems?\.\n$/)
  })

  it('tells a host that is something else', async () => {
    bench.posthog.faults.add(faults.loginPage({ times: 3 }))
    const { code, out } = await run()
    expect(code).toBe(3)
    expect(out).toMatch(/^PROBLEM host .* in place of JSON/)
  })

  it('says that queries are refused, and why', async () => {
    bench.posthog.faults.add(faults.outOfQuota({ path: '/query/', times: 3 }))
    const { code, out } = await run()
    expect(code).toBe(3)
    expect(out).toMatch(/^PROBLEM query +POST .* was answered by 402/m)
  })

  it('tells a clock that is wrong', async () => {
    bench.posthog.faults.add({ headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT' } })
    const { code, out } = await run()
    expect(code).toBe(0)
    expect(out).toMatch(/^warning clock +This machine is \d+ s ahead of the server\.\n +Fix: Set the clock/m)
  })

  it('refuses what is no operation', async () => {
    const { code, err } = await run(['--operation', 'cohorts'])
    expect(code).toBe(2)
    expect(err).toContain('"cohorts" is no operation')
  })
})

describe('doctor with a key that may little', () => {
  const key = 'phx_little0000000000000000000000000000000000000000'
  const keys: readonly LocalKey[] = [{ value: key, kind: 'personal', scopes: ['query:read'] }]

  it('names each scope that is missing for what is to be done', async () => {
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

  it('tells what a secret key is for', async () => {
    const { code, out } = await run([], {
      POSTHOG_PERSONAL_API_KEY: '',
      POSTHOG_PROJECT_SECRET_API_KEY: bench.posthog.projectSecretKey,
    })
    expect(code).toBe(0)
    expect(out).toMatch(/^warning key +a project secret key .* runs endpoints and does nothing else/m)
    expect(out).not.toMatch(/^\S+ +(?:scopes|query)/m)
  })
})
