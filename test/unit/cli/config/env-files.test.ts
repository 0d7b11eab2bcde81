import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EnvFileOptions, readEnvironment } from '../../../../src/cli/config/env-files.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'typehog-env-'))
})
afterEach(() => rm(cwd, { recursive: true }))

const put = (name: string, text: string): Promise<void> => writeFile(join(cwd, name), text)

async function read(env: Readonly<Record<string, string>> = {}, options: EnvFileOptions = {}) {
  const environment = await readEnvironment({ env, cwd }, options)
  return { ...environment.env, files: Object.fromEntries(environment.files) }
}

describe('readEnvironment', () => {
  it('reads quotes, comments, `export`, a byte order mark and values of several lines', async () => {
    await put(
      '.env',
      [
        '\ufeff# comment',
        'export POSTHOG_HOST="https://eu.posthog.com" # region',
        "POSTHOG_PERSONAL_API_KEY='phx_a",
        "b'",
        'POSTHOG_PROJECT_ID=12 # staging',
      ].join('\r\n'),
    )
    expect(await read()).toMatchObject({
      POSTHOG_HOST: 'https://eu.posthog.com',
      POSTHOG_PERSONAL_API_KEY: expect.stringMatching(/^phx_a\r?\nb$/),
      POSTHOG_PROJECT_ID: '12',
    })
  })

  it('prefers the process to .env.local, and .env.local to .env', async () => {
    await put('.env', 'POSTHOG_HOST=a\nPOSTHOG_PROJECT_ID=1\nPOSTHOG_PERSONAL_API_KEY=phx_file')
    await put('.env.local', 'POSTHOG_PROJECT_ID=2\nPOSTHOG_HOST=b')
    expect(await read({ POSTHOG_PROJECT_ID: '3', POSTHOG_PERSONAL_API_KEY: '' })).toEqual({
      POSTHOG_HOST: 'b',
      POSTHOG_PROJECT_ID: '3',
      POSTHOG_PERSONAL_API_KEY: '',
      files: { POSTHOG_HOST: '.env.local' },
    })
  })

  it('takes only variables of PostHog, and no host beside one of the process', async () => {
    await put('.env', 'HOME=/x\nNO_COLOR=1\nPOSTHOG_API_HOST=https://eu.posthog.com')
    const env = { POSTHOG_HOST: 'http://127.0.0.1:8010' }
    expect(await read(env)).toEqual({ ...env, files: {} })
  })

  it('reads the folder of the configuration file', async () => {
    await put('package.json', '{}')
    await put('typehog.config.json', '{}')
    await put('.env', 'POSTHOG_PROJECT_ID=1')
    await mkdir(join(cwd, 'src'))
    const { env, files } = await readEnvironment({ env: {}, cwd: join(cwd, 'src') }, {})
    expect(env).toEqual({ POSTHOG_PROJECT_ID: '1' })
    expect(files.get('POSTHOG_PROJECT_ID')).toBe(join('..', '.env'))
  })

  it.each(['1', 'true'])('reads no file in CI (CI=%s) unless one is named', async (CI) => {
    await put('.env', 'POSTHOG_PROJECT_ID=1')
    await put('ci.env', 'POSTHOG_PROJECT_ID=2')
    expect(await read({ CI })).toEqual({ CI, files: {} })
    expect(await read({ CI }, { envFile: ['ci.env'] })).toMatchObject({ POSTHOG_PROJECT_ID: '2' })
    expect(await read({ CI: 'false' })).toMatchObject({ POSTHOG_PROJECT_ID: '1' })
  })

  it('reads the files of --env-file in place of the default ones, the last one first', async () => {
    await put('.env', 'POSTHOG_HOST=default')
    await put('a.env', 'POSTHOG_PROJECT_ID=1')
    await put('b.env', 'POSTHOG_PROJECT_ID=2')
    expect(await read({}, { envFile: ['a.env', 'b.env'] })).toEqual({
      POSTHOG_PROJECT_ID: '2',
      files: { POSTHOG_PROJECT_ID: 'b.env' },
    })
    expect(await read({}, { envFile: false })).toEqual({ files: {} })
  })

  it('ignores a folder called .env, and rejects a named file that does not exist', async () => {
    await mkdir(join(cwd, '.env'))
    expect(await read()).toEqual({ files: {} })
    await expect(read({}, { envFile: ['none.env'] })).rejects.toMatchObject({ name: 'UsageError' })
  })
})
