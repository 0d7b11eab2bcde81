import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CliResult } from '../../unit/cli/capture-cli.ts'
import { type CliHarness, hogql, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
/** The folder of the configuration file, and one below it. */
let root: string
let nested: string

beforeAll(async () => {
  harness = await startCliHarness()
  await harness.api('POST', 'endpoints/', { name: 'top-pages', query: hogql('select 1 as one') })
  await harness.api('POST', 'endpoints/', { name: 'other', query: hogql('select 2 as two') })
})
afterAll(() => harness[Symbol.asyncDispose]())
beforeEach(async () => {
  root = join(harness.folder, 'app')
  nested = join(root, 'src')
  await rm(root, { recursive: true, force: true })
  await mkdir(nested, { recursive: true })
  await put('package.json', '{}')
})

const put = (name: string, content: string | object): Promise<void> =>
  writeFile(join(root, name), typeof content === 'string' ? content : JSON.stringify(content))

/** Runs the CLI in the nested folder with these variables only. */
const run = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
  harness.run(argv, { cwd: nested, env })

const putEnv = (): Promise<void> =>
  put('.env.local', `POSTHOG_PERSONAL_API_KEY="${harness.posthog.personalApiKey}"\n`)

describe('the configuration file', () => {
  it('sets host and project, and a .env file beside it the key', async () => {
    await put('typehog.config.json', { host: harness.url, projectId: 1 })
    await putEnv()
    const { code, out } = await run(['doctor'])
    expect(code).toBe(0)
    expect(out).toContain(
      'Key from POSTHOG_PERSONAL_API_KEY in ../.env.local, host from ../typehog.config.json, project from ../typehog.config.json.',
    )
    expect(out).toContain('The key has access to project 1')
  })

  it('yields to variables, and variables to options', async () => {
    await put('typehog.config.json', { host: 'http://127.0.0.1:9', projectId: 555 })
    await putEnv()
    const { out } = await run(['doctor', '--project', '1'], {
      POSTHOG_HOST: harness.url,
      POSTHOG_PROJECT_ID: '777',
    })
    expect(out).toContain('host from POSTHOG_HOST, project from --project.')
    expect(out).toContain('The key has access to project 1')
    const environment = await run(['doctor'], { POSTHOG_HOST: harness.url, POSTHOG_PROJECT_ID: '777' })
    expect(environment.out).toContain('no access to project 777')
  })

  it('redacts keys of .env files', async () => {
    await put('typehog.config.json', { host: harness.url, projectId: 1 })
    const key = 'a-key-without-a-known-prefix-0123456789'
    await put('.env', `POSTHOG_PERSONAL_API_KEY=${key}\n`)
    const { code, err, out } = await run(['doctor', '--operation', key])
    expect(code).toBe(2)
    expect(err).toContain('got "[redacted]"')
    expect(`${out}${err}`).not.toContain(key)
  })

  it('sets the options of `endpoints pull`, and options take precedence', async () => {
    await put('typehog.config.json', {
      host: harness.url,
      projectId: 1,
      endpoints: { module: 'generated/endpoints.ts', names: ['top-pages'] },
    })
    await putEnv()
    const configured = JSON.parse((await run(['endpoints', 'pull', '--json'])).out)
    expect(configured).toMatchObject({
      module: '../generated/endpoints.ts',
      lock: '../generated/endpoints.lock.json',
      added: [{ name: 'top-pages' }],
    })
    expect((await run(['endpoints', 'check'])).out).toContain(
      '1 endpoint in ../generated/endpoints.lock.json',
    )
    const given = JSON.parse((await run(['endpoints', 'pull', 'other', '--out', 'own.ts', '--json'])).out)
    expect(given).toMatchObject({ module: 'own.ts', added: [{ name: 'other' }] })
    const elsewhere = await run(['endpoints', 'check', '--out', 'own.ts'])
    expect(elsewhere).toMatchObject({ code: 0, out: expect.stringContaining('own.lock.json') })
  })

  it('is the one of --config', async () => {
    await put('typehog.config.json', '{ broken')
    await put('staging.json', { host: harness.url, projectId: 1 })
    await putEnv()
    expect((await run(['endpoints', 'ls', '--config', '../staging.json'])).code).toBe(0)
    expect(await run(['endpoints', 'ls', '--config', 'none.json'])).toEqual({
      code: 2,
      out: '',
      err: 'Error: none.json does not exist.\nFix: Check --config, or run `typehog init`.\n',
    })
  })

  it.each([
    [
      '{ "projectId": 1, // staging\n}',
      /config\.json:1:19: expected JSON, without comments and trailing commas/,
    ],
    ['{\n  "projectId": 1,\n}', /config\.json:3:1: expected JSON/],
    [
      '{ "endpoint": {} }',
      /config\.json is invalid\. \/endpoint: unknown key\.\nFix: Did you mean "endpoints"\?/,
    ],
  ])('is rejected with its place: %j', async (text, message) => {
    await put('typehog.config.json', text)
    await putEnv()
    const { code, err } = await run(['endpoints', 'ls'])
    expect(code).toBe(2)
    expect(err).toMatch(message)
  })
})

describe('the login of posthog-cli', () => {
  /** Writes a login for a host, and returns the variables that lead to it. */
  const login = async (host: string): Promise<{ HOME: string }> => {
    const folder = join(root, 'home', '.posthog')
    await mkdir(folder, { recursive: true })
    const { personalApiKey: token } = harness.posthog
    await writeFile(join(folder, 'credentials.json'), JSON.stringify({ host, token, env_id: '999' }))
    return { HOME: join(root, 'home') }
  }

  it('supplies the key, and the file the project', async () => {
    await put('typehog.config.json', { host: harness.url, projectId: 1 })
    const { out } = await run(['doctor'], await login(harness.url))
    expect(out).toContain('Key from the login of posthog-cli')
    expect(out).toContain('The key has access to project 1')
  })

  it('is in the folder of USERPROFILE on Windows', async () => {
    await put('typehog.config.json', { host: harness.url, projectId: 1 })
    const { HOME } = await login(harness.url)
    const env = { HOME: '/c/Users/other', USERPROFILE: HOME }
    const { out } = await harness.run(['doctor'], { cwd: nested, env, os: 'win32' })
    expect(out).toContain('Key from the login of posthog-cli')
  })

  it('does not go to another host that a file names', async () => {
    await put('typehog.config.json', { host: harness.url, projectId: 1 })
    const { code, err } = await run(['endpoints', 'ls'], await login('https://eu.posthog.com'))
    expect(code).toBe(2)
    expect(err).toContain(
      'The login of posthog-cli is for https://eu.posthog.com, but ../typehog.config.json says',
    )
  })
})

describe('.env files', () => {
  it('are off with --no-env-file and in CI, unless one is named', async () => {
    await put('typehog.config.json', { host: harness.url, projectId: 1 })
    await putEnv()
    expect((await run(['endpoints', 'ls'])).code).toBe(0)
    for (const result of [
      await run(['endpoints', 'ls', '--no-env-file']),
      await run(['endpoints', 'ls'], { CI: 'true' }),
    ]) {
      expect(result).toMatchObject({ code: 2, err: expect.stringContaining('No API key') })
    }
    const named = ['endpoints', 'ls', '--env-file', '../.env.local']
    expect((await run(named, { CI: 'true' })).code).toBe(0)
    expect((await run(['--no-env-file', ...named])).code).toBe(0)
    expect(await run(['endpoints', 'ls', '--env-file', 'none'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--env-file cannot be read/),
    })
  })
})
