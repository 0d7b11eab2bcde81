import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CliIo } from '../../../src/cli/cli-io.ts'
import { InterruptedError } from '../../../src/cli/errors.ts'
import { type LocalPostHog, startLocalPostHog } from '../../../src/local/local-posthog.ts'
import { type CliResult, captureCli } from '../../unit/cli/capture-cli.ts'
import { type CliHarness, hogql, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
/** A server with two projects. */
let two: LocalPostHog
let cwd: string
let twoEnv: Readonly<Record<string, string>>

beforeAll(async () => {
  harness = await startCliHarness()
  await harness.api('POST', 'endpoints/', { name: 'top-pages', query: hogql('select 1 as one') })
  two = await startLocalPostHog({ events: 10, projects: [2], throttle: false })
  const { url } = await two.listen()
  twoEnv = { POSTHOG_HOST: url, POSTHOG_PERSONAL_API_KEY: two.personalApiKey }
})
afterAll(async () => {
  await harness[Symbol.asyncDispose]()
  await two.close()
})
beforeEach(async () => {
  cwd = await mkdtemp(join(harness.folder, 'init-'))
})

const read = (name: string): Promise<string> => readFile(join(cwd, name), 'utf8')
const put = (name: string, text: string): Promise<void> => writeFile(join(cwd, name), text)
const run = (argv: readonly string[] = [], io: Partial<CliIo> = {}): Promise<CliResult> =>
  harness.run(['init', ...argv], { cwd, ...io })

/** Runs on a terminal with these answers. Returns the questions too. */
async function answer(
  answers: readonly (string | undefined)[],
  argv: readonly string[] = [],
): Promise<CliResult & { readonly questions: readonly string[] }> {
  const questions: string[] = []
  const result = await captureCli(['init', ...argv], {
    cwd,
    env: twoEnv,
    isTTY: { stdin: true, stdout: true, stderr: true },
    prompt: async (question) => answers[questions.push(question) - 1],
  })
  return { ...result, questions }
}

describe('init', () => {
  it('writes the configuration, scripts and the line of .gitignore', async () => {
    await put('package.json', '{\n    "name": "app"\n}\n')
    await put('.gitignore', 'dist\n')
    const { code, out, err } = await run()
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(await read('typehog.config.json'))).toEqual({
      $schema: './node_modules/typehog/dist/config.schema.json',
      host: harness.url,
      projectId: 1,
      endpoints: { module: 'posthog.endpoints.ts' },
      project: { module: 'posthog.project.ts' },
    })
    expect(await read('package.json')).toBe(
      '{\n    "name": "app",\n    "scripts": {\n        "posthog:pull": "typehog pull",\n        "posthog:check": "typehog check"\n    }\n}\n',
    )
    expect(await read('.gitignore')).toBe('dist\n.env.local\n')
    expect(out).toContain('  endpoints: 1 endpoint\n')
    expect(out).toContain(
      'Commit typehog.config.json, package.json, .gitignore, and the modules and lock files of the pull.',
    )
    expect(out).toMatch(/\nNext: npx typehog pull\n$/)
    expect(await harness.run(['pull'], { cwd })).toMatchObject({
      code: 0,
      out: expect.stringContaining('+ top-pages v1'),
    })
  })

  it('writes only the configuration in a folder without package.json and .gitignore', async () => {
    const { code, out } = await run(['--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      config: 'typehog.config.json',
      written: true,
      host: harness.url,
      projectId: 1,
      areas: ['endpoints', 'project'],
      files: ['typehog.config.json'],
      scripts: [],
      ignored: false,
      missingScopes: [],
    })
    expect(await readdir(cwd)).toEqual(['typehog.config.json'])
  })

  it('reports an existing configuration and replaces it with --force only', async () => {
    const config = '{ "projectId": 5, "endpoints": {} }'
    await put('typehog.config.json', config)
    expect(await run([], { env: {} })).toMatchObject({
      code: 0,
      out: expect.stringContaining(
        'typehog.config.json exists: the default host, project 5; areas: endpoints.',
      ),
    })
    expect(JSON.parse((await run(['--json'], { env: {} })).out)).toMatchObject({
      written: false,
      projectId: 5,
    })
    expect(await read('typehog.config.json')).toBe(config)
    await put('typehog.config.json', '{ broken')
    expect((await run()).code).toBe(2)
    expect((await run(['--force'])).code).toBe(0)
    expect(JSON.parse(await read('typehog.config.json'))).toMatchObject({ projectId: 1 })
  })

  it('does not write JSON beside a configuration module', async () => {
    await put('typehog.config.mjs', 'export default {}')
    const { code, err } = await run(['--force'])
    expect(code).toBe(2)
    expect(err).toContain('typehog.config.mjs exists, and a folder has one configuration.')
    expect(await readdir(cwd)).toEqual(['typehog.config.mjs'])
  })

  it('says where to create a key', async () => {
    const { code, err } = await run([], { env: { POSTHOG_HOST: 'eu.posthog.com' } })
    expect(code).toBe(2)
    expect(err).toMatch(
      /^Error: There is no API key\.\nFix: Run `typehog login`\. Or create one at https:\/\/eu\.posthog\.com\/settings\/user-api-keys with the scopes .*endpoint:read.* \.env\.local\.\n$/,
    )
    expect(await readdir(cwd)).toEqual([])
  })

  it('rejects a project secret key, and a project that the key cannot access', async () => {
    const secret = { ...harness.env, POSTHOG_PERSONAL_API_KEY: harness.posthog.projectSecretKey }
    expect(await run([], { env: secret })).toMatchObject({
      code: 2,
      err: expect.stringContaining('project secret API key'),
    })
    expect(await run(['--project', '777'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no access to project 777\.\nFix: Pass --project with the ID of one: 1 \(/),
    })
  })

  it('asks for the project and the areas on a terminal', async () => {
    const { code, err, questions } = await answer(['7', '2', '4'])
    expect(code).toBe(0)
    expect(questions.map((question) => question.slice(0, 12))).toEqual([
      'Project [1]:',
      'Project [1]:',
      'Areas, such ',
    ])
    expect(err).toContain('  1  1 (')
    expect(err).toContain('Expected numbers of the list, got "7".')
    expect(JSON.parse(await read('typehog.config.json'))).toMatchObject({
      projectId: 2,
      schema: { module: 'posthog.schema.ts' },
    })
  })

  it.each([[['--yes']], [['--json']]])(
    'asks nothing with %j, and says which projects there are',
    async (argv) => {
      const { code, err, questions } = await answer([], argv)
      expect({ code, questions }).toEqual({ code: 2, questions: [] })
      expect(err).toContain('The key has access to 2 projects.')
      expect(err).toMatch(/Pass --project with the ID of one: 1 \(.*\), 2 \(/)
    },
  )

  it('writes nothing when the input ends or the user interrupts', async () => {
    expect(await answer([undefined])).toMatchObject({ code: 2, err: expect.stringContaining('--yes') })
    const interruption = new AbortController()
    const interrupted = await captureCli(['init'], {
      cwd,
      env: twoEnv,
      isTTY: { stdin: true, stdout: true, stderr: true },
      signal: interruption.signal,
      prompt: async () => {
        interruption.abort(new InterruptedError())
        return undefined
      },
    })
    expect(interrupted.code).toBe(130)
    expect(await readdir(cwd)).toEqual([])
  })

  it('names the scopes that the key lacks', async () => {
    harness.posthog.faults.add({
      path: '/cohorts/',
      status: 403,
      body: {
        type: 'authentication_error',
        code: 'permission_denied',
        detail: "API key missing required scope 'cohort:read'",
        attr: null,
      },
      times: 1,
    })
    const { code, out } = await run(['--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out).missingScopes).toEqual(['cohort:read'])
  })
})
