import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../src/index.ts'
import { createClient } from '../../../src/index.ts'
import { type LocalPostHog, startLocalPostHog } from '../../../src/testing.ts'

let local: LocalPostHog
let posthog: TypehogClient
/** A second client, which changes the same project concurrently. */
let other: TypehogClient

beforeAll(async () => {
  local = await startLocalPostHog({ events: 200, throttle: false })
  const { url } = await local.listen()
  const options = {
    host: url,
    apiKey: local.personalApiKey,
    projectId: local.projectId,
    limits: false,
  } as const
  posthog = createClient(options)
  other = createClient(options)
})
afterAll(() => local.close())

const eventsNamed = async (event: string): Promise<number> => {
  const { rows } = await posthog.hogql<{
    count: number
  }>`select count() as count from events where event = ${event}`
  return Number(rows[0]?.count)
}

const identify = (distinctId: string, email: string): Parameters<typeof posthog.events.capture>[0] => ({
  event: '$identify',
  distinctId,
  properties: { $set: { email } },
})

describe('captured events', () => {
  it('are stored unchanged, compressed or not', async () => {
    const properties = {
      text: `o'brien \\ "😀" ${'x'.repeat(5_000)}`,
      big: 2n ** 60n,
      nested: { a: [1, null] },
    }
    await posthog.events.capture({ event: 'edge compressed', distinctId: 'edge', properties })
    const uuid = crypto.randomUUID()
    await posthog.events.captureBatch([{ event: 'edge compressed', distinctId: 'edge', uuid }])
    expect(await eventsNamed('edge compressed')).toBe(2)
    const rows = await posthog.request('GET /api/projects/{project_id}/events/', {
      query: { event: 'edge compressed' },
    })
    const found = (rows.results ?? []).map((row) => Object(row).properties.text)
    expect(found).toContain(properties.text)
  })

  it('are stored once when they are sent twice', async () => {
    const event = { event: 'edge twice', distinctId: 'edge', uuid: crypto.randomUUID() }
    const timestamp = new Date()
    await posthog.events.capture({ ...event, timestamp })
    await posthog.events.capture({ ...event, timestamp })
    expect(await eventsNamed('edge twice')).toBe(1)
  })
})

describe('persons', () => {
  const addresses = {
    'edge-1': 'Ada.Edge@Example.com',
    'edge-2': 'ada.edge@example.com',
    'edge-3': "o'brien\\edge@example.com",
    'edge-4': 'MÜLLER.edge@example.com',
    'edge-5': '',
  }
  beforeAll(async () => {
    const events = Object.entries(addresses).map(([id, email]) => identify(id, email))
    await posthog.events.captureBatch(events)
  })

  it('are all found by email address, ignoring case, and none by injection', async () => {
    const cohort = await posthog.cohorts.create({ name: 'Edge', is_static: true })
    const hostile = ["') or 1=1 --", "x' or '1'='1", '\\', '%', '']
    const emails = [
      ' ADA.edge@example.COM',
      "O'Brien\\Edge@example.com",
      'müller.EDGE@example.com',
      ...hostile,
    ]
    const { added, missing } = await posthog.cohorts.addPersons(cohort.id, { emails })
    expect(added).toBe(4)
    expect(missing.emails).toEqual(hostile)
    const persons = await posthog.cohorts.persons(cohort.id).toArray({ max: 100 })
    expect(persons.flatMap((person) => Object(person).distinct_ids).sort()).toEqual([
      'edge-1',
      'edge-2',
      'edge-3',
      'edge-4',
    ])
  })

  it('are looked up in batches, with unknown IDs reported', async () => {
    const cohort = await posthog.cohorts.create({ name: 'Edge many', is_static: true })
    const distinctIds = [
      'edge-1',
      ...Array.from({ length: 2_000 }, (_, index) => `nobody-${index}`),
      'edge-2',
    ]
    const { added, missing } = await posthog.cohorts.addPersons(cohort.id, { distinctIds })
    expect([added, missing.distinctIds.length]).toEqual([2, 2_000])
  })

  it('are erased once per ID, and only counted in a dry run', async () => {
    const distinctIds = ['edge-1', 'edge-2', 'edge-1', 'nobody']
    const dry = await posthog.persons.erase({ distinctIds, dryRun: true })
    expect(dry).toMatchObject({ requested: 3, found: 2, deleted: 0 })
    const receipt = await posthog.persons.erase({ distinctIds })
    expect(receipt).toMatchObject({ requested: 3, found: 2, deleted: 2, failed: [] })
    expect(await posthog.persons.erase({ distinctIds, dryRun: true })).toMatchObject({ found: 0 })
  })
})

describe('feature flags with concurrent changes', () => {
  const addExclamationMark = (flag: { name?: string }): void => {
    flag.name = `${flag.name}!`
  }
  const groups = (rollout_percentage: number): object => ({
    groups: [{ properties: [], rollout_percentage }],
  })

  it('keep both changes of different fields', async () => {
    await posthog.featureFlags.ensure('edge-both', { name: 'a', filters: groups(10) })
    const edited = await posthog.featureFlags.edit('edge-both', async (flag) => {
      if (flag.name === 'a') await other.featureFlags.setRollout('edge-both', 50)
      flag.name = 'b'
    })
    expect(edited.flag).toMatchObject({ name: 'b', filters: groups(50) })
    expect(edited.attempts).toBe(1)
  })

  it('repeat an edit when both changed the same field', async () => {
    await posthog.featureFlags.ensure('edge-same', { name: 'a' })
    let rounds = 0
    const edited = await posthog.featureFlags.edit('edge-same', async (flag) => {
      rounds += 1
      if (rounds < 3) await other.featureFlags.edit('edge-same', addExclamationMark)
      flag.name = `${flag.name}b`
    })
    expect(edited).toMatchObject({ attempts: 3, flag: { name: 'a!!b' } })
  })

  it('reject an edit after repeated conflicts, and keep the other change', async () => {
    await posthog.featureFlags.ensure('edge-always', { name: 'a' })
    const call = posthog.featureFlags.edit('edge-always', async (flag) => {
      await other.featureFlags.edit('edge-always', addExclamationMark)
      flag.name = 'mine'
    })
    await expect(call).rejects.toMatchObject({ name: 'ConflictError' })
    expect((await other.featureFlags.getByKey('edge-always')).name).toBe('a!!!')
  })

  it('are created once by concurrent calls of ensure', async () => {
    const definition = { name: 'Together', active: true, tags: ['Growth', 'beta'] }
    const both = await Promise.all(
      [posthog, other].map((client) => client.featureFlags.ensure('edge-together', definition)),
    )
    expect(both.map(({ created }) => created).sort()).toEqual([false, true])
    expect(both[0]?.flag.id).toBe(both[1]?.flag.id)
    expect(await posthog.featureFlags.ensure('edge-together', definition)).toMatchObject({
      created: false,
      changes: {},
    })
  })

  it('are deleted once, and then missing in a dry run', async () => {
    const { flag } = await posthog.featureFlags.ensure('edge-deleted')
    const { id } = flag
    expect((await posthog.featureFlags.deleteMany([id, id])).deleted).toEqual([id])
    const report = await posthog.featureFlags.deleteMany([id, 999_999], { dryRun: true })
    expect(report).toMatchObject({ deleted: [], missing: [id, 999_999] })
  })
})
