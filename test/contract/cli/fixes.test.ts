import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliHarness, startCliHarness } from './cli-harness.ts'
import { type FakePostHog, fakeEndpoint, startFakePostHog } from './fake-posthog.ts'

let harness: CliHarness
let fake: FakePostHog
beforeAll(async () => {
  harness = await startCliHarness()
  fake = await startFakePostHog()
})
afterAll(async () => {
  await harness[Symbol.asyncDispose]()
  await fake[Symbol.asyncDispose]()
})

/** The line that says what to do. */
const fixOf = (err: string): string | undefined => /^Fix: (.*)$/m.exec(err)?.[1]

describe('a fix of query', () => {
  it.each([
    [['select 1 as n limit 5', '--order-by', 'n'], 'Remove the LIMIT, or omit `--order-by`.'],
    [
      ['select number from numbers(500)', '--output', 'cut.ndjson'],
      'Add a LIMIT, or read all rows with `--order-by`.',
    ],
    [
      ['select 1 as n', '--output', 'x.ndjson', '--verify-count'],
      'Name columns that identify a row, such as timestamp and uuid.',
    ],
    [
      ['select 1 as n', '--order-by', 'm', '--output', 'x.ndjson'],
      'Order by columns that the query selects.',
    ],
  ])('names flags of query for %j', async (argv, fix) => {
    const { err } = await harness.run(['query', ...argv])
    expect(fixOf(err)).toBe(fix)
  })

  it('offers --overwrite for a file that exists', async () => {
    const argv = ['query', 'select 1 as n', '--output', 'twice.ndjson']
    await harness.run(argv)
    const { err } = await harness.run(argv)
    expect(fixOf(err)).toBe('Pass another `--output`, or add `--overwrite` to replace the file.')
  })

  it.each([
    [
      { POSTHOG_HOST: 'ftp://x' },
      [],
      'POSTHOG_HOST is invalid; expected an http(s) URL without user name, query and fragment.',
    ],
    [
      {},
      ['--host', 'ftp://x'],
      '--host is invalid; expected an http(s) URL without user name, query and fragment.',
    ],
    [
      { POSTHOG_PROJECT_ID: 'main' },
      [],
      'POSTHOG_PROJECT_ID is not a valid project id; expected a positive integer.',
    ],
  ])('names the source of an invalid setting: %j %j', async (env, flags, message) => {
    const { code, err } = await harness.run([...flags, 'query', 'select 1'], {
      env: { ...harness.env, ...env },
    })
    expect(code).toBe(2)
    expect(err).toContain(`Error: ${message}\n`)
  })

  it('names variables in place of the option for the key', async () => {
    const { err } = await harness.run(['query', 'select 1'], { env: {} })
    expect(err).toContain(
      'Error: No API key; expected a profile, or a private key in one of POSTHOG_PERSONAL_API_KEY, ',
    )
  })
})

describe('a fix of endpoints run', () => {
  const rejects = (status: number, body: object): void => {
    fake.endpoints = [fakeEndpoint('plans')]
    fake.routes = { '/run/': { status, body } }
  }

  it.each([
    [{ detail: "Variable 'plan' is required", attr: 'variables' }, 'Pass `--var plan=…`.'],
    [
      { detail: 'Unknown variable: x', attr: 'variables' },
      'Pass variables of this version with `--var`; `typehog endpoints get` prints them.',
    ],
    [
      { detail: 'limit is not supported', attr: 'limit' },
      'Omit `--limit` and `--offset`: endpoints of insights accept neither.',
    ],
    [
      { detail: 'direct is not supported', attr: null },
      'Omit `--refresh direct`: only materialized endpoints accept it.',
    ],
  ])('names its flags after %j', async (fields, fix) => {
    rejects(400, { type: 'validation_error', code: 'invalid_input', ...fields })
    expect(fixOf((await fake.run(['endpoints', 'run', 'plans'])).err)).toBe(fix)
  })

  it('names the current version after an unknown one', async () => {
    rejects(404, {
      type: 'invalid_request',
      code: 'not_found',
      detail: 'No version 9.',
      extra: { current_version: 3 },
    })
    const { err } = await fake.run(['endpoints', 'run', 'plans', '--ver', '9'])
    expect(fixOf(err)).toBe('Pass `--ver 3`, or omit `--ver` for the latest version.')
  })

  it('does not offer flags of query for a query of a file', async () => {
    await writeFile(join(harness.folder, 'cap.sql'), 'select number from numbers(60000) limit 60000')
    const { err } = await harness.run(['endpoints', 'run', '--file', 'cap.sql', '--format', 'ndjson'])
    expect(err).toBe(
      '50000 rows, INCOMPLETE: PostHog never returns more than 50000 rows (narrow the query)\n',
    )
  })
})

describe('a fix of pull', () => {
  it('says which command has the flags of an area', async () => {
    fake.endpoints = []
    await fake.put('typehog.config.json', '{"endpoints":{"module":"own.ts"}}')
    await fake.put('own.ts', 'export const mine = 1\n')
    const { code, out } = await fake.run(['pull'])
    expect(code).toBe(2)
    expect(fixOf(out)).toBe(
      'Pass another --out, or --force to replace the file. Flags of `typehog endpoints pull`.',
    )
  })
})
