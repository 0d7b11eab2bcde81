import { expect, it } from 'vitest'
import { startLocalClient } from '../local-client.ts'

it('cohorts.usedIn lists the flags, insights and cohorts that refer to a cohort', async () => {
  const { local, posthog } = await startLocalClient({ events: 50 })
  const { cohorts, featureFlags, insights } = posthog
  const { id } = await cohorts.create({ name: 'Paying', is_static: true })
  const unused = { results: [], total: 0, has_more: false }
  expect(await cohorts.usedIn(id)).toEqual({ feature_flags: unused, insights: unused, cohorts: unused })
  // The three types of filters differ.
  const property = { key: 'id', type: 'cohort', operator: 'in', value: id } as never
  const flag = await featureFlags.create({
    key: 'paid',
    name: 'Paid',
    filters: { groups: [{ properties: [property], rollout_percentage: 100 }] },
  })
  const insight = await insights.create({
    name: null,
    query: {
      kind: 'InsightVizNode',
      source: {
        kind: 'TrendsQuery',
        series: [{ kind: 'EventsNode', event: 'paid' }],
        properties: [property],
      },
    },
  })
  const other = await cohorts.create({
    name: 'Paying twice',
    filters: { properties: { type: 'AND', values: [{ type: 'AND', values: [property] }] } },
  })
  expect(await cohorts.usedIn(id)).toEqual({
    feature_flags: { results: [{ id: flag.id, key: 'paid', name: 'Paid' }], total: 1, has_more: false },
    insights: {
      results: [{ id: insight.id, short_id: insight.short_id, name: 'Unnamed' }],
      total: 1,
      has_more: false,
    },
    cohorts: { results: [{ id: other.id, name: 'Paying twice' }], total: 1, has_more: false },
  })
  await featureFlags.delete(flag.id)
  await insights.delete(insight.id)
  await cohorts.delete(other.id)
  expect((await cohorts.usedIn(id)).feature_flags).toEqual(unused)
  expect((await cohorts.usedIn(id)).insights).toEqual(unused)
  expect((await cohorts.usedIn(id)).cohorts).toEqual(unused)
  await local.close()
})
