import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakePostHog, fakeEndpoint, startFakePostHog } from './fake-posthog.ts'

let posthog: FakePostHog
beforeEach(async () => {
  posthog = await startFakePostHog()
})
afterEach(() => posthog[Symbol.asyncDispose]())

const module = 'posthog.endpoints.ts'
const lock = 'posthog.endpoints.lock.json'
const serve = (...names: string[]): void => {
  posthog.endpoints = names.map((name) => fakeEndpoint(name))
}
const pull = (): ReturnType<FakePostHog['run']> => posthog.run(['endpoints', 'pull'])
const check = (...options: string[]): ReturnType<FakePostHog['run']> => {
  return posthog.run(['endpoints', 'check', ...options])
}
/** Identifiers in the module, by endpoint name. */
const identifiers = async (): Promise<Record<string, string>> => {
  const entries = (await posthog.read(module)).matchAll(/^ {2}(\w+): \{\n {4}name: '(.*)'/gm)
  return Object.fromEntries([...entries].map(([, identifier, name]) => [name, identifier]))
}

describe('the identifier of a pulled endpoint', () => {
  it('stays when a new endpoint would get the same one, which is reported', async () => {
    serve('a_b')
    await pull()
    serve('a_b', 'a-b')
    const { code, out } = await pull()
    expect(code).toBe(0)
    expect(await identifiers()).toEqual({ a_b: 'aB', 'a-b': 'aB_2' })
    expect(out).toContain('+ a-b v1 as endpoints.aB_2\n')
    expect((await pull()).out).toContain('up to date')
    expect((await check('--strict')).code).toBe(0)
  })

  it('is not reused in the pull that removes its endpoint', async () => {
    serve('a_b')
    await pull()
    serve('a-b')
    const { out } = await pull()
    expect(await identifiers()).toEqual({ 'a-b': 'aB_2' })
    expect(out).toContain('- a_b v1\n')
    await pull()
    expect(await identifiers()).toEqual({ 'a-b': 'aB_2' })
  })

  it('stays in the first pull with a lock file of an older version', async () => {
    serve('a_b', 'a-b', 'c')
    await pull()
    const before = await posthog.read(module)
    await posthog.edit(lock, (text) => text.replace(/ *"identifier".*\n/g, ''))
    expect((await check('--strict')).code).toBe(0)
    serve('A_b', 'a_b', 'a-b', 'c')
    const { out } = await pull()
    expect(out).toContain('1 added, 0 changed, 3 unchanged, 0 removed')
    expect(await identifiers()).toEqual({ 'a-b': 'aB', a_b: 'aB_2', A_b: 'aB_3', c: 'c' })
    serve('a_b', 'a-b', 'c')
    await pull()
    expect(await posthog.read(module)).toBe(before)
  })

  it.each<[string, (text: string) => string | undefined]>([
    ['is missing', () => undefined],
    ['has merge conflicts', (text) => `<<<<<<< ours\n${text}=======\n${text}>>>>>>> theirs\n`],
    ['is truncated', (text) => text.slice(0, -20)],
  ])('comes from the module when the lock %s', async (_, change) => {
    serve('a_b')
    await pull()
    await posthog.edit(lock, change)
    serve('a_b', 'a-b')
    expect((await pull()).code).toBe(0)
    expect(await identifiers()).toEqual({ a_b: 'aB', 'a-b': 'aB_2' })
  })

  it('follows an edit of the lock file, which pull and check report', async () => {
    serve('a_b')
    await pull()
    await posthog.edit(lock, (text) => text.replace('"aB"', '"mine"'))
    const checked = await check()
    expect(checked.code).toBe(1)
    expect(checked.out).toMatch(
      /breaking +a_b: The module exports endpoints\.aB, but the lock file says endpoints\.mine\./,
    )
    expect((await pull()).out).toContain('! a_b was renamed from endpoints.aB to endpoints.mine\n')
    expect(await identifiers()).toEqual({ a_b: 'mine' })
    expect((await check()).code).toBe(0)
    await posthog.edit(lock, (text) => text.replace('"mine"', '"aB"'))
    const { out } = await posthog.run(['endpoints', 'pull', '--json'])
    expect(JSON.parse(out)).toMatchObject({ moved: [{ name: 'a_b', from: 'mine', to: 'aB' }] })
  })

  it('must be unique in the lock file', async () => {
    serve('a_b', 'a-b')
    await pull()
    await posthog.edit(lock, (text) => text.replace('"aB_2"', '"aB"'))
    const { code, err } = await check()
    expect(code).toBe(2)
    expect(err).toContain('/endpoints/a_b/identifier is also the identifier of "a-b".')
  })
})

describe('endpoints pull with invalid responses', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['a string', 'endpoint'],
    ['no name', fakeEndpoint(undefined)],
    ['a number as name', fakeEndpoint(7)],
    ['a long name', fakeEndpoint('x'.repeat(200))],
    ['a version as string', fakeEndpoint('a', { current_version: '1' })],
    ['no version', fakeEndpoint('a', { current_version: null })],
    ['is_active as string', fakeEndpoint('a', { is_active: 'yes' })],
    ['a query as string', fakeEndpoint('a', { query: 'select 1' })],
    ['a kind as list', fakeEndpoint('a', { query: { kind: [] } })],
    ['columns as string', fakeEndpoint('a', { columns: 'x' })],
  ])('exits with a clear error and writes nothing for %s', async (_, endpoint) => {
    posthog.endpoints = [endpoint]
    const { code, out, err } = await pull()
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(err).toMatch(/^Error: Endpoint ".*": endpoint at \/\S* is .*\nFix: .*--skip-invalid`\.\n$/)
    expect(await posthog.files()).toEqual([])
    const skipping = await posthog.run(['endpoints', 'pull', '--skip-invalid'])
    expect(skipping.code).toBe(0)
    expect(skipping.out).toContain('skipped: Endpoint "')
  })

  it('rejects the definition of another endpoint', async () => {
    serve('a')
    posthog.routes = { '/endpoints/a/': { body: fakeEndpoint('b') } }
    const { code, err } = await pull()
    expect(code).toBe(3)
    expect(err).toContain('Endpoint "a": endpoint at /name is "b", expected "a".')
    expect(await posthog.files()).toEqual([])
  })
})
