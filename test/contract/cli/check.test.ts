import { appendFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hogql, startWorkbench, type Workbench } from './workbench.ts'

let bench: Workbench

beforeEach(async () => {
  bench = await startWorkbench()
  await bench.api('POST', 'insight_variables/', { name: 'country', type: 'String', default_value: 'US' })
  await bench.api('POST', 'endpoints/', {
    name: 'by-country',
    query: hogql(
      'select event, count() as n from events where properties.country = {variables.country} group by event',
    ),
  })
  expect((await bench.run(['endpoints', 'pull'])).code).toBe(0)
})

afterEach(() => bench[Symbol.asyncDispose]())

const module = 'posthog.endpoints.ts'
const lock = 'posthog.endpoints.lock.json'
const change = (body: object): Promise<unknown> => bench.api('PATCH', 'endpoints/by-country/', body)
const check = (...more: string[]): ReturnType<Workbench['run']> => bench.run(['endpoints', 'check', ...more])
const outcome = async (...more: string[]): Promise<{ code: number; counts: unknown; module: unknown }> => {
  const { code, out } = await check('--json', ...more)
  const { ok, counts, module: state } = JSON.parse(out)
  expect(ok).toBe(code === 0)
  return { code, counts, module: state }
}

describe('endpoints check', () => {
  it('ends with 0 when nothing changed', async () => {
    expect(await check()).toEqual({
      code: 0,
      out: `✓ 1 endpoint in ${lock}: nothing changed.\n`,
      err: '',
    })
    expect(await outcome('--strict')).toEqual({
      code: 0,
      counts: { breaking: 0, risky: 0, safe: 0 },
      module: 'current',
    })
  })

  it('reports a newer version, which does not break the pinned one', async () => {
    await change({ query: hogql('select event from events where properties.country = {variables.country}') })
    const { code, out } = await check()
    expect(code).toBe(0)
    expect(out).toContain('by-country')
    expect(out).toContain('0 breaking')
  })

  it('ends with 1 when the pinned version became inactive, and with 0 after another pull', async () => {
    await change({ query: hogql('select event from events where properties.country = {variables.country}') })
    await change({ version: 1, is_active: false })
    const { code, out } = await check()
    expect(code).toBe(1)
    expect(out).toMatch(/✗ breaking +by-country: /)
    expect((await bench.run(['endpoints', 'pull'])).out).toContain('~ by-country v1 -> v2')
    expect((await check()).code).toBe(0)
  })

  it('ends with 1 when the pinned version was materialised, since it demands its variables then', async () => {
    await change({ is_materialized: true })
    expect(await outcome()).toMatchObject({ code: 1, counts: { breaking: 1 }, module: 'unknown' })
    expect((await bench.run(['endpoints', 'pull'])).out).toContain('~ by-country v1, changed in place')
    expect((await check()).code).toBe(0)
  })

  it('ends with 1 when the endpoint is inactive, and when it is gone', async () => {
    await change({ is_active: false })
    expect((await outcome()).code).toBe(1)
    await bench.api('DELETE', 'endpoints/by-country/')
    expect((await outcome()).code).toBe(1)
  })

  it('prints only what breaks with --quiet', async () => {
    expect(await check('--quiet')).toEqual({ code: 0, out: '', err: '' })
    await change({ is_active: false })
    const { code, out } = await check('--quiet')
    expect(code).toBe(1)
    expect(out).toContain('✗ breaking')
    expect(out).not.toContain('safe')
  })

  it('ends with 1 when the module is missing', async () => {
    await rm(join(bench.folder, module))
    expect(await outcome()).toMatchObject({ code: 1, module: 'missing' })
  })

  it('calls an edited module risky', async () => {
    await appendFile(join(bench.folder, module), '// a note is no difference\n')
    expect(await outcome()).toMatchObject({ code: 0, module: 'current' })
    await appendFile(join(bench.folder, module), 'export const mine = 1\n')
    expect(await outcome()).toMatchObject({ code: 0, module: 'differs', counts: { risky: 1 } })
    expect(await outcome('--strict')).toMatchObject({ code: 1 })
  })
})

describe('endpoints check that cannot tell', () => {
  it('ends with 2 without a lock and names the command that makes one', async () => {
    await rm(join(bench.folder, lock))
    const { code, err } = await check()
    expect(code).toBe(2)
    expect(err).toContain('typehog endpoints pull')
  })

  it('ends with 2 for a lock that cannot be read', async () => {
    await writeFile(join(bench.folder, lock), '{"lockfileVersion":')
    expect((await check()).code).toBe(2)
  })

  it.each([
    [['--project', '2'], 'project 2'],
    [['--host', 'https://eu.posthog.com'], 'https://eu.posthog.com'],
  ])('ends with 2 when the lock is of another host or project: %j', async (options, configured) => {
    const { code, err } = await check(...options)
    expect(code).toBe(2)
    expect(err).toContain(bench.url)
    expect(err).toContain(configured)
  })

  it('ends with 3 for a wrong key', async () => {
    const env = { ...bench.env, POSTHOG_PERSONAL_API_KEY: 'phx_wrong' }
    expect((await bench.run(['endpoints', 'check'], { env })).code).toBe(3)
  })
})
