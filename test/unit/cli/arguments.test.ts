import { describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/interrupted-error.ts'
import { version } from '../../../src/client/version.ts'
import { run } from './run-cli.ts'

const env = { POSTHOG_PERSONAL_API_KEY: 'phx_test', POSTHOG_PROJECT_ID: '1' }

describe('help and version', () => {
  it('documents exit codes and where keys come from', async () => {
    const { code, out, err } = await run(['--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    for (const text of ['endpoints', 'schema', 'dev', 'POSTHOG_PERSONAL_API_KEY', 'environment only']) {
      expect(out).toContain(text)
    }
    for (const exit of ['0', '1', '2', '3', '130']) expect(out).toMatch(new RegExp(`^ {2}${exit} +\\w`, 'm'))
  })

  it('has no option for a key', async () => {
    const { out } = await run(['endpoints', 'pull', '--help'])
    expect(`${out}${(await run(['--help'])).out}`).not.toMatch(/--\S*key/i)
  })

  it('prints the version of the package', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  })

  it('prints help for a group without a command, as a usage error', async () => {
    const { code, err } = await run(['endpoints'])
    expect(code).toBe(2)
    expect(err).toContain('pull')
  })
})

describe('wrong command lines end with 2', () => {
  it.each([
    [['endpoint'], /Did you mean endpoints\?/],
    [['endpoints', 'pul'], /Did you mean pull\?/],
    [['endpoints', 'pull', '--ou', 'x.ts'], /Did you mean --out\?/],
    [['endpoints', 'pull', '--concurrency', '0'], /whole number from 1 to 20/],
    [['endpoints', 'pull', '--concurrency', '1.5'], /whole number/],
    [['endpoints', 'pull', '--out', 'module.js'], /no TypeScript file/],
    [['endpoints', 'pull', '--out', 'types.d.ts'], /no TypeScript file/],
    [['endpoints', 'pull', '--out', 'a.ts', '--lock', './a.ts'], /same file/],
    [['endpoints', 'check', 'name'], /too many arguments/],
    [['endpoints', 'run'], /missing required argument/],
    [['endpoints', 'run', 'x', '--limit', '0'], /whole number from 1/],
    [['endpoints', 'run', 'x', '--offset', '-1'], /whole number from 0/],
    [['endpoints', 'run', 'x', '--offset', '5'], /--offset needs --limit/],
    [['endpoints', 'run', 'x', '--refresh', 'blocking'], /Allowed choices are cache, force, direct/],
    [['endpoints', 'run', 'x', '--format', 'xml'], /Allowed choices are table, json, ndjson, csv/],
    [['endpoints', 'run', 'x', '--var-json', 'a=DE'], /not JSON/],
    [['schema', 'check', 'one'], /missing required argument/],
    [['dev', '--port', '70000'], /from 0 to 65535/],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await run(argv, { env })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
  })
})

describe('wrong configuration ends with 2', () => {
  it.each([
    [{}, [], /No key/],
    [{ POSTHOG_PERSONAL_API_KEY: 'phx_test' }, [], /needs a project/],
    [{ ...env, POSTHOG_PERSONAL_API_KEY: 'phc_public' }, [], /POSTHOG_PERSONAL_API_KEY.*project token/],
    [{ ...env, POSTHOG_PROJECT_ID: 'my project' }, [], /not the number of a project/],
    [env, ['--project', '0'], /not the number of a project/],
    [env, ['--host', 'ftp://posthog'], /http/i],
    [{ ...env, POSTHOG_PERSONAL_API_KEY: 'phs_secret' }, [], /project secret API key/],
  ])('%j %j', async (environment, options, message) => {
    const { code, out, err } = await run(['endpoints', 'ls', ...options], { env: environment })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
    expect(err).toContain('Fix: ')
    expect(err).not.toMatch(/phs_secret|phc_public|\n {4}at /)
  })

  it('refuses @current for files that are committed', async () => {
    const { code, err } = await run(['endpoints', 'pull', '--project', '@current'], { env })
    expect(code).toBe(2)
    expect(err).toContain('POSTHOG_PROJECT_ID')
  })
})

describe('interruption', () => {
  it('ends with 130 and no stack', async () => {
    const signal = AbortSignal.abort(new InterruptedError())
    expect(await run(['endpoints', 'ls'], { env, signal })).toEqual({
      code: 130,
      out: '',
      err: 'Interrupted.\n',
    })
  })
})

describe('colours', () => {
  const isTTY = { stdout: true, stderr: true }

  it('come on a terminal only', async () => {
    expect((await run(['endpoints', 'ls'], { isTTY })).err).toContain('\u001b[31mError:')
    expect((await run(['endpoints', 'ls'])).err).not.toContain('\u001b')
  })

  it.each([
    [['--no-color'], {}],
    [[], { NO_COLOR: '1' }],
    [[], { TERM: 'dumb' }],
  ])('are off with %j %j', async (options, environment) => {
    const { err } = await run(['endpoints', 'ls', ...options], { isTTY, env: environment })
    expect(err).toContain('Error:')
    expect(err).not.toContain('\u001b')
  })
})

describe('--debug', () => {
  it('adds where the error came from', async () => {
    expect((await run(['endpoints', 'ls', '--debug'])).err).toMatch(/\n {4}at /)
  })
})
