import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CliHarness, startCliHarness, terminal } from './cli-harness.ts'

const reader = 'phx_reader00000000000000000000000000000000000000'
let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness([{ value: reader, kind: 'personal', scopes: ['feature_flag:read'] }])
})
beforeEach(async () => {
  await harness.posthog.reset()
  await create('new-checkout', [{ properties: [], rollout_percentage: 5 }], { name: 'The new checkout' })
  await create('old-banner', [pro, { properties: [] }], { active: false })
})
afterAll(() => harness[Symbol.asyncDispose]())

const plan = { key: 'plan', type: 'person', operator: 'exact', value: ['pro'] }
const pro = { properties: [plan], rollout_percentage: 25 }
const flags = (...argv: string[]): ReturnType<CliHarness['run']> => harness.run(['flags', ...argv])

async function create(key: string, groups: readonly object[], more: object = {}): Promise<void> {
  await harness.api('POST', 'feature_flags/', { key, filters: { groups }, ...more })
}

interface StoredFlag {
  readonly id: number
  readonly key: string
  readonly name: string
  readonly active: boolean
  readonly filters: { readonly groups: readonly { readonly rollout_percentage?: number }[] }
}

async function read(key: string): Promise<StoredFlag> {
  const { results } = (await harness.api('GET', 'feature_flags/')) as { results: StoredFlag[] }
  const found = results.find((flag) => flag.key === key)
  if (found === undefined) throw new Error(`There is no flag ${key}.`)
  return found
}

const rollouts = async (key: string): Promise<unknown[]> =>
  (await read(key)).filters.groups.map(({ rollout_percentage: percentage }) => percentage)
const writes = (): number => harness.posthog.requests.filter(({ method }) => method !== 'GET').length

describe('flags ls', () => {
  it('lists flags with their state and rollout', async () => {
    const { code, out } = await flags('ls')
    expect(code).toBe(0)
    const [head, , ...rows] = out.trimEnd().split('\n')
    expect(head?.split(/ {2,}/)).toEqual(['key', 'active', 'rollout', 'variants', 'updated'])
    expect(rows).toEqual([
      expect.stringMatching(/^new-checkout {2}yes {5}5% {19}\d{4}-\d\d-\d\d \d\d:\d\d$/),
      expect.stringMatching(/^old-banner {4}no {6}25%, 100% {12}\d{4}-\d\d-\d\d \d\d:\d\d$/),
    ])
  })

  it('filters by --active and --search', async () => {
    const keys = async (...argv: string[]): Promise<unknown[]> =>
      JSON.parse((await flags('ls', '--json', ...argv)).out).map(({ key }: StoredFlag) => key)
    expect(await keys('--active')).toEqual(['new-checkout'])
    expect(await keys('--search', 'banner')).toEqual(['old-banner'])
    expect(await keys('--stale')).toEqual([])
    expect(await flags('ls', '--search', 'zzz')).toEqual({
      code: 0,
      out: '',
      err: 'No feature flag of project 1 matches.\n',
    })
    expect((await flags('ls', '--stale', '--active')).code).toBe(2)
  })

  it('prints JSON', async () => {
    expect(JSON.parse((await flags('ls', '--json')).out)[0]).toEqual({
      key: 'new-checkout',
      id: expect.any(Number),
      name: 'The new checkout',
      active: true,
      rollout: [5],
      variants: [],
      updatedAt: expect.any(String),
    })
  })
})

describe('flags get', () => {
  it('prints the flag with numbered release conditions', async () => {
    const { code, out } = await flags('get', 'old-banner')
    expect(code).toBe(0)
    expect(out).toContain('key       old-banner\nactive    no\n')
    expect(out).toContain(`url       ${harness.url}/project/1/feature_flags/`)
    expect(out).toMatch(
      /conditions\n {2}1 {2}25% {3}of plan exact \["pro"\]\n {2}2 {2}100% {2}of everyone\n$/,
    )
  })

  it('prints the whole flag with --json', async () => {
    const { out } = await flags('get', 'old-banner', '--json')
    expect(JSON.parse(out)).toMatchObject({ key: 'old-banner', filters: { groups: [pro, {}] } })
  })

  it('suggests the closest key', async () => {
    const { code, out, err } = await flags('get', 'new_chekout')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('Project 1 has no feature flag "new_chekout".')
    expect(err).toContain('Did you mean "new-checkout"?')
    expect((await flags('get', 'zzz')).err).toContain('typehog flags ls')
  })
})

describe('flags enable and disable', () => {
  it('change the flag and print before and after', async () => {
    expect(await flags('disable', 'new-checkout', '--yes')).toEqual({
      code: 0,
      out: '✓ new-checkout: active yes -> no\n',
      err: '',
    })
    expect((await read('new-checkout')).active).toBe(false)
    const { out } = await flags('enable', 'new-checkout', '--yes', '--json')
    const expected = { key: 'new-checkout', field: 'active', from: false, to: true }
    expect(JSON.parse(out)).toEqual({ ok: true, dryRun: false, changed: true, ...expected })
    expect((await read('new-checkout')).active).toBe(true)
  })

  it('send no write if the flag has the state already, with --dry-run, and without a terminal', async () => {
    const before = writes()
    const already = await flags('enable', 'new-checkout')
    expect(already).toMatchObject({ code: 0, out: expect.stringContaining('active is already yes.') })
    const dryRun = await flags('enable', 'old-banner', '--dry-run')
    const shown = 'old-banner: active no -> yes (dry run: nothing was changed)\n'
    expect(dryRun).toEqual({ code: 0, out: shown, err: '' })
    for (const argv of [
      ['enable', 'old-banner'],
      ['enable', 'old-banner', '--json'],
    ]) {
      const refused = await flags(...argv)
      expect(refused.code).toBe(2)
      expect(refused.err).toContain('Add --yes to apply them, or --dry-run')
    }
    expect(writes()).toBe(before)
  })

  it('ask on a terminal', async () => {
    const declined = await harness.run(['flags', 'enable', 'old-banner'], terminal('n'))
    expect(declined).toEqual({
      code: 0,
      out: 'old-banner: active no -> yes\nNothing was changed.\n',
      err: '',
    })
    expect((await read('old-banner')).active).toBe(false)
    expect((await harness.run(['flags', 'enable', 'old-banner'], terminal('y'))).code).toBe(0)
    expect((await read('old-banner')).active).toBe(true)
  })
})

describe('flags rollout', () => {
  it('sets the percentage of the only condition', async () => {
    expect(await flags('rollout', 'new-checkout', '25%', '--yes')).toEqual({
      code: 0,
      out: '✓ new-checkout: rollout 5% -> 25% of everyone\n',
      err: '',
    })
    expect(await rollouts('new-checkout')).toEqual([25])
    const { out } = await flags('rollout', 'new-checkout', '0', '--yes', '--json')
    expect(JSON.parse(out)).toMatchObject({ changed: true, condition: 1, from: 25, to: 0 })
    expect(await rollouts('new-checkout')).toEqual([0])
  })

  it('lists several conditions and requires --condition', async () => {
    const before = writes()
    const { code, out, err } = await flags('rollout', 'old-banner', '50', '--yes')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('  1  25%   of plan exact ["pro"]\n  2  100%  of everyone\n')
    expect(err).toContain('Choose one with --condition, from 1 to 2.')
    expect((await flags('rollout', 'old-banner', '50', '--condition', '3', '--yes')).err).toContain(
      'from 1 to 2',
    )
    expect((await flags('rollout', 'new-checkout', '9', '--condition', '2', '--yes')).err).toContain('Omit')
    expect(writes()).toBe(before)
    expect((await flags('rollout', 'old-banner', '50', '--condition', '2', '--yes')).code).toBe(0)
    expect(await rollouts('old-banner')).toEqual([25, 50])
  })

  it('gives a flag without conditions its first one', async () => {
    await create('empty', [])
    const { out } = await flags('rollout', 'empty', '10', '--yes')
    expect(out).toBe('✓ empty: rollout none -> 10% of everyone\n')
    expect(await rollouts('empty')).toEqual([10])
  })

  it('sends no write with --dry-run', async () => {
    const before = writes()
    const { code, out } = await flags('rollout', 'new-checkout', '12.5', '--dry-run', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ dryRun: true, changed: false, from: 5, to: 12.5 })
    expect(writes()).toBe(before)
  })

  it('keeps concurrent changes of other fields', async () => {
    const rename = async (): Promise<string> => {
      const { id } = await read('new-checkout')
      await harness.api('PATCH', `feature_flags/${id}/`, { name: 'Renamed' })
      return 'y'
    }
    const { code } = await harness.run(['flags', 'rollout', 'new-checkout', '30'], terminal(rename))
    expect(code).toBe(0)
    expect(await read('new-checkout')).toMatchObject({
      name: 'Renamed',
      filters: { groups: [{ rollout_percentage: 30 }] },
    })
  })

  it('changes nothing if the conditions changed before the confirmation', async () => {
    const insertFirst = async (): Promise<string> => {
      const { id, filters } = await read('new-checkout')
      const groups = [pro, ...filters.groups]
      await harness.api('PATCH', `feature_flags/${id}/`, { filters: { groups } })
      return 'y'
    }
    const { code, err } = await harness.run(['flags', 'rollout', 'new-checkout', '30'], terminal(insertFirst))
    expect(code).toBe(3)
    expect(err).toContain('Someone else changed the release conditions of "new-checkout" meanwhile.')
    expect(await rollouts('new-checkout')).toEqual([25, 5])
  })

  it.each([
    [['new-checkout', '101'], /number from 0 to 100/],
    [['new-checkout', 'half'], /number from 0 to 100/],
    [['new-checkout'], /missing required argument/],
    [['new-checkout', '5', '--condition', '0'], /an integer of at least 1/],
  ])('%j exits with 2', async (argv, message) => {
    const { code, err } = await flags('rollout', ...argv)
    expect(code).toBe(2)
    expect(err).toMatch(message)
  })
})

describe('flags with a key that may not', () => {
  const run = (
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
  ): ReturnType<CliHarness['run']> => harness.run(['flags', ...argv], { env: { ...harness.env, ...env } })

  it.each([
    ['enable', 'old-banner'],
    ['rollout', 'new-checkout', '50'],
  ])('name the missing scope: %s', async (...argv) => {
    const { code, out, err } = await run([...argv, '--yes'], { POSTHOG_PERSONAL_API_KEY: reader })
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(err).toContain('feature_flag:write')
    expect(err).not.toContain(reader)
  })

  it('reject a wrong key, a project secret key and @current', async () => {
    const wrong = await run(['ls'], { POSTHOG_PERSONAL_API_KEY: 'phx_nobody' })
    expect(wrong).toMatchObject({ code: 3, err: expect.stringContaining('Check that the key still exists') })
    const secret = { POSTHOG_PERSONAL_API_KEY: '', POSTHOG_PROJECT_SECRET_API_KEY: 'phs_secret' }
    for (const argv of [['ls'], ['enable', 'old-banner', '--yes']]) {
      const { code, err } = await run(argv, secret)
      expect(code).toBe(2)
      expect(err).toContain('with the scope feature_flag:')
    }
    const current = await run(['enable', 'old-banner', '--yes', '--project', '@current'], {})
    expect(current).toMatchObject({ code: 2, err: expect.stringContaining('got @current') })
  })
})
