import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/errors.ts'
import type { CliResult } from '../../unit/cli/capture-cli.ts'
import { type CliHarness, hogql, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
let folder: string

beforeAll(async () => {
  harness = await startCliHarness()
  await harness.api('POST', 'endpoints/', { name: 'top-pages', query: hogql('select 1 as one') })
})
afterAll(() => harness[Symbol.asyncDispose]())
beforeEach(async () => {
  folder = await mkdtemp(join(harness.folder, 'areas-'))
})

const configure = (config: object): Promise<void> =>
  writeFile(
    join(folder, 'typehog.config.json'),
    JSON.stringify({ host: harness.url, projectId: 1, ...config }),
  )
const run = (...argv: string[]): Promise<CliResult> =>
  harness.run(argv, {
    cwd: folder,
    env: { POSTHOG_PERSONAL_API_KEY: harness.posthog.personalApiKey },
  })

describe('pull and check', () => {
  it('report all areas under headings in the order of the file', async () => {
    // The local PostHog serves no schema.
    await configure({ schema: { module: 'api/schema.ts' }, endpoints: {} })
    const pulled = await run('pull')
    expect(pulled.code).toBe(3)
    const [schema, endpoints] = pulled.out.split('\n\n')
    expect(schema).toMatch(/^schema\nError: .*404.*\nFix: /)
    expect(endpoints).toMatch(/^endpoints\n\+ top-pages v1\n/)
    expect((await readdir(folder)).sort()).toEqual([
      'posthog.endpoints.lock.json',
      'posthog.endpoints.ts',
      'typehog.config.json',
    ])
    const checked = JSON.parse((await run('check', '--json')).out)
    expect(Object.keys(checked.areas)).toEqual(['schema', 'endpoints'])
  })

  it('go on when one area fails, and return the highest exit code', async () => {
    await configure({ endpoints: {}, schema: {} })
    expect((await run('pull', '--only', 'endpoints')).code).toBe(0)
    // There is no lock file of the schema.
    const { code, out } = await run('check')
    expect(code).toBe(2)
    expect(out).toMatch(
      /^endpoints\n✓ 1 endpoint .*\n\nschema\nError: The lock file .* does not exist\.\nFix: /,
    )
    const json = await run('check', '--json')
    expect(json.code).toBe(2)
    expect(JSON.parse(json.out)).toMatchObject({
      ok: false,
      areas: {
        endpoints: { ok: true },
        schema: { error: { message: expect.stringContaining('does not exist'), fix: expect.any(String) } },
      },
    })
  })

  it('return 3 when PostHog fails in one area', async () => {
    await configure({ endpoints: {}, schema: {} })
    await writeFile(join(folder, 'posthog.schema.ts'), 'export const mine = 1\n')
    harness.posthog.faults.add({ path: '/endpoints/', status: 400, body: { detail: 'no' }, times: 1 })
    const { code, out } = await run('pull')
    expect(code).toBe(3)
    const [endpoints, schema] = out.split('\n\n')
    expect(endpoints).toMatch(/^endpoints\nError: GET .* returned 400/)
    expect(schema).toMatch(/^schema\nError: posthog\.schema\.ts exists/)
    expect(await readFile(join(folder, 'posthog.schema.ts'), 'utf8')).toBe('export const mine = 1\n')
  })

  it('show only what failed with --quiet', async () => {
    await configure({ endpoints: {} })
    expect(await run('pull', '--quiet')).toEqual({ code: 0, out: '', err: '' })
    expect(await run('check', '--quiet')).toEqual({ code: 0, out: '', err: '' })
  })

  it('run the areas of --only', async () => {
    await configure({ endpoints: {} })
    expect((await run('pull', '--only', 'endpoints')).code).toBe(0)
    expect(await run('pull', '--only', 'schema')).toMatchObject({
      code: 2,
      err: expect.stringContaining('typehog.config.json has no section "schema".'),
    })
    expect(await run('pull', '--only', 'endpoint')).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no area "endpoint".\nFix: Did you mean "endpoints"?'),
    })
    expect((await run('pull', '--only', ',')).code).toBe(2)
  })

  it('need a configuration file with an area', async () => {
    expect(await run('pull')).toMatchObject({ code: 2, err: expect.stringContaining('Run `typehog init`') })
    await configure({})
    expect(await run('check')).toMatchObject({ code: 2, err: expect.stringContaining('has no section') })
  })

  it('show the progress of all areas in one line of a terminal', async () => {
    await configure({ endpoints: {} })
    const { err } = await harness.run(['pull'], {
      cwd: folder,
      env: { POSTHOG_PERSONAL_API_KEY: harness.posthog.personalApiKey },
      isTTY: { stdout: false, stderr: true },
    })
    expect(err).toContain('Reading endpoints 1/1')
    expect(err.endsWith('\r\u001b[2K')).toBe(true)
  })

  it('end as interrupted', async () => {
    await configure({ endpoints: {} })
    const signal = AbortSignal.abort(new InterruptedError())
    expect(await harness.run(['pull'], { cwd: folder, signal })).toMatchObject({ code: 130, out: '' })
  })

  it('check exits with 1 on breaking changes', async () => {
    await configure({ endpoints: {} })
    await run('pull')
    await harness.api('DELETE', 'endpoints/top-pages/')
    const { code, out } = await run('check')
    expect(code).toBe(1)
    expect(out).toMatch(/^endpoints\n✗ breaking {2}top-pages: /)
    expect(JSON.parse((await run('check', '--json')).out).ok).toBe(false)
  })
})
