import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliHarness, hogql, startCliHarness } from './cli-harness.ts'

const bare = 'phx_bare0000000000000000000000000000000000000000'
let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness([{ value: bare, kind: 'personal', scopes: ['query:read'] }])
  for (const name of ['one', 'two', 'three']) {
    await harness.api('POST', 'endpoints/', { name, query: hogql('select 1 as one') })
  }
  executionId = JSON.parse((await harness.run(['endpoints', 'run', 'two', '--json'])).out).executionId
  // PostHog logs a rejected run under an id that the caller never sees.
  await harness.run(['endpoints', 'run', 'two', '--refresh', 'direct'])
})
afterAll(() => harness[Symbol.asyncDispose]())

let executionId = ''
const logs = (...argv: string[]): ReturnType<CliHarness['run']> => harness.run(['logs', ...argv])
const unknownId = '018d2a6e-0000-7000-8000-000000000002'
const time = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`

describe('logs of a run', () => {
  it('prints its lines and finds the endpoint, the latest run first', async () => {
    const before = harness.posthog.requests.length
    const { code, out, err } = await logs(executionId)
    expect(code).toBe(0)
    expect(out).toMatch(new RegExp(`^${time} {2}INFO {3}Endpoint executed · path=inline .*version=1\\n$`))
    expect(err).toBe('Run of endpoint "two".\n')
    const searched = harness.posthog.requests.slice(before).filter(({ path }) => path.includes('/logs/'))
    expect(searched[0]?.path).toContain('/endpoints/two/logs/')
  })

  it('sends one request with --endpoint', async () => {
    const before = harness.posthog.requests.length
    const { code, out, err } = await logs(executionId, '--endpoint', 'two', '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const message = expect.stringContaining('Endpoint executed')
    expect(JSON.parse(out)).toEqual({
      endpoint: 'two',
      lines: [{ timestamp: expect.any(String), level: 'INFO', message, executionId }],
    })
    expect(harness.posthog.requests.length).toBe(before + 1)
  })

  it('prints nothing if the run has no line of --level', async () => {
    const { code, out, err } = await logs(executionId, '--level', 'error')
    expect({ code, out }).toEqual({ code: 0, out: '' })
    expect(err).toBe('Endpoint "two" has no such log lines.\n')
    expect((await logs(executionId, '--level', 'error,info')).out).toContain('INFO')
  })
})

describe('logs of an endpoint', () => {
  it('prints the lines of all runs with their execution ids, the newest last', async () => {
    const { code, out } = await logs('--endpoint', 'two')
    expect(code).toBe(0)
    const [first, second] = out.split('\n')
    expect(first).toContain(`  INFO   ${executionId}  Endpoint executed`)
    expect(second).toMatch(/ {2}ERROR {2}[\da-f-]{36} {2}Endpoint execution failed · invalid request/)
  })

  it('filters by --level, and limits to the newest lines', async () => {
    expect((await logs('--endpoint', 'two', '--level', 'info')).out).not.toContain('ERROR')
    const newest = await logs('--endpoint', 'two', '--limit', '1')
    expect(newest.out).toMatch(/^.* {2}ERROR {2}.*\n$/)
    expect((await logs('--endpoint', 'one')).err).toBe('Endpoint "one" has no such log lines.\n')
  })
})

describe('logs', () => {
  it.each([
    [[], 2, /Expected an execution id or --endpoint/],
    [['two'], 2, /which is a UUID, got "two"/],
    [[unknownId], 2, /no log lines of the execution .* in the log of any endpoint/],
    [[unknownId, '--endpoint', 'two'], 2, /Endpoint "two" has no log lines of the execution/],
    [['--endpoint', 'thre'], 2, /Did you mean "three"\?/],
    [['--endpoint', ''], 2, /--endpoint is empty/],
    [['--endpoint', 'two', '--level', ','], 2, /Expected levels/],
    [['--endpoint', 'two', '--limit', '501'], 2, /from 1 to 500/],
  ])('%j exits with %i', async (argv, expected, message) => {
    const { code, out, err } = await logs(...argv)
    expect({ code, out }).toEqual({ code: expected, out: '' })
    expect(err).toMatch(message)
  })

  it.each([
    ['an unknown key', { POSTHOG_PERSONAL_API_KEY: 'phx_nobody' }, 3, /Check that the key still exists/],
    ['a key without endpoint:read', { POSTHOG_PERSONAL_API_KEY: bare }, 3, /endpoint:read/],
    [
      'a project secret key',
      { POSTHOG_PERSONAL_API_KEY: '', POSTHOG_PROJECT_SECRET_API_KEY: 'phs_secret' },
      2,
      /with the scope endpoint:read/,
    ],
  ])('rejects %s', async (_, env, expected, message) => {
    for (const argv of [[executionId], ['--endpoint', 'two']]) {
      const { code, out, err } = await harness.run(['logs', ...argv], { env: { ...harness.env, ...env } })
      expect({ code, out }).toEqual({ code: expected, out: '' })
      expect(err).toMatch(message)
    }
  })
})
