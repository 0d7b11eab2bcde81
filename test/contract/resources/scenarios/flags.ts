import { expect } from 'vitest'
import type { TypehogClient } from '../../../../src/index.ts'
import { allowForbidden, allowNotFound, type Scenario } from '../scenario.ts'

export const featureFlags: Scenario = async ({ posthog: { featureFlags }, fresh, otherProject }) => {
  const { key, id } = await featureFlags.create({ key: fresh('checkout'), active: true })
  await featureFlags.get(id)
  await featureFlags.list({ active: 'true' })
  await featureFlags.update(id, { name: 'Checkout' })
  await featureFlags.getByKey(key)
  await featureFlags.ensure(key, { filters: { groups: [{ properties: [], rollout_percentage: 5 }] } })
  await featureFlags.setRollout(key, 25)
  const edited = await featureFlags.edit(id, (flag) => {
    flag.name = fresh('New checkout')
  })
  expect(Object.keys(edited.changes)).toEqual(['name'])
  await featureFlags.disable(key)
  await featureFlags.enable(id)
  await featureFlags.dependents(id)
  await featureFlags.activity(id)
  await featureFlags.status(id)
  await featureFlags.version(id, 1)
  await featureFlags.stale()
  await featureFlags.updateTags({ action: 'add', ids: [id], tags: ['core'] })
  await allowForbidden(featureFlags.createCohort(id))
  await featureFlags.copy(key, { to: [otherProject] })
  await featureFlags.copyRequirements(key, [otherProject])
  await featureFlags.compare(otherProject)
  await featureFlags.blastRadius({ condition: { properties: [], rollout_percentage: 50 } })
  await featureFlags.evaluationReasons({ distinct_id: 'user-1' })
  await featureFlags.decide({ distinctId: 'user-1', keys: [key] })
  await featureFlags.evaluate({ distinctId: 'user-1', personProperties: { plan: 'pro' }, keys: [key] })
  await featureFlags.update(id, {
    filters: { groups: [{ rollout_percentage: 100 }], payloads: { true: '{"a":1}' } },
  })
  // The local PostHog has no remote configuration.
  await allowNotFound(featureFlags.remoteConfig(id))
  await featureFlags.disable(id)
  await featureFlags.archive(id)
  await featureFlags.unarchive(id)
  await featureFlags.delete(id)
  await featureFlags.restore(id)
  await featureFlags.deleteMany([id])
  await featureFlags.deleteMatching({ search: key }, { dryRun: true })
  await featureFlags.deleteMatching({ search: key })
}

export const scheduledChanges: Scenario = async ({ posthog: { featureFlags, scheduledChanges }, fresh }) => {
  const flag = await featureFlags.create({ key: fresh('scheduled'), active: true })
  const { id } = await scheduledChanges.create({
    model_name: 'FeatureFlag',
    record_id: String(flag.id),
    payload: { operation: 'update_status', value: false },
    scheduled_at: '2099-01-01T00:00:00Z',
  })
  await scheduledChanges.get(id)
  await scheduledChanges.list({ record_id: String(flag.id) })
  await scheduledChanges.update(id, { scheduled_at: '2099-02-01T00:00:00Z' })
  await scheduledChanges.deleteMany([id], { dryRun: true })
  await scheduledChanges.delete(id)
  expect((await scheduledChanges.deleteMany([id])).failed).toEqual([])
}

export const earlyAccessFeatures: Scenario = async ({ posthog: { earlyAccessFeatures }, fresh }) => {
  const { id } = await earlyAccessFeatures.create({ name: fresh('Beta'), stage: 'beta' })
  await earlyAccessFeatures.get(id)
  await earlyAccessFeatures.list()
  await earlyAccessFeatures.update(id, { description: 'For the brave' })
  await earlyAccessFeatures.deleteMany([id], { dryRun: true })
  await earlyAccessFeatures.delete(id)
  expect((await earlyAccessFeatures.deleteMany([id])).failed).toEqual([])
}

const metric = {
  kind: 'ExperimentMetric',
  metric_type: 'mean',
  uuid: '018d2a6e-0000-7000-8000-0000000000aa',
  source: { kind: 'EventsNode', event: '$pageview' },
}

export const experiments: Scenario = async ({ posthog: { experiments }, fresh, otherProject }) => {
  const { id } = await experiments.create({
    name: fresh('Button'),
    feature_flag_key: fresh('button'),
    metrics: [metric] as never,
  })
  await experiments.get(id)
  await experiments.list({ status: 'draft', order: '-created_at' })
  await experiments.update(id, { description: 'Green or blue' })
  await experiments.launch(id)
  await experiments.pause(id)
  await experiments.resume(id)
  await experiments.results(id)
  await experiments.timeseries(id, { metric_uuid: metric.uuid, fingerprint: 'f' })
  await experiments.createExposureCohort(id)
  await experiments.shipVariant(id, { variant_key: 'test' })
  await experiments.archive(id)
  await experiments.unarchive(id)
  await experiments.reset(id)
  const copy = await experiments.duplicate(id, {
    feature_flag_key: fresh('button-copy'),
    name: fresh('Button copy'),
  })
  await experiments.launch(copy.id)
  await experiments.end(copy.id, { conclusion: 'won' })
  await experiments.copyToProject(id, { target_team_id: otherProject })
  await experiments.delete(id)
  await experiments.restore(id)
  await experiments.deleteMany([id])
}

export const experimentExposure: Scenario = async ({ posthog, fresh }) => {
  const { experiments } = posthog
  const key = fresh('exposed')
  const { experiment } = await experiments.ensure(key, { name: fresh('Exposed'), metrics: [metric] as never })
  const { id } = experiment
  await experiments.launch(id)
  await expose(posthog, key)
  await experiments.freezeExposure(id)
  await experiments.unfreezeExposure(id)
  const recalculation = await experiments.recalculateMetrics(id)
  await experiments.recalculation(id, recalculation.id)
  await experiments.latestRecalculation(id)
  await experiments.runningTime({ metric_type: 'funnel', baseline_value: 0.1, minimum_detectable_effect: 20 })
  await experiments.updateTags({ action: 'add', ids: [id], tags: ['checkout'] })
  await experiments.activity(id)
}

// Without an exposure, there is nothing to freeze.
async function expose({ events }: TypehogClient, flag: string): Promise<void> {
  await events.capture({
    event: '$feature_flag_called',
    distinctId: 'user-1',
    properties: { $feature_flag: flag, $feature_flag_response: 'test' },
  })
}

export const surveys: Scenario = async ({ posthog: { surveys }, fresh, otherProject }) => {
  const { id } = await surveys.create({
    name: fresh('NPS'),
    type: 'popover',
    questions: [{ type: 'open', question: 'Why?' }],
  })
  await surveys.get(id)
  await surveys.list()
  await surveys.update(id, { description: 'Each quarter' })
  await surveys.launch(id)
  await surveys.responses(id, { limit: 10 })
  await surveys.stop(id)
  await surveys.activity(id)
  await surveys.stats(id)
  await surveys.responsesCount()
  const response = '018d2a6e-0000-7000-8000-0000000000bb'
  await surveys.archiveResponse(id, response)
  await surveys.archivedResponses(id)
  await surveys.unarchiveResponse(id, response)
  await surveys.duplicate(id, { target_team_ids: [otherProject] })
  await surveys.deleteMany([id], { dryRun: true })
  await surveys.delete(id)
  expect((await surveys.deleteMany([id])).failed).toEqual([])
}
