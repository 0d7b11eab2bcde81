import { appendFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CliHarness, hogql, startCliHarness } from './cli-harness.ts'

let harness: CliHarness

beforeEach(async () => {
  harness = await startCliHarness()
  await harness.api('POST', 'insight_variables/', { name: 'country', type: 'String', default_value: 'US' })
  await harness.api('POST', 'endpoints/', {
    name: 'by-country',
    query: hogql(
      'select event, count() as n from events where properties.country = {variables.country} group by event',
    ),
  })
  expect((await harness.run(['endpoints', 'pull'])).code).toBe(0)
})

afterEach(() => harness[Symbol.asyncDispose]())

const module = 'posthog.endpoints.ts'
const lock = 'posthog.endpoints.lock.json'
const change = (body: object): Promise<unknown> => harness.api('PATCH', 'endpoints/by-country/', body)
const check = (...more: string[]): ReturnType<CliHarness['run']> =>
  harness.run(['endpoints', 'check', ...more])
const checkJson = async (...more: string[]): Promise<{ code: number; counts: unknown; module: unknown }> => {
  const { code, out } = await check('--json', ...more)
  const { ok, counts, module: state } = JSON.parse(out)
  expect(ok).toBe(code === 0)
  return { code, counts, module: state }
}

describe('endpoints check', () => {
  it('exits with 0 without changes', async () => {
    expect(await check()).toEqual({
      code: 0,
      out: `✓ 1 endpoint in ${lock}: no changes.\n`,
      err: '',
    })
    expect(await checkJson('--strict')).toEqual({
      code: 0,
      counts: { breaking: 0, risky: 0, safe: 0 },
      module: 'current',
    })
  })

  it('reports a newer version as not breaking', async () => {
    await change({ query: hogql('select event from events where properties.country = {variables.country}') })
    const { code, out } = await check()
    expect(code).toBe(0)
    expect(out).toContain('by-country')
    expect(out).toContain('0 breaking')
  })

  it('exits with 1 when the pinned version becomes inactive, until the next pull', async () => {
    await change({ query: hogql('select event from events where properties.country = {variables.country}') })
    await change({ version: 1, is_active: false })
    const { code, out } = await check()
    expect(code).toBe(1)
    expect(out).toMatch(/✗ breaking +by-country: /)
    expect((await harness.run(['endpoints', 'pull'])).out).toContain('~ by-country v1 -> v2')
    expect((await check()).code).toBe(0)
  })

  it('exits with 1 when the pinned version becomes materialized, which makes its variables required', async () => {
    await change({ is_materialized: true })
    expect(await checkJson()).toMatchObject({ code: 1, counts: { breaking: 1 }, module: 'unknown' })
    expect((await harness.run(['endpoints', 'pull'])).out).toContain('~ by-country v1, edited in place')
    expect((await check()).code).toBe(0)
  })

  it('exits with 1 when the endpoint is inactive or deleted', async () => {
    await change({ is_active: false })
    expect((await checkJson()).code).toBe(1)
    await harness.api('DELETE', 'endpoints/by-country/')
    expect((await checkJson()).code).toBe(1)
  })

  it('prints only breaking changes with --quiet', async () => {
    expect(await check('--quiet')).toEqual({ code: 0, out: '', err: '' })
    await change({ is_active: false })
    const { code, out } = await check('--quiet')
    expect(code).toBe(1)
    expect(out).toContain('✗ breaking')
    expect(out).not.toContain('safe')
  })

  it('exits with 1 when the module is missing', async () => {
    await rm(join(harness.folder, module))
    expect(await checkJson()).toMatchObject({ code: 1, module: 'missing' })
  })

  it('reports an edited module as risky', async () => {
    await appendFile(join(harness.folder, module), '// comments do not count\n')
    expect(await checkJson()).toMatchObject({ code: 0, module: 'current' })
    await appendFile(join(harness.folder, module), 'export const mine = 1\n')
    expect(await checkJson()).toMatchObject({ code: 0, module: 'differs', counts: { risky: 1 } })
    expect(await checkJson('--strict')).toMatchObject({ code: 1 })
  })
})

describe('endpoints check that fails', () => {
  it('exits with 2 without a lock file and names the command that creates one', async () => {
    await rm(join(harness.folder, lock))
    const { code, err } = await check()
    expect(code).toBe(2)
    expect(err).toContain('typehog endpoints pull')
  })

  it('exits with 2 for an invalid lock file', async () => {
    await writeFile(join(harness.folder, lock), '{"lockfileVersion":')
    expect((await check()).code).toBe(2)
  })

  it.each([
    [['--project', '2'], 'project 2'],
    [['--host', 'https://eu.posthog.com'], 'https://eu.posthog.com'],
  ])('exits with 2 for the lock file of another host or project: %j', async (options, configured) => {
    const { code, err } = await check(...options)
    expect(code).toBe(2)
    expect(err).toContain(harness.url)
    expect(err).toContain(configured)
  })

  it('exits with 3 for a wrong key', async () => {
    const env = { ...harness.env, POSTHOG_PERSONAL_API_KEY: 'phx_wrong' }
    expect((await harness.run(['endpoints', 'check'], { env })).code).toBe(3)
  })
})
