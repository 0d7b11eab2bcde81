import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Assertion, area } from '../../../src/conformance/assertion.ts'
import { assertions } from '../../../src/conformance/assertions.ts'
import { create } from '../../../src/conformance/facts/create.ts'
import { at } from '../../../src/conformance/outcome.ts'
import { type AssertionResult, runAssertions } from '../../../src/conformance/run-assertions.ts'
import { equals } from '../../../src/conformance/verdicts.ts'
import { createClient, type TypehogClient } from '../../../src/index.ts'
import { type LocalKey, type LocalPostHog, startLocalPostHog } from '../../../src/testing.ts'

const restricted = 'phx_restricted00000000000000000000000000000000000'

/** Facts that sample data cannot show. */
const untestable = ['lists.default-page']

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  const keys: readonly LocalKey[] = [{ value: restricted, kind: 'personal', scopes: ['query:read'] }]
  local = await startLocalPostHog({ events: 300, throttle: false, keys })
  const { url } = await local.listen()
  posthog = createClient({
    apiKey: local.personalApiKey,
    projectId: 1,
    host: url,
    logLevel: 'off',
    limits: false,
  })
  // Objects that facts about reading need.
  await posthog.featureFlags.create({ key: 'checkout', filters: { groups: [] } })
  await posthog.insights.create({
    name: 'Views',
    query: {
      kind: 'InsightVizNode',
      source: { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: '$pageview' }] },
    },
  })
  await posthog.organization('@current').roles.create({ name: 'Editors' })
})
afterAll(() => local.close())

async function test(
  tested: readonly Assertion[],
  { write = true, signal = new AbortController().signal, client = posthog } = {},
): Promise<AssertionResult[]> {
  const all: AssertionResult[] = []
  for await (const result of runAssertions(tested, { client, projectId: '1', write, signal }))
    all.push(result)
  return all
}

const { write } = area('test', { source: 'this test', date: '2026-11-27' })
const countOf = async (path: string): Promise<unknown> => {
  const { count } = await posthog.request(
    `GET /api/projects/{project_id}/${path}/` as 'GET /api/projects/{project_id}/cohorts/',
  )
  return count
}

describe('the assertions', () => {
  it('are at least 120, with an id, a source and a date each', () => {
    expect(assertions.length).toBeGreaterThanOrEqual(120)
    expect(new Set(assertions.map(({ id }) => id)).size).toBe(assertions.length)
    for (const { id, statement, source, date } of assertions) {
      expect(id).toMatch(/^[a-z-]+\.[\w-]+$/)
      expect(statement, id).toMatch(/^\S.*\S$/)
      expect(source, id).toMatch(/PostHog\/|@posthog\//)
      expect(date, id).toMatch(/^2026-\d\d-\d\d$/)
    }
  })

  it('hold for the local PostHog, and leave nothing behind', { timeout: 400_000 }, async () => {
    const lists = [
      'cohorts',
      'dashboards',
      'endpoints',
      'feature_flags',
      'insights',
      'surveys',
      'alerts',
      'experiments',
    ]
    const before = await Promise.all(lists.map(countOf))
    const all = await test(assertions)
    const open = all.filter(({ result }) => result !== 'held').map(({ id }) => id)
    expect(open.sort()).toEqual(untestable)
    expect(all.flatMap(({ leftovers = [] }) => leftovers)).toEqual([])
    expect(await Promise.all(lists.map(countOf))).toEqual(before)
    // The sample persons have e-mail addresses at example.com.
    expect(JSON.stringify(all)).not.toMatch(/@example\.com|phc_\w/)
  })

  it('write nothing without permission', { timeout: 200_000 }, async () => {
    const start = local.requests.length
    const all = await test(assertions, { write: false })
    const writes = all.filter(({ mode }) => mode === 'write')
    expect(writes.length).toBeGreaterThan(50)
    expect(new Set(writes.map(({ reason }) => reason))).toEqual(
      new Set(['It writes. Allow it with --write.']),
    )
    const reading =
      /^POST \S*\/(?:query|check_auth_for_async|run|last_execution_times|flags)\/(?:\?|$)|^DELETE \S*\/query\//
    const sent = local.requests.slice(start).map(({ method, path }) => `${method} ${path}`)
    expect(sent.filter((line) => !line.startsWith('GET ') && !reading.test(line))).toEqual([])
  })

  it('are not tried when the key lacks a scope', async () => {
    const client = posthog.with({ apiKey: restricted })
    const [first] = await test(
      assertions.filter(({ id }) => id === 'lists.cohorts-page'),
      { client },
    )
    expect(first).toMatchObject({ result: 'not tried', reason: 'The key lacks the scope cohort:read.' })
  })
})

describe('cleaning up', () => {
  const failing = (fail: () => void): Assertion =>
    write('fails', 'A test that fails in the middle.', async (probe) => {
      await create(probe, 'cohorts/', { name: probe.name, is_static: true }, 'PATCH')
      fail()
      return equals(at(await probe.need('GET', 'cohorts/'), 'count'), 0)
    })

  it('happens when a test fails', async () => {
    const before = await countOf('cohorts')
    const [result] = await test([
      failing(() => {
        throw new Error('in the middle')
      }),
    ])
    expect(result).toMatchObject({ result: 'not tried', reason: 'The test failed: in the middle' })
    expect(await countOf('cohorts')).toBe(before)
  })

  it('happens when the run is interrupted', async () => {
    const before = await countOf('cohorts')
    const interruption = new AbortController()
    const all = await test([failing(() => interruption.abort()), failing(() => {})], {
      signal: interruption.signal,
    })
    expect(all.map(({ reason }) => reason)).toEqual(['The run was interrupted.', 'The run was interrupted.'])
    expect(await countOf('cohorts')).toBe(before)
  })

  it('reports what it cannot remove', async () => {
    const stuck = write('stuck', 'An object that cannot be removed.', async (probe) => {
      probe.cleanUp('POST', 'cohorts/', { body: {} })
      return equals(true, true)
    })
    const [result] = await test([stuck])
    expect(result).toMatchObject({ result: 'held', leftovers: ['POST cohorts/: status 400'] })
  })
})
