import { expect } from 'vitest'
import type { Journey } from '../journey.ts'

const query = {
  kind: 'DataTableNode' as const,
  source: { kind: 'HogQLQuery' as const, query: 'select count() from events' },
}

export const insights: Journey = async ({ posthog: { insights, dashboards }, keeps, fresh }) => {
  const dashboard = await dashboards.create({ name: fresh('Overview') })
  const made = await insights.create({ name: fresh('Events'), query, dashboards: [dashboard.id] })
  const { id, short_id } = made
  const found = await insights.get(short_id)
  if (keeps) expect(found.id).toBe(id)
  await insights.update(id, { name: fresh('All events') })
  const { items } = await insights.list({ short_id })
  if (keeps) expect(items.map((insight) => insight.id)).toEqual([id])
  const { state, result } = await insights.run(id, { totalTimeout: keeps ? 20_000 : 1 })
  if (keeps) expect([state, result]).toEqual(['fresh', expect.anything()])
  const cached = await insights.result(id)
  if (keeps) expect(cached.state).toBe('fresh')
  await insights.updateTags({ action: 'add', ids: [id], tags: ['weekly'] })
  await insights.activity(id)
  await insights.sharing(id)
  const { enabled } = await insights.updateSharing(id, { enabled: true })
  if (keeps) expect(enabled).toBe(true)
  await insights.refreshSharing(id)
  const { share_passwords } = await insights.addSharingPassword(id, { password_required: true })
  await insights.deleteSharingPassword(id, String(share_passwords[0]?.id ?? 1))
  await insights.thresholds(id)
  await insights.delete(id)
  await insights.restore(id)
  const { deleted } = await insights.deleteMany([id])
  expect(deleted).toEqual([id])
}

export const dashboards: Journey = async ({ posthog: { dashboards, insights }, keeps, fresh }) => {
  const { id } = await dashboards.create({ name: fresh('Growth') })
  const other = await dashboards.create({ name: fresh('Archive') })
  await insights.create({ name: fresh('One'), query, dashboards: [id] })
  await insights.create({ name: fresh('Two'), query, dashboards: [id] })
  const { tiles } = await dashboards.get(id)
  const [first = 1, second = 2] = (tiles ?? []).map((tile) => Number(Object(tile).id) || 1)
  if (keeps) expect(tiles).toHaveLength(2)
  await dashboards.update(id, { description: 'Numbers' })
  await dashboards.list()
  await dashboards.reorderTiles(id, { tile_order: [second, first] })
  await dashboards.copyTile(other.id, { fromDashboardId: id, tileId: first })
  const left = await dashboards.moveTile(id, { tileId: second, to: other.id })
  if (keeps) expect(left.tiles).toHaveLength(1)
  await dashboards.runInsights(id)
  if (keeps) {
    const kinds = []
    for await (const piece of dashboards.streamTiles(id)) kinds.push(piece.type)
    expect(kinds).toEqual(['metadata', 'tile'])
  } else await expect(read(dashboards.streamTiles(id))).rejects.toThrow(/before the dashboard was complete/)
  await dashboards.updateTags({ action: 'set', ids: [id], tags: ['board'] })
  await dashboards.sharing(id)
  await dashboards.updateSharing(id, { enabled: true })
  await dashboards.refreshSharing(id)
  const { share_passwords } = await dashboards.addSharingPassword(id, { password_required: true })
  await dashboards.deleteSharingPassword(id, String(share_passwords[0]?.id ?? 1))
  await dashboards.createFromTemplate({ template: { template_name: fresh('Weekly'), tiles: [] } })
  await dashboards.delete(id)
  await dashboards.restore(id)
  expect((await dashboards.deleteMany([id, other.id])).failed).toEqual([])
}

async function read(pieces: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pieces);
}

export const dashboardTemplates: Journey = async ({ posthog: { dashboardTemplates }, fresh }) => {
  const { id } = await dashboardTemplates.create({ template_name: fresh('Weekly') })
  await dashboardTemplates.get(id)
  await dashboardTemplates.list()
  await dashboardTemplates.update(id, { dashboard_description: 'Each Monday' })
  await dashboardTemplates.delete(id)
  await dashboardTemplates.restore(id)
  await dashboardTemplates.deleteMany([id])
}

export const annotations: Journey = async ({ posthog: { annotations }, keeps, fresh }) => {
  const { id } = await annotations.create({ content: fresh('Outage'), scope: 'project' })
  await annotations.get(id)
  await annotations.update(id, { content: fresh('Short outage') })
  const { content } = await annotations.markDeploy({ version: '1.4.0', url: 'https://example.com/1.4.0' })
  if (keeps) expect(content).toBe('Deployed 1.4.0: https://example.com/1.4.0')
  await annotations.delete(id)
  await annotations.restore(id)
  const before = await annotations.list().toArray({ max: 1_000 })
  await annotations.deleteMany([id])
  const after = await annotations.list().toArray({ max: 1_000 })
  if (keeps) expect(after).toHaveLength(before.length - 1)
}

export const actions: Journey = async ({ posthog: { actions }, fresh }) => {
  const { id } = await actions.create({ name: fresh('Signed up'), steps: [{ event: 'signed up' }] })
  await actions.get(id)
  await actions.list()
  await actions.update(id, { description: 'Anybody' })
  await actions.references(id)
  await actions.updateTags({ action: 'add', ids: [id], tags: ['core'] })
  await actions.delete(id)
  await actions.restore(id)
  await actions.deleteMany([id])
}

export const notebooks: Journey = async ({ posthog: { notebooks, request } }) => {
  const { short_id } = await request('POST /api/projects/{project_id}/notebooks/', {
    body: { title: 'Notes' },
  })
  await notebooks.list()
  await notebooks.get(short_id)
}

export const comments: Journey = async ({ posthog: { comments }, keeps, fresh }) => {
  const item_id = fresh('item')
  const { id } = await comments.create({ content: 'Why?', scope: 'Insight', item_id })
  await comments.create({ content: 'Because.', scope: 'Insight', item_id, source_comment: id })
  await comments.get(id)
  await comments.update(id, { content: 'Why so?' })
  await comments.list({ scope: 'Insight', item_id })
  const { count } = await comments.count({ scope: 'Insight', item_id })
  if (keeps) expect(count).toBeGreaterThan(0)
  await comments.thread(id)
  await comments.delete(id)
  await comments.restore(id)
  await comments.deleteMany([id])
}

export const alerts: Journey = async ({ posthog: { alerts, insights }, fresh }) => {
  const insight = await insights.create({
    name: fresh('Watched'),
    query: {
      kind: 'InsightVizNode',
      source: { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: '$pageview' }] },
    },
  })
  const { id } = await alerts.create({
    insight: insight.id,
    subscribed_users: [1],
    threshold: { configuration: { type: 'absolute', bounds: { upper: 10 } } },
    name: fresh('Many'),
  })
  await alerts.get(id)
  await alerts.list()
  await alerts.update(id, { enabled: false })
  await alerts.deleteMany([id], { dryRun: true })
  await alerts.delete(id)
  expect((await alerts.deleteMany([id])).failed).toEqual([])
}

export const subscriptions: Journey = async ({ posthog: { subscriptions, insights }, keeps, fresh }) => {
  const insight = await insights.create({ name: fresh('Report'), query })
  const { id } = await subscriptions.create({
    insight: insight.id,
    target_type: 'email',
    target_value: 'ada@example.com',
    frequency: 'weekly',
    start_date: '2026-01-05T09:00:00Z',
  })
  await subscriptions.get(id)
  await subscriptions.list()
  await subscriptions.update(id, { frequency: 'monthly' })
  await subscriptions.testDelivery(id)
  const { items } = await subscriptions.deliveries(id)
  if (keeps) expect(items).toHaveLength(1)
  await subscriptions.delivery(id, items[0]?.id ?? '018d2a6e-0000-7000-8000-000000000009')
  await subscriptions.delete(id)
  await subscriptions.restore(id)
  await subscriptions.deleteMany([id])
}

export const insightVariables: Journey = async ({ posthog: { insightVariables }, fresh }) => {
  const { id } = await insightVariables.create({ name: fresh('Country'), type: 'String' })
  await insightVariables.get(id)
  await insightVariables.list()
  await insightVariables.update(id, { default_value: 'DE' })
  await insightVariables.deleteMany([id], { dryRun: true })
  await insightVariables.delete(id)
  expect((await insightVariables.deleteMany([id])).failed).toEqual([])
}
