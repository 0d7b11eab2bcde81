import { describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/errors.ts'
import { version } from '../../../src/client/version.ts'
import { captureCli } from './capture-cli.ts'

const env = { POSTHOG_PERSONAL_API_KEY: 'phx_test', POSTHOG_PROJECT_ID: '1' }

describe('help and version', () => {
  it('documents the exit codes and the variables for keys', async () => {
    const { code, out, err } = await captureCli(['--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    for (const text of ['endpoints', 'schema', 'dev', 'POSTHOG_PERSONAL_API_KEY', 'No option takes a key']) {
      expect(out).toContain(text)
    }
    for (const exit of ['0', '1', '2', '3', '130']) expect(out).toMatch(new RegExp(`^ {2}${exit} +\\w`, 'm'))
  })

  it('has no option for a key', async () => {
    const { out } = await captureCli(['endpoints', 'pull', '--help'])
    expect(`${out}${(await captureCli(['--help'])).out}`).not.toMatch(/--\S*key/i)
  })

  it('prints the version of the package', async () => {
    expect(await captureCli(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  })

  it('prints help for a group without a command and exits with 2', async () => {
    const { code, err } = await captureCli(['endpoints'])
    expect(code).toBe(2)
    expect(err).toContain('pull')
  })
})

describe('an invalid command line exits with 2', () => {
  it.each([
    [['endpoint'], /Did you mean endpoints\?/],
    [['endpoints', 'pul'], /Did you mean pull\?/],
    [['endpoints', 'pull', '--ou', 'x.ts'], /Did you mean --out\?/],
    [['endpoints', 'pull', '--concurrency', '0'], /an integer from 1 to 20/],
    [['endpoints', 'pull', '--concurrency', '1.5'], /an integer/],
    [['endpoints', 'pull', '--out', 'module.js'], /TypeScript file, got/],
    [['endpoints', 'pull', '--out', 'types.d.ts'], /TypeScript file, got/],
    [['endpoints', 'pull', '--out', 'a.ts', '--lock', './a.ts'], /same file/],
    [['endpoints', 'check', 'name'], /too many arguments/],
    [['endpoints', 'run'], /Expected the name of an endpoint/],
    [['endpoints', 'run', 'x', '--limit', '0'], /an integer of at least 1/],
    [['endpoints', 'run', 'x', '--offset', '-1'], /an integer of at least 0/],
    [['endpoints', 'run', 'x', '--offset', '5'], /--offset requires --limit/],
    [['endpoints', 'run', 'x', '--refresh', 'blocking'], /Allowed choices are cache, force, direct/],
    [['endpoints', 'run', 'x', '--format', 'xml'], /Allowed choices are table, json, ndjson, csv/],
    [['endpoints', 'run', 'x', '--var-json', 'a=DE'], /to be JSON/],
    [['schema', 'diff', 'one'], /missing required argument/],
    [['dev', '--port', '70000'], /from 0 to 65535/],
    [['dev', '--projects', '2,x'], /an integer of at least 1/],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await captureCli(argv, { env })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
  })
})

describe('an invalid configuration exits with 2', () => {
  it.each([
    [{}, [], /No API key/],
    [{ POSTHOG_PERSONAL_API_KEY: 'phx_test' }, [], /needs a project/],
    [{ ...env, POSTHOG_PERSONAL_API_KEY: 'phc_public' }, [], /POSTHOG_PERSONAL_API_KEY.*project token/],
    [{ ...env, POSTHOG_PROJECT_ID: 'my project' }, [], /not a valid project id/],
    [env, ['--project', '0'], /not a valid project id/],
    [env, ['--host', 'ftp://posthog'], /http/i],
    [{ ...env, POSTHOG_PERSONAL_API_KEY: 'phs_secret' }, [], /project secret API key/],
  ])('%j %j', async (environment, options, message) => {
    const { code, out, err } = await captureCli(['endpoints', 'ls', ...options], { env: environment })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
    expect(err).toContain('Fix: ')
    expect(err).not.toMatch(/phs_secret|phc_public|\n {4}at /)
  })

  it('rejects @current for files to commit', async () => {
    const { code, err } = await captureCli(['endpoints', 'pull', '--project', '@current'], { env })
    expect(code).toBe(2)
    expect(err).toContain('POSTHOG_PROJECT_ID')
  })
})

describe('interruption', () => {
  it('exits with 130 and prints no stack', async () => {
    const signal = AbortSignal.abort(new InterruptedError())
    expect(await captureCli(['endpoints', 'ls'], { env, signal })).toEqual({
      code: 130,
      out: '',
      err: 'Interrupted.\n',
    })
  })
})

describe('colors', () => {
  const isTTY = { stdout: true, stderr: true }

  it('appear on a terminal only', async () => {
    expect((await captureCli(['endpoints', 'ls'], { isTTY })).err).toContain('\u001b[31mError:')
    expect((await captureCli(['endpoints', 'ls'])).err).not.toContain('\u001b')
  })

  it.each([
    [['--no-color'], {}],
    [[], { NO_COLOR: '1' }],
    [[], { TERM: 'dumb' }],
  ])('are disabled by %j %j', async (options, environment) => {
    const { err } = await captureCli(['endpoints', 'ls', ...options], { isTTY, env: environment })
    expect(err).toContain('Error:')
    expect(err).not.toContain('\u001b')
  })
})

describe('--debug', () => {
  it('prints the stack of an error', async () => {
    expect((await captureCli(['endpoints', 'ls', '--debug'])).err).toMatch(/\n {4}at /)
  })
})
