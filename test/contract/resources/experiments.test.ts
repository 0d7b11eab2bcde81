import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigurationError, type Experiment, type TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 50 }))
})
afterAll(() => local.close())

const metric = {
  kind: 'ExperimentMetric',
  metric_type: 'mean',
  source: { kind: 'EventsNode', event: 'purchase' },
} as never

async function running(key: string, more: object = {}): Promise<Experiment> {
  const { id } = await posthog.experiments.create({ name: key, feature_flag_key: key, ...more })
  return posthog.experiments.launch(id)
}

const expose = (flag: string, ...distinctIds: string[]): Promise<unknown> =>
  posthog.events.captureBatch(
    distinctIds.map((distinctId, index) => ({
      event: '$feature_flag_called',
      distinctId,
      properties: { $feature_flag: flag, $feature_flag_response: index % 2 === 0 ? 'control' : 'test' },
    })),
  )

describe('experiments.ensure', () => {
  it('creates an experiment on a flag once, then changes only the fields that differ', async () => {
    const { experiments } = posthog
    const definition = { name: 'Checkout', description: 'One page', metrics: [metric] }
    const first = await experiments.ensure('checkout', definition)
    expect(first).toMatchObject({ created: true, changes: {}, experiment: { feature_flag_key: 'checkout' } })
    const again = await experiments.ensure('checkout', definition)
    expect(again).toMatchObject({ created: false, changes: {}, experiment: { id: first.experiment.id } })
    const changed = await experiments.ensure('checkout', { name: 'Checkout', description: 'Two pages' })
    expect(changed).toMatchObject({ created: false, changes: { description: 'Two pages' } })
    expect(changed.experiment).toMatchObject({ description: 'Two pages', metrics: [{ metric_type: 'mean' }] })
  })

  it('finds archived experiments, and changes nothing if several use the flag', async () => {
    const { experiments } = posthog
    const { id } = await running('archived')
    await experiments.end(id, { conclusion: 'won' })
    await experiments.archive(id)
    expect(await experiments.ensure('archived', { name: 'archived' })).toMatchObject({
      created: false,
      experiment: { id },
    })
    await experiments.create({ name: 'Second', feature_flag_key: 'archived' })
    const ensuring = experiments.ensure('archived', { name: 'Other' })
    await expect(ensuring).rejects.toThrow(ConfigurationError)
    expect((await experiments.get(id)).name).toBe('archived')
  })
})

describe('freezing the exposure', () => {
  it('restricts the flag to a cohort of the exposed persons, and unfreezing reverts it', async () => {
    const { experiments, featureFlags, cohorts } = posthog
    const one = await running('freezing')
    expect(one).toMatchObject({ status: 'running', can_freeze_exposure: true })
    const before = (await featureFlags.getByKey('freezing')).filters
    await expose('freezing', 'user-1', 'user-2')
    expect(await experiments.freezeExposure(one.id)).toMatchObject({
      status: 'exposure_frozen',
      can_freeze_exposure: false,
    })
    const [group] = Object((await featureFlags.getByKey('freezing')).filters).groups
    expect(group).toMatchObject({ exposure_frozen: true, properties: [{ type: 'cohort', key: 'id' }] })
    const cohort = Number(group.properties[0].value)
    expect(await cohorts.get(cohort)).toMatchObject({ is_static: true, count: 2 })
    const uses = await cohorts.usedIn(cohort)
    expect(uses.feature_flags).toMatchObject({ total: 1, has_more: false, results: [{ key: 'freezing' }] })
    await expect(experiments.freezeExposure(one.id)).rejects.toMatchObject({
      detail: 'Experiment exposure is already frozen.',
    })
    expect((await experiments.list({ status: 'exposure_frozen' })).items.map(({ id }) => id)).toEqual([
      one.id,
    ])

    expect(await experiments.unfreezeExposure(one.id)).toMatchObject({ status: 'running' })
    expect((await featureFlags.getByKey('freezing')).filters).toEqual(before)
    await expect(cohorts.get(cohort)).rejects.toMatchObject({ status: 404 })
    const activities = (await experiments.activity(one.id)).items.map(({ activity }) => activity)
    expect(activities.slice(0, 2)).toEqual(['exposure_unfrozen', 'exposure_frozen'])
  })

  it('needs a running experiment with exposures', async () => {
    const { experiments } = posthog
    const draft = await experiments.create({ name: 'Draft', feature_flag_key: 'draft' })
    await expect(experiments.freezeExposure(draft.id)).rejects.toMatchObject({
      status: 400,
      detail: 'Experiment has not been launched yet.',
    })
    const one = await running('unexposed')
    await expect(experiments.freezeExposure(one.id)).rejects.toMatchObject({ status: 400 })
    await expect(experiments.unfreezeExposure(one.id)).rejects.toMatchObject({
      detail: 'Experiment exposure is not frozen.',
    })
    await experiments.pause(one.id)
    await expect(experiments.freezeExposure(one.id)).rejects.toMatchObject({
      detail: 'Cannot freeze a paused experiment. Resume it first.',
    })
  })
})

describe('recalculating metrics', () => {
  it('starts without results, which the recalculation then has', async () => {
    const { experiments } = posthog
    const { id, metrics } = await running('recalculated', { metrics: [metric] })
    await expect(experiments.latestRecalculation(id)).rejects.toMatchObject({ status: 404 })
    await expose('recalculated', 'user-1', 'user-2', 'user-3')
    const started = await experiments.recalculateMetrics(id)
    expect(started).toMatchObject({ status: 'pending', total_metrics: 1, is_existing: false })
    const finished = await experiments.recalculation(id, started.id)
    const uuid = Object(metrics)[0].uuid
    expect(finished).toMatchObject({
      id: started.id,
      status: 'completed',
      completed_metrics: 1,
      results: [{ metric_uuid: uuid, status: 'completed' }],
    })
    expect(await experiments.latestRecalculation(id)).toEqual(finished)
    const draft = await experiments.create({ name: 'Not started', feature_flag_key: 'not-started' })
    await expect(experiments.recalculateMetrics(draft.id)).rejects.toMatchObject({ status: 400 })
    await expect(experiments.recalculation(draft.id, started.id)).rejects.toMatchObject({ status: 404 })
  })
})

describe('experiments.runningTime', () => {
  it('computes the sample size of all variants and the days at an exposure rate', async () => {
    const { runningTime } = posthog.experiments
    const funnel = { metric_type: 'funnel' as const, baseline_value: 0.1, minimum_detectable_effect: 20 }
    // 16 · 0.1 · 0.9 / 0.02² samples for each of two variants.
    expect(await runningTime(funnel)).toMatchObject({
      recommended_sample_size: 7_200,
      recommended_running_time_days: null,
    })
    expect(
      await runningTime({ ...funnel, number_of_variants: 3, exposure_rate_per_day: 1_000 }),
    ).toMatchObject({
      recommended_sample_size: 10_800,
      recommended_running_time_days: 11,
    })
    const count = { metric_type: 'mean_count' as const, baseline_value: 4, minimum_detectable_effect: 50 }
    expect(await runningTime(count)).toMatchObject({ variance: 8, recommended_sample_size: 64 })
    const stats = { number_of_samples: 200, sum: 50, step_counts: [80, 20] }
    const measured = { metric_type: 'funnel' as const, minimum_detectable_effect: 20, baseline_stats: stats }
    expect(await runningTime(measured)).toMatchObject({ baseline_value: 0.1, recommended_sample_size: 7_200 })
  })

  it('needs a baseline', async () => {
    const bare = { metric_type: 'ratio' as const, minimum_detectable_effect: 20 }
    await expect(posthog.experiments.runningTime(bare)).rejects.toMatchObject({ status: 400 })
    const half = posthog.experiments.runningTime({ ...bare, baseline_value: 1 })
    await expect(half).rejects.toMatchObject({ status: 400 })
  })
})

describe('the list of experiments', () => {
  it('has neither metrics nor settings', async () => {
    const { experiments } = posthog
    const made = await running('short', { metrics: [metric], stats_config: { method: 'bayesian' } })
    const listed = (await experiments.list({ search: 'short' })).items.find(({ id }) => id === made.id)
    expect(listed).toMatchObject({ name: 'short', status: 'running', feature_flag: { key: 'short' } })
    const full = await experiments.get(made.id)
    const omitted = Object.keys(full).filter((name) => !Object.hasOwn(Object(listed), name))
    expect(omitted).toEqual(expect.arrayContaining(['metrics', 'saved_metrics', 'stats_config']))
    expect(Object.keys(full)).toEqual(expect.arrayContaining(Object.keys(Object(listed))))
  })

  it('is filtered by status, flag, event, tag and archive, and ordered', async () => {
    const { experiments } = posthog
    const first = await running('listed-a', { metrics: [metric] })
    const second = await experiments.create({ name: 'listed-b', feature_flag_key: 'listed-b' })
    await experiments.updateTags({ action: 'add', ids: [second.id], tags: ['Core'] })
    const names = async (query: object): Promise<string[]> =>
      (await experiments.list(query)).items
        .map(({ name }) => name)
        .filter((name) => name.startsWith('listed'))
    expect(await names({ status: 'running' })).toEqual(['listed-a'])
    expect(await names({ status: 'draft' })).toEqual(['listed-b'])
    expect(await names({ event: 'purchase' })).toEqual(['listed-a'])
    expect(await names({ tags: '["core"]' })).toEqual(['listed-b'])
    expect(await names({ excluded_tags: '["core"]' })).toEqual(['listed-a'])
    expect(await names({ order: 'name' })).toEqual(['listed-a', 'listed-b'])
    expect(await names({ order: '-name' })).toEqual(['listed-b', 'listed-a'])
    const flag = await posthog.featureFlags.getByKey('listed-a')
    expect(await names({ feature_flag_id: flag.id })).toEqual(['listed-a'])
    await experiments.end(first.id, { conclusion: 'lost' })
    await experiments.archive(first.id)
    expect(await names({})).toEqual(['listed-b'])
    expect(await names({ archived: true })).toEqual(['listed-a'])
  })
})
