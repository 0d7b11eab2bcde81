import { chmod, mkdir, mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CliResult } from '../../unit/cli/capture-cli.ts'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
/** The home folder, and a folder with a configuration file. */
let home: string
let app: string

beforeAll(async () => {
  harness = await startCliHarness()
})
afterAll(() => harness[Symbol.asyncDispose]())
beforeEach(async () => {
  home = await mkdtemp(join(harness.folder, 'home-'))
  app = join(home, 'app')
  await mkdir(app)
  await writeFile(join(app, 'package.json'), '{}')
})

const run = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
  harness.run(argv, { cwd: app, env: { HOME: home, ...env } })
const folder = (): string => join(home, '.config', 'typehog')
const pathOf = (name: string): string => join(folder(), `${name}.json`)
const putConfig = (config: object): Promise<void> =>
  writeFile(join(app, 'typehog.config.json'), JSON.stringify(config))

/** Writes a profile, as `login` does. */
async function put(name: string, profile: object = {}): Promise<void> {
  await mkdir(folder(), { recursive: true, mode: 0o700 })
  const key = harness.posthog.personalApiKey
  const text = JSON.stringify({ host: harness.url, projectId: '1', key, ...profile })
  await writeFile(pathOf(name), text, { mode: 0o600 })
}
const putDefault = (name: string): Promise<void> =>
  writeFile(join(folder(), 'default-profile'), `${name}\n`, { mode: 0o600 })

/** The line of `doctor` that says where the settings come from. */
async function sources(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { out } = await run(['doctor', ...argv], env)
  return /^ok +sources (.*)$/m.exec(out)?.[1] ?? out
}

describe('a profile', () => {
  it('sets key, host and project when it is the default', async () => {
    await put('work')
    await putDefault('work')
    expect(await sources([])).toBe(
      'Key from the profile "work", host from the profile "work", project from the profile "work".',
    )
  })

  it('yields to the key of the environment, and then has no say, unless it is named', async () => {
    await put('work', { projectId: '5' })
    await putDefault('work')
    const { env } = harness
    const fromEnvironment =
      'Key from POSTHOG_PERSONAL_API_KEY, host from POSTHOG_HOST, project from POSTHOG_PROJECT_ID.'
    expect(await sources([], env)).toBe(fromEnvironment)
    const fromProfile =
      'Key from the profile "work", host from the profile "work", project from the profile "work".'
    expect(await sources(['--profile', 'work'], env)).toBe(fromProfile)
    expect(await sources([], { ...env, TYPEHOG_PROFILE: 'work' })).toBe(fromProfile)
  })

  it('yields to --project, and as the default also to the configuration file', async () => {
    await put('work', { projectId: '5' })
    await putDefault('work')
    await putConfig({ host: harness.url, projectId: 1 })
    expect(await sources([])).toContain('project from typehog.config.json')
    expect(await sources(['--profile', 'work'])).toContain('project from the profile "work"')
    expect(await sources(['--profile', 'work', '--project', '1'])).toContain('project from --project')
  })

  it('takes precedence over the login of posthog-cli', async () => {
    await put('work')
    await putDefault('work')
    await mkdir(join(home, '.posthog'))
    const login = { host: 'https://eu.posthog.com', token: 'phx_other00000000', env_id: '7' }
    await writeFile(join(home, '.posthog', 'credentials.json'), JSON.stringify(login))
    expect(await sources([])).toContain('Key from the profile "work"')
  })

  it('cannot be chosen by a file of the repository', async () => {
    await put('work')
    await writeFile(join(app, '.env'), 'TYPEHOG_PROFILE=work\nHOME=/nonexistent\n')
    expect(await sources([])).toContain('No API key')
  })

  it('is in XDG_CONFIG_HOME if that is absolute', async () => {
    await put('work')
    const env = { HOME: '/nonexistent', XDG_CONFIG_HOME: join(home, '.config') }
    expect(await sources(['--profile', 'work'], env)).toContain('Key from the profile "work"')
    const { err, code } = await run(['profiles', 'use', 'work'], { HOME: '', XDG_CONFIG_HOME: '.config' })
    expect({ code, err }).toEqual({
      code: 2,
      err: 'Error: There is no folder for profiles: HOME is not set.\nFix: Set HOME, or use the variable POSTHOG_PERSONAL_API_KEY instead of a profile.\n',
    })
  })

  it('that does not exist is an error with the nearest name', async () => {
    await put('staging')
    const { code, err } = await run(['endpoints', 'ls', '--profile', 'stagin'])
    expect({ code, err }).toEqual({
      code: 2,
      err: 'Error: There is no profile "stagin".\nFix: Did you mean "staging"? Run `typehog login --profile stagin` to create it.\n',
    })
  })

  it.each(['../work', 'a/b', 'Work', '', 'nul', '.', 'a'.repeat(65)])('cannot be named %j', async (name) => {
    const { code, err } = await run(['endpoints', 'ls', '--profile', name])
    expect(code).toBe(2)
    expect(err).toContain('Expected --profile to be the name of a profile')
  })
})

describe('the key of a profile', () => {
  const other = 'http://127.0.0.1:9'

  it.each([
    ['--host', ['--host', other], {}, {}, /--host says http:\/\/127\.0\.0\.1:9/],
    ['POSTHOG_HOST', [], { POSTHOG_HOST: other }, {}, /POSTHOG_HOST says/],
    ['the configuration file', [], {}, { host: other }, /typehog\.config\.json says/],
    ['the configuration file', ['--profile', 'work'], {}, { host: other }, /typehog\.config\.json says/],
  ])('does not go to another host of %s (%j)', async (_, argv, env, config, message) => {
    await put('work')
    await putDefault('work')
    await putConfig({ projectId: 1, ...config })
    const { code, err } = await run(['endpoints', 'ls', ...argv], env)
    expect(code).toBe(2)
    expect(err).toMatch(message)
    expect(err).toMatch(/^Error: The profile "work" is for http/)
  })

  it('goes to its host in spite of the configuration file if --host names it', async () => {
    await put('work')
    await putConfig({ host: other, projectId: 1 })
    const { code } = await run(['endpoints', 'ls', '--profile', 'work', '--host', harness.url])
    expect(code).toBe(0)
  })

  it('is redacted from output', async () => {
    const key = 'a-key-without-a-known-prefix-0123456789'
    await put('work', { key })
    const { err } = await run(['endpoints', 'ls', '--profile', 'work', '--host', `http://${key}`])
    expect(err).toContain('but --host says http://[redacted].')
  })

  it.each([
    [
      'its file',
      () => chmod(pathOf('work'), 0o644),
      /Other users can access .*work\.json \(mode 644\).*\nFix: Run `chmod 600 /,
    ],
    [
      'its folder',
      () => chmod(folder(), 0o777),
      /Other users can change .*typehog \(mode 777\).*\nFix: Run `chmod 700 /,
    ],
  ])('is refused while other users have rights on %s', async (_, loosen, message) => {
    await put('work')
    await loosen()
    const { code, err } = await run(['endpoints', 'ls', '--profile', 'work'])
    expect(code).toBe(2)
    expect(err).toMatch(message)
  })

  it.each([
    ['{ broken', 'has no "key"'],
    ['[]', 'has no "key"'],
    ['{"key":"phx_abcdefgh"}', 'has no "host" with a URL'],
    ['{"key":"phx_abcdefgh","host":"http://u:p@h"}', 'has no "host" with a URL'],
    ['{"key":"phx_abcdefgh","host":"h.example","projectId":"x"}', 'has an invalid "projectId"'],
    ['{"key":"pha_abcdefgh","host":"h.example","oauth":{}}', 'has an "oauth" without "clientId"'],
  ])('is not read from an invalid file: %s', async (text, problem) => {
    await put('work')
    await writeFile(pathOf('work'), text)
    const { code, err } = await run(['endpoints', 'ls', '--profile', 'work'])
    expect(code).toBe(2)
    expect(err).toContain(`of the profile "work" ${problem}.\nFix: Run \`typehog login --profile work\``)
    expect(err).not.toContain('abcdefgh')
  })
})

describe('profiles', () => {
  it('ls shows hosts and kinds of keys, and no key', async () => {
    await put('eu', { host: 'https://eu.posthog.com', key: 'pha_0123456789', oauth: { clientId: 'c' } })
    await put('work')
    await putDefault('work')
    const { code, out } = await run(['profiles', 'ls'])
    expect(code).toBe(0)
    expect(out.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['profile', 'host', 'project', 'key'],
      expect.any(Array),
      ['eu', 'https://eu.posthog.com', '1', 'OAuth, not renewed'],
      ['work (default)', harness.url, '1', 'personal API key'],
      [''],
    ])
    const json = JSON.parse((await run(['profiles', 'ls', '--json'])).out)
    expect(json[1]).toEqual({
      name: 'work',
      default: true,
      host: harness.url,
      projectId: '1',
      key: 'personal API key',
    })
  })

  it('ls lists files that it cannot read, with the reason', async () => {
    await put('work')
    await chmod(pathOf('work'), 0o640)
    const { code, out, err } = await run(['profiles', 'ls'])
    expect(code).toBe(0)
    expect(out).toMatch(/^work +- +- +cannot be read$/m)
    expect(err).toContain('chmod 600')
  })

  it('use chooses the default', async () => {
    await put('a')
    await put('b')
    expect((await run(['profiles', 'use', 'b'])).out).toBe('The default profile is "b".\n')
    expect(await sources([])).toContain('Key from the profile "b"')
    expect((await stat(join(folder(), 'default-profile'))).mode & 0o777).toBe(0o600)
    expect(await run(['profiles', 'use', 'c'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no profile "c".'),
    })
  })

  it('rm removes the profile, and says that a key still works', async () => {
    await put('work')
    await putDefault('work')
    const { code, out, err } = await run(['profiles', 'rm', 'work'])
    expect({ code, out }).toEqual({ code: 0, out: 'Removed the profile "work".\n' })
    expect(err).toContain(`Delete it at ${harness.url}/settings/user-api-keys`)
    expect(await readdir(folder())).toEqual([])
    expect((await run(['profiles', 'rm', 'work'])).code).toBe(2)
  })

  it('rm removes a file that it cannot read', async () => {
    await put('work')
    await writeFile(pathOf('work'), '{ broken')
    expect((await run(['profiles', 'rm', 'work'])).code).toBe(0)
    expect(await readdir(folder())).toEqual([])
  })

  it('ls says how to create the first one', async () => {
    expect(await run(['profiles', 'ls'])).toEqual({
      code: 0,
      out: '',
      err: 'There are no profiles: `typehog login` creates one.\n',
    })
  })

  it('login replaces a file that others can read, and the target of a link stays', async () => {
    await mkdir(folder(), { recursive: true, mode: 0o755 })
    const target = join(home, 'elsewhere.json')
    await writeFile(target, 'untouched', { mode: 0o644 })
    await symlink(target, pathOf('default'))
    const { code } = await harness.run(['login', '--with-key', '--host', harness.url], {
      cwd: app,
      env: { HOME: home },
      stdin: async () => harness.posthog.personalApiKey,
    })
    expect(code).toBe(0)
    expect(await readFile(target, 'utf8')).toBe('untouched')
    expect((await stat(pathOf('default'))).mode & 0o777).toBe(0o600)
    expect((await stat(folder())).mode & 0o777).toBe(0o700)
    expect((await readdir(folder())).sort()).toEqual(['default-profile', 'default.json'])
  })
})
