import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { compileModules } from '../../unit/codegen/endpoints/compile.ts'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
const module = 'posthog.project.ts'
const lock = 'posthog.project.lock.json'
const hostile = "it's */ a `name` \u2028 \u0024{x}"

beforeAll(async () => {
  harness = await startCliHarness()
  const multivariate = {
    variants: [
      { key: 'control', rollout_percentage: 50 },
      { key: 'test', rollout_percentage: 50 },
    ],
  }
  await harness.api('POST', 'feature_flags/', {
    key: 'checkout-test',
    name: 'Checkout */ experiment',
    active: true,
    filters: {
      groups: [{ properties: [], rollout_percentage: 100 }],
      multivariate,
      payloads: { test: '{"color":"red","sizes":[1,2]}' },
    },
  })
  await harness.api('POST', 'feature_flags/', {
    key: 'old-banner',
    active: false,
    filters: { groups: [], payloads: { true: '"hello"' } },
  })
  const retired = (await harness.api('POST', 'feature_flags/', {
    key: 'retired',
    active: false,
    filters: { groups: [] },
  })) as {
    id: number
  }
  await harness.api('POST', `feature_flags/${retired.id}/archive/`)
  for (const name of ['Twins', 'Twins']) {
    await harness.api('POST', 'cohorts/', { name, is_static: true })
  }
  await harness.api('POST', 'groups/', {
    group_type_index: 0,
    group_key: 'acme',
    group_properties: { seats: 5, plan: 'pro' },
  })
  await harness.api('POST', 'insight_variables/', { name: 'Country', type: 'String', default_value: 'DE' })
  await harness.api('POST', 'insight_variables/', { name: 'Plan', type: 'List', values: ['pro', 'free'] })
  await harness.api('POST', 'event_definitions/', {
    name: hostile,
    description: 'Ends */ here',
    tags: ['b', 'a'],
  })
  await harness.api('POST', 'event_definitions/', { name: 'hidden one', hidden: true })
})

afterAll(() => harness[Symbol.asyncDispose]())

beforeEach(async () => {
  for (const name of await readdir(harness.folder)) await rm(join(harness.folder, name), { recursive: true })
})

const read = (name: string): Promise<string> => readFile(join(harness.folder, name), 'utf8')

/** Runs a command that succeeds without warnings, and returns its output. */
async function succeed(...argv: readonly string[]): Promise<string> {
  const { code, out, err } = await harness.run(argv)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

describe('project pull', () => {
  it('writes a module that compiles, and its lock file', async () => {
    const out = await succeed('project', 'pull')
    expect(out).toBe(
      `8 events, 3 feature flags, 2 cohorts, 1 group type, 2 variables\nWrote ${module} and ${lock}.\n`,
    )
    const text = await read(module)
    expect(compileModules([text])).toEqual([])
    for (const line of [
      '  readonly amount?: number | null | undefined',
      '  readonly is_first_purchase?: boolean | null | undefined',
      "  readonly 'checkout-test': { readonly variants: { readonly control: undefined; readonly test: { readonly color: string; readonly sizes: readonly number[] } } }",
      "  /** @deprecated The flag is disabled. */\n  readonly 'old-banner': { readonly payload: string }",
      '  /** @deprecated The flag is archived. */\n  readonly retired: { readonly payload: undefined }',
      "  /** @deprecated Hidden in PostHog. */\n  hiddenOne: 'hidden one',",
      '  /**\n   * Ends *\\/ here\n   * Tags: a, b.\n   */\n',
      '  readonly Twins: 1 | 2',
      '  twins: 1,',
      '  twins2: 2,',
      '  readonly company: { readonly index: 0; readonly properties: { readonly plan?: string | null | undefined; readonly seats?: number | null | undefined } }',
      "  readonly plan: 'free' | 'pro'",
      "  checkoutTest: 'checkout-test',",
    ]) {
      expect(text).toContain(line)
    }
    expect(text).toMatch(/readonly purchase: Pick<EventProperties, .*'amount'.*>\n/)
    expect((await readdir(harness.folder)).sort()).toEqual([lock, module])
  })

  it('changes nothing when it runs again', async () => {
    await succeed('project', 'pull')
    const before = [await read(module), await read(lock)]
    expect(await succeed('project', 'pull')).toContain(`${module} and ${lock} are up to date.`)
    expect([await read(module), await read(lock)]).toEqual(before)
  })

  it('reads the properties of the most frequent events only, and says so', async () => {
    const out = await succeed('project', 'pull', '--max-events', '2', '--include', 'events')
    expect(out).toContain(
      '6 events without properties and constants. `typehog project pull --max-events` raises the limit.',
    )
    const text = await read(module)
    expect(text).toContain('// Properties and constants of 2 of 8 events; the others have names only.')
    expect(text).toContain('readonly sign_up: unknown')
    expect(text).not.toContain('ProjectFeatureFlags')
    const { events } = JSON.parse(await read(lock))
    const withProperties = Object.keys(events).filter((name) => events[name].properties !== undefined)
    expect(withProperties).toContain('$pageview')
    expect(withProperties).toHaveLength(2)
  })

  it('keeps the areas, the limit and strict names of the last pull', async () => {
    await succeed('project', 'pull', '--max-events', '2', '--include', 'events', '--strict-names')
    expect(await read(module)).toContain('  readonly strict: true\n')
    const before = [await read(module), await read(lock)]
    await succeed('project', 'pull')
    expect([await read(module), await read(lock)]).toEqual(before)
    await succeed('project', 'pull', '--no-strict-names')
    expect(await read(module)).not.toContain('strict')
  })

  it('reports an unknown area and names the closest', async () => {
    const { code, err } = await harness.run(['project', 'pull', '--include', 'event'])
    expect(code).toBe(2)
    expect(err).toContain('"event" is not an area of a project.\nFix: Did you mean "events"?')
  })

  it('never overwrites a file that it did not generate', async () => {
    await writeFile(join(harness.folder, module), 'export const mine = 1\n')
    const { code, err } = await harness.run(['project', 'pull'])
    expect({ code, err }).toEqual({
      code: 2,
      err: `Error: ${module} exists and was not generated by \`typehog project pull\`.\nFix: Pass another --out, or --force to replace the file.\n`,
    })
    await succeed('project', 'pull', '--force')
    expect(await read(module)).toContain('export interface Project {')
  })
})

describe('project check', () => {
  it('finds no changes after a pull', async () => {
    await succeed('project', 'pull')
    expect(await succeed('project', 'check')).toBe(`✓ Names in ${lock}: no changes.\n`)
  })

  it('fails for names that PostHog no longer has', async () => {
    await succeed('project', 'pull')
    const text = await read(lock)
    const removed = '    "gone": {"identifier":"gone","properties":["plan"]},\n'
    await writeFile(join(harness.folder, lock), text.replace('"events": {\n', `"events": {\n${removed}`))
    const { code, out } = await harness.run(['project', 'check'])
    expect(code).toBe(1)
    expect(out).toContain('✗ breaking  event gone: PostHog no longer has it.')
    expect(out).toContain(`! risky     ${module}: The module was edited`)
    expect(out).toContain(`1 breaking, 1 risky, 0 safe in ${lock}`)
  })

  it('fails for a deleted flag and, with --strict, for a disabled one', async () => {
    const { id } = (await harness.api('POST', 'feature_flags/', {
      key: 'short-lived',
      active: true,
      filters: { groups: [], multivariate: null },
    })) as { id: number }
    await succeed('project', 'pull')
    await harness.api('PATCH', `feature_flags/${id}/`, { active: false })
    const lax = await harness.run(['project', 'check'])
    expect(lax.code).toBe(0)
    expect(lax.out).toContain('! risky     feature flag short-lived: The flag was disabled')
    expect((await harness.run(['project', 'check', '--strict'])).code).toBe(1)
    await harness.api('PATCH', `feature_flags/${id}/`, { deleted: true })
    const { code, out } = await harness.run(['project', 'check', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      counts: { breaking: 1, risky: 0, safe: 0 },
      changes: [{ subject: 'feature flag short-lived', grade: 'breaking' }],
    })
  })

  it('needs a lock file', async () => {
    const { code, err } = await harness.run(['project', 'check'])
    expect(code).toBe(2)
    expect(err).toContain(`The lock file ${lock} does not exist.\nFix: Run \`typehog project pull\``)
  })
})

describe('group properties of the local PostHog', () => {
  it('need the index of a group type', async () => {
    await expect(harness.api('GET', 'property_definitions/?type=group')).rejects.toThrow(
      '`group_type_index` must be set for `group` type',
    )
  })
})
