import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/errors.ts'
import { faults } from '../../../src/testing.ts'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness()
})
afterAll(() => harness[Symbol.asyncDispose]())

const lastLine = (text: string): unknown => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')

describe('an error with --json', () => {
  it('has the facts of a failed request', async () => {
    const headers = { 'x-request-id': 'request-1' }
    harness.posthog.faults.add({ ...faults.outOfQuota({ path: '/query/', times: 1 }), headers })
    const { code, out, err } = await harness.run(['--json', 'query', 'select 1'])
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(JSON.parse(err)).toEqual({
      error: {
        name: 'QuotaExceededError',
        kind: 'quota_exceeded',
        message: expect.stringMatching(/^POST .* returned 402/),
        fix: expect.stringMatching(/\.$/),
        status: 402,
        code: expect.any(String),
        requestId: 'request-1',
        operation: 'POST /api/projects/{project_id}/query/',
        exitCode: 3,
      },
    })
  })

  it.each([
    [
      ['--json', 'query', '--xyzzy'],
      { message: "Unknown option '--xyzzy'.", fix: 'Run `typehog --help` for usage.' },
    ],
    [
      ['query', '--json', '--formt', 'csv'],
      { message: "Unknown option '--formt'.", fix: 'Did you mean --format?' },
    ],
    [['--json', 'endpoints', 'get'], { message: "Missing required argument 'name'." }],
    [['--json', 'endpoints'], { message: 'Expected a command, got none.' }],
    [['--json', 'query', ''], { message: 'Expected a query, got none.' }],
    [
      ['--json', 'dev', '--port', 'x'],
      { message: "Option '--port <number>' argument 'x' is invalid. Expected an integer from 0 to 65535." },
    ],
  ])('is JSON for the command line %j', async (argv, expected) => {
    const { code, out, err } = await harness.run(argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(JSON.parse(err)).toEqual({
      error: { fix: expect.any(String), ...expected, name: 'UsageError', kind: 'usage', exitCode: 2 },
    })
  })

  it('is JSON after Ctrl-C', async () => {
    const interruption = new AbortController()
    interruption.abort(new InterruptedError())
    const { code, err } = await harness.run(['query', 'select 1', '--json'], { signal: interruption.signal })
    expect(code).toBe(130)
    expect(JSON.parse(err)).toEqual({
      error: {
        name: 'InterruptedError',
        kind: 'interrupted',
        message: 'Interrupted.',
        fix: null,
        exitCode: 130,
      },
    })
  })

  it('is the last line of stderr, after warnings and stacks', async () => {
    const { err } = await harness.run(['--json', '--debug', 'query', 'select nothing from events'])
    expect(err.split('\n').length).toBeGreaterThan(3)
    expect(lastLine(err)).toMatchObject({ error: { kind: 'query', exitCode: 3 } })
  })

  it('has no secret and no control character', async () => {
    const key = harness.posthog.personalApiKey
    const { err } = await harness.run(['--json', 'query', `select 1 from \u001b[2J\u2028${key}`])
    expect(err).not.toContain(key)
    expect(err).not.toContain('\u001b')
    expect(err).not.toContain('\u2028')
    expect(lastLine(err)).toMatchObject({ error: { status: 400 } })
  })
})
