import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness()
})
afterAll(() => harness[Symbol.asyncDispose]())

const run = (...argv: string[]): ReturnType<CliHarness['run']> =>
  harness.run(['doctor', '--conformance', ...argv])

describe('doctor --conformance', () => {
  it('prints a table of results and exits with 0 when all hold', async () => {
    const { code, out } = await run('--only', 'queries.rows', '--only', 'lists.cohorts-delete')
    expect(out).toMatch(/^typehog \S+ against self-hosted PostHog, \S+, read-only\.$/m)
    expect(out).toMatch(
      /^not tried {2}lists\.cohorts-delete +DELETE of cohorts is 405 .* It writes\. Allow it with --write\.$/m,
    )
    expect(out).toMatch(/^held {7}queries\.rows +Rows are arrays/m)
    expect(out).toMatch(/^1 held, 0 differ, 1 not tried\.$/m)
    expect(out).not.toContain(harness.url)
    expect(code).toBe(0)
  })

  it('exits with 1 when PostHog differs, with the differences first', async () => {
    harness.posthog.faults.add({ path: '/groups_types/', status: 200, body: '{"results": []}', times: 1 })
    const { code, out } = await run('--only', 'queries.rows', '--only', 'lists.group-types')
    expect(out.split('\n').slice(4, 6)).toEqual([
      expect.stringMatching(/^differs +lists\.group-types .* an object$/),
      expect.stringMatching(/^held +queries\.rows/),
    ])
    expect(code).toBe(1)
  })

  it('writes in a project that is named twice', async () => {
    const { code, out } = await run(
      '--project',
      '1',
      '--write',
      '1',
      '--only',
      'lists.cohorts-delete',
      '--json',
    )
    expect(JSON.parse(out)).toMatchObject({
      server: 'self-hosted PostHog',
      write: true,
      counts: { held: 1, differs: 0, notTried: 0 },
      results: [{ id: 'lists.cohorts-delete', mode: 'write', result: 'held', seen: 'status 405, no body' }],
    })
    expect(code).toBe(0)
  })

  it.each([
    [['--write', '1'], 'got no --project and 1'],
    [['--project', '1', '--write', '2'], 'got 1 and 2'],
    [['--project', '@current', '--write', '@current'], 'got @current and @current'],
    [['--only', 'querys'], 'got "querys"'],
  ])('rejects %j', async (argv, message) => {
    const { code, err } = await run(...argv)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it('rejects its options without --conformance', async () => {
    const { code, err } = await harness.run(['doctor', '--write', '1'])
    expect(code).toBe(2)
    expect(err).toContain('Add --conformance.')
  })
})
