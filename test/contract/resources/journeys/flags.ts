import { expect } from 'vitest'
import type { Journey } from '../journey.ts'

export const featureFlags: Journey = async ({ posthog: { featureFlags }, keeps, fresh, otherProject }) => {
  const { key, id } = await featureFlags.create({ key: fresh('checkout'), active: true })
  await featureFlags.get(id)
  await featureFlags.list({ active: 'true' })
  await featureFlags.update(id, { name: 'Checkout' })
  const found = await featureFlags.getByKey(key)
  if (keeps) expect(found.id).toBe(id)
  const filters = { groups: [{ properties: [], rollout_percentage: 5 }] }
  const { created, changes } = await featureFlags.ensure(key, { filters })
  if (keeps) expect([created, changes]).toEqual([false, { filters }])
  const { from, to } = await featureFlags.setRollout(key, 25)
  if (keeps) expect([from, to]).toEqual([5, 25])
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
  await featureFlags.createCohort(id)
  const { copied } = await featureFlags.copy(key, { to: [otherProject] })
  if (keeps) expect(copied.map((flag) => flag.key)).toEqual([key])
  const { same } = await featureFlags.compare(otherProject)
  if (keeps) expect(same).toEqual([key])
  await featureFlags.blastRadius({ condition: { properties: [], rollout_percentage: 50 } })
  await featureFlags.evaluationReasons({ distinct_id: 'user-1' })
  const { flags, complete } = await featureFlags.evaluate({
    distinctId: 'user-1',
    personProperties: { plan: 'pro' },
    keys: [key],
  })
  if (keeps) expect([Object.keys(flags), complete]).toEqual([[key], true])
  await featureFlags.update(id, {
    filters: { groups: [{ rollout_percentage: 100 }], payloads: { true: '{"a":1}' } },
  })
  if (keeps) await expect(featureFlags.remoteConfig(key)).rejects.toThrow(/404/)
  else await featureFlags.remoteConfig(id)
  await featureFlags.disable(id)
  await featureFlags.archive(id)
  await featureFlags.unarchive(id)
  await featureFlags.delete(id)
  await featureFlags.restore(id)
  await featureFlags.deleteMany([id])
}

export const earlyAccessFeatures: Journey = async ({ posthog: { earlyAccessFeatures }, fresh }) => {
  const { id } = await earlyAccessFeatures.create({ name: fresh('Beta'), stage: 'beta' })
  await earlyAccessFeatures.get(id)
  await earlyAccessFeatures.list()
  await earlyAccessFeatures.update(id, { description: 'For the brave' })
  await earlyAccessFeatures.deleteMany([id], { dryRun: true })
  await earlyAccessFeatures.delete(id)
  expect((await earlyAccessFeatures.deleteMany([id])).failed).toEqual([])
}

export const experiments: Journey = async ({ posthog: { experiments }, keeps, fresh, otherProject }) => {
  const metric = {
    kind: 'ExperimentMetric',
    metric_type: 'mean',
    uuid: '018d2a6e-0000-7000-8000-0000000000aa',
    source: { kind: 'EventsNode', event: '$pageview' },
  }
  const { id } = await experiments.create({
    name: fresh('Button'),
    feature_flag_key: fresh('button'),
    metrics: [metric] as never,
  })
  await experiments.get(id)
  await experiments.list()
  await experiments.update(id, { description: 'Green or blue' })
  await experiments.launch(id)
  await experiments.pause(id)
  await experiments.resume(id)
  const results = await experiments.results(id)
  if (keeps)
    expect(results).toEqual([
      {
        metric: expect.objectContaining({ uuid: metric.uuid }),
        primary: true,
        result: expect.objectContaining({ variant_results: expect.any(Array) }),
      },
    ])
  await experiments.timeseries(id, { metric_uuid: metric.uuid, fingerprint: 'f' })
  await experiments.createExposureCohort(id)
  await experiments.shipVariant(id, { variant_key: 'test' })
  if (!keeps) await experiments.end(id, { conclusion: 'won' })
  await experiments.archive(id)
  await experiments.unarchive(id)
  await experiments.reset(id)
  const copy = await experiments.duplicate(id, { feature_flag_key: fresh('button-copy') })
  if (keeps) {
    await experiments.launch(copy.id)
    const { conclusion } = await experiments.end(copy.id, { conclusion: 'won' })
    expect(conclusion).toBe('won')
  }
  await experiments.copyToProject(id, { target_team_id: otherProject })
  await experiments.delete(id)
  await experiments.restore(id)
  await experiments.deleteMany([id])
}

export const surveys: Journey = async ({ posthog: { surveys }, keeps, fresh, otherProject }) => {
  const { id } = await surveys.create({
    name: fresh('NPS'),
    type: 'popover',
    questions: [{ type: 'open', question: 'Why?' }],
  })
  await surveys.get(id)
  await surveys.list()
  await surveys.update(id, { description: 'Each quarter' })
  await surveys.activity(id)
  await surveys.stats(id)
  await surveys.responsesCount()
  const response = '018d2a6e-0000-7000-8000-0000000000bb'
  await surveys.archiveResponse(id, response)
  const archived = await surveys.archivedResponses(id)
  if (keeps) expect(archived).toEqual([response])
  await surveys.unarchiveResponse(id, response)
  await surveys.duplicate(id, { target_team_ids: [otherProject] })
  await surveys.deleteMany([id], { dryRun: true })
  await surveys.delete(id)
  expect((await surveys.deleteMany([id])).failed).toEqual([])
}
