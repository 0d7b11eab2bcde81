import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

const otherProject = 2
const query = {
  kind: 'DataTableNode' as const,
  source: { kind: 'HogQLQuery' as const, query: 'select count() from events' },
}

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 600, projects: [otherProject] }))
})
afterAll(() => local.close())

describe('insights', () => {
  it('are found by their short ID', async () => {
    const { id, short_id } = await posthog.insights.create({ name: 'Events', query })
    expect((await posthog.insights.get(short_id)).id).toBe(id)
    expect((await posthog.insights.list({ short_id })).items.map((insight) => insight.id)).toEqual([id])
  })

  it('run to a fresh result', async () => {
    const { id } = await posthog.insights.create({ name: 'Events', query })
    expect(await posthog.insights.run(id, { totalTimeout: 20_000 })).toMatchObject({
      state: 'fresh',
      result: expect.anything(),
    })
  })

  it('have a fresh cached result after a run', async () => {
    const { id } = await posthog.insights.create({ name: 'Events', query })
    await posthog.insights.run(id, { totalTimeout: 20_000 })
    expect((await posthog.insights.result(id)).state).toBe('fresh')
  })

  it('are shared after an update', async () => {
    const { id } = await posthog.insights.create({ name: 'Events', query })
    expect((await posthog.insights.updateSharing(id, { enabled: true })).enabled).toBe(true)
  })
})

describe('dashboards', () => {
  async function withTwoTiles(): Promise<{ id: number; tiles: number[] }> {
    const { id } = await posthog.dashboards.create({ name: 'Growth' })
    await posthog.insights.create({ name: 'One', query, dashboards: [id] })
    await posthog.insights.create({ name: 'Two', query, dashboards: [id] })
    const { tiles } = await posthog.dashboards.get(id)
    return { id, tiles: (tiles ?? []).map((tile) => Number(Object(tile).id)) }
  }

  it('have a tile for each of their insights', async () => {
    expect((await withTwoTiles()).tiles).toHaveLength(2)
  })

  it('lose a tile that moves to another dashboard', async () => {
    const { id, tiles } = await withTwoTiles()
    const [tileId = 0] = tiles
    const other = await posthog.dashboards.create({ name: 'Archive' })
    expect((await posthog.dashboards.moveTile(id, { tileId, to: other.id })).tiles).toHaveLength(1)
  })

  it('stream their metadata before their tiles', async () => {
    const { id } = await withTwoTiles()
    const types: string[] = []
    for await (const { type } of posthog.dashboards.streamTiles(id)) types.push(type)
    expect(types).toEqual(['metadata', 'tile', 'tile'])
  })
})

describe('annotations', () => {
  it('mark a deployment with its version and URL', async () => {
    const url = 'https://example.com/1.4.0'
    const { content } = await posthog.annotations.markDeploy({ version: '1.4.0', url })
    expect(content).toBe('Deployed 1.4.0: https://example.com/1.4.0')
  })

  it('are missing from the list after deleteMany', async () => {
    const { id } = await posthog.annotations.create({ content: 'Outage', scope: 'project' })
    await posthog.annotations.deleteMany([id])
    const listed = await posthog.annotations.list().toArray({ max: 1_000 })
    expect(listed.map((annotation) => annotation.id)).not.toContain(id)
  })
})

describe('comments', () => {
  it('are counted by item', async () => {
    const item = { scope: 'Insight', item_id: 'counted' } as const
    await posthog.comments.create({ content: 'Why?', ...item })
    expect((await posthog.comments.count(item)).count).toBe(1)
  })
})

describe('subscriptions', () => {
  it('have a delivery after a test delivery', async () => {
    const insight = await posthog.insights.create({ name: 'Report', query })
    const { id } = await posthog.subscriptions.create({
      insight: insight.id,
      target_type: 'email',
      target_value: 'ada@example.com',
      frequency: 'weekly',
      start_date: '2026-01-05T09:00:00Z',
    })
    await posthog.subscriptions.testDelivery(id)
    expect((await posthog.subscriptions.deliveries(id)).items).toHaveLength(1)
  })
})

describe('feature flags', () => {
  const filters = { groups: [{ properties: [], rollout_percentage: 5 }] }

  it('are found by their key', async () => {
    const { key, id } = await posthog.featureFlags.create({ key: 'by-key', active: true })
    expect((await posthog.featureFlags.getByKey(key)).id).toBe(id)
  })

  it('are changed by ensure when they exist', async () => {
    const { key } = await posthog.featureFlags.create({ key: 'ensured', active: true })
    const ensured = await posthog.featureFlags.ensure(key, { filters })
    expect(ensured).toMatchObject({ created: false, changes: { filters } })
  })

  it('report the rollout before and after setRollout', async () => {
    const { key } = await posthog.featureFlags.create({ key: 'rollout', active: true, filters })
    expect(await posthog.featureFlags.setRollout(key, 25)).toMatchObject({ from: 5, to: 25 })
  })

  it('are the same in both projects after a copy', async () => {
    const { key } = await posthog.featureFlags.create({ key: 'copied', active: true, filters })
    const { copied } = await posthog.featureFlags.copy(key, { to: [otherProject] })
    expect(copied.map((flag) => flag.key)).toEqual([key])
    expect((await posthog.featureFlags.compare(otherProject)).same).toEqual([key])
  })

  it('are evaluated for the requested keys only', async () => {
    const { key } = await posthog.featureFlags.create({ key: 'evaluated', active: true, filters })
    const { flags, complete } = await posthog.featureFlags.evaluate({ distinctId: 'user-1', keys: [key] })
    expect([Object.keys(flags), complete]).toEqual([[key], true])
  })

  it('have no remote configuration in the local PostHog', async () => {
    const { key } = await posthog.featureFlags.create({ key: 'remote', active: true })
    await expect(posthog.featureFlags.remoteConfig(key)).rejects.toMatchObject({ status: 404 })
  })
})

describe('experiments', () => {
  const metric = {
    kind: 'ExperimentMetric',
    metric_type: 'mean',
    uuid: '018d2a6e-0000-7000-8000-0000000000aa',
    source: { kind: 'EventsNode', event: '$pageview' },
  }

  it('have one result for each metric', async () => {
    const { id } = await posthog.experiments.create({
      name: 'Button',
      feature_flag_key: 'button',
      metrics: [metric] as never,
    })
    await posthog.experiments.launch(id)
    expect(await posthog.experiments.results(id)).toEqual([
      {
        metric: expect.objectContaining({ uuid: metric.uuid }),
        primary: true,
        result: expect.objectContaining({ variant_results: expect.any(Array) }),
      },
    ])
  })

  it('keep the conclusion of their end', async () => {
    const { id } = await posthog.experiments.create({ name: 'Banner', feature_flag_key: 'banner' })
    await posthog.experiments.launch(id)
    expect((await posthog.experiments.end(id, { conclusion: 'won' })).conclusion).toBe('won')
  })
})

describe('surveys', () => {
  it('list their archived responses', async () => {
    const questions = [{ type: 'open' as const, question: 'Why?' }]
    const { id } = await posthog.surveys.create({ name: 'NPS', type: 'popover', questions })
    const response = '018d2a6e-0000-7000-8000-0000000000bb'
    await posthog.surveys.archiveResponse(id, response)
    expect(await posthog.surveys.archivedResponses(id)).toEqual([response])
  })
})

describe('batch exports', () => {
  it('have runs after a backfill', async () => {
    const { id } = await posthog.batchExports.create({
      name: 'S3',
      interval: 'hour',
      destination: {
        type: 'S3',
        config: { bucket_name: 'events', region: 'eu-central-1', prefix: 'x/' },
      } as never,
    })
    const span = { start_at: '2026-01-01T00:00:00Z', end_at: '2026-01-02T00:00:00Z' }
    await posthog.batchExports.createBackfill(id, span)
    expect((await posthog.batchExports.runs(id)).items.length).toBeGreaterThan(0)
  })
})

describe('endpoints', () => {
  it('report whether they can be materialized', async () => {
    await posthog.endpoints.create({
      name: 'signups',
      query: { kind: 'HogQLQuery', query: 'select event, count() as n from events group by event' } as never,
    })
    const preview = await posthog.endpoints.materializationPreview('signups')
    expect(preview).toMatchObject({ can_materialize: true })
  })
})

describe('queries', () => {
  it('return rows', async () => {
    const { results } = await posthog.query.run({ kind: 'HogQLQuery', query: 'select 1' })
    expect(results).toEqual([[1]])
  })
})
