import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { compileModules } from '../../unit/codegen/endpoints/compile.ts'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
const module = 'posthog.project.ts'
const lock = 'posthog.project.lock.json'
const hostile = "it's */ a `name` \u2028 ${x}"

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

describe('project pull', () => {
  it('x', async () => {
    const { code, out, err } = await harness.run(['project', 'pull'])
    console.log(code, out, err)
    console.log(await read(module), await read(lock))
    console.log((await harness.run(['project', 'check'])).out)
    console.log(await compileModules([await read(module)]))
  })
})
