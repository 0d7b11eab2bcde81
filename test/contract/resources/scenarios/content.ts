import { expect } from 'vitest'
import { allowForbidden, allowNotFound, allowUnsupported, type Scenario } from '../scenario.ts'

const query = {
  kind: 'DataTableNode' as const,
  source: { kind: 'HogQLQuery' as const, query: 'select count() from events' },
}

export const insights: Scenario = async ({ posthog: { insights, dashboards }, fresh, queryTimeout }) => {
  const dashboard = await dashboards.create({ name: fresh('Overview') })
  const { id, short_id } = await insights.create({
    name: fresh('Events'),
    query,
    dashboards: [dashboard.id],
  })
  await insights.get(short_id)
  await insights.update(id, { name: fresh('All events') })
  await insights.list({ short_id })
  await insights.run(id, { totalTimeout: queryTimeout })
  await insights.result(id)
  await allowForbidden(insights.updateTags({ action: 'add', ids: [id], tags: ['weekly'] }))
  await insights.activity(id)
  await insights.sharing(id)
  await insights.updateSharing(id, { enabled: true })
  await insights.refreshSharing(id)
  const { share_passwords } = await insights.addSharingPassword(id, { password_required: true })
  await insights.deleteSharingPassword(id, String(share_passwords[0]?.id ?? 1))
  await insights.thresholds(id)
  await allowUnsupported(insights.generateMetadata({ query }))
  await allowForbidden(insights.analyze(id))
  await allowForbidden(insights.suggestions(id))
  await allowForbidden(insights.cancel({ client_query_id: 'query-1' }))
  await insights.delete(id)
  await insights.restore(id)
  const { deleted } = await insights.deleteMany([id])
  expect(deleted).toEqual([id])
}

export const dashboards: Scenario = async ({ posthog: { dashboards, insights }, fresh }) => {
  const { id } = await dashboards.create({ name: fresh('Growth') })
  const other = await dashboards.create({ name: fresh('Archive') })
  await insights.create({ name: fresh('One'), query, dashboards: [id] })
  await insights.create({ name: fresh('Two'), query, dashboards: [id] })
  const { tiles } = await dashboards.get(id)
  const [first = 1, second = 2] = (tiles ?? []).map((tile) => Number(Object(tile).id) || 1)
  await dashboards.update(id, { description: 'Numbers' })
  await dashboards.list()
  await dashboards.reorderTiles(id, { tile_order: [second, first] })
  await dashboards.copyTile(other.id, { fromDashboardId: id, tileId: first })
  await dashboards.moveTile(id, { tileId: second, to: other.id })
  await dashboards.runInsights(id)
  // The mock ends its stream before the dashboard is complete.
  await Promise.allSettled([readAll(dashboards.streamTiles(id))])
  await allowForbidden(dashboards.updateTags({ action: 'set', ids: [id], tags: ['board'] }))
  await dashboards.sharing(id)
  await dashboards.updateSharing(id, { enabled: true })
  await dashboards.refreshSharing(id)
  const { share_passwords } = await dashboards.addSharingPassword(id, { password_required: true })
  await dashboards.deleteSharingPassword(id, String(share_passwords[0]?.id ?? 1))
  const template = { template_name: fresh('Weekly'), tiles: [] }
  await allowForbidden(dashboards.createFromTemplate({ template }))
  await dashboards.ensure(fresh('Ensured'), { description: 'Numbers' })
  const text = await dashboards.createTextTile(id, { body: '## Activation' })
  const tile = text.id ?? 1
  await dashboards.updateTextTile(id, { tile_id: tile, body: '## Retention' })
  await dashboards.deleteTile(id, tile)
  // The local projects have no widgets.
  await Promise.allSettled([
    dashboards.addWidgets(id, { widgets: [{ widget_type: 'error_tracking_list', config: { limit: 5 } }] }),
    dashboards.updateWidgets(id, {
      widgets: [{ tile_id: tile, widget_type: 'error_tracking_list', name: 'New errors' }],
    }),
    dashboards.runWidgets(id, [tile]),
  ])
  await allowNotFound(dashboards.widgetCatalog())
  await allowNotFound(dashboards.snapshot(id))
  await allowNotFound(dashboards.analyzeRefresh(id, { cache_key: 'key' }))
  await dashboards.delete(id)
  await dashboards.restore(id)
  expect((await dashboards.deleteMany([id, other.id])).failed).toEqual([])
}

async function readAll(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}

export const dashboardTemplates: Scenario = async ({ posthog: { dashboardTemplates }, fresh }) => {
  const { id } = await dashboardTemplates.create({ template_name: fresh('Weekly') })
  await dashboardTemplates.get(id)
  await dashboardTemplates.list()
  await dashboardTemplates.update(id, { dashboard_description: 'Each Monday' })
  await dashboardTemplates.delete(id)
  await dashboardTemplates.restore(id)
  await dashboardTemplates.deleteMany([id])
}

export const annotations: Scenario = async ({ posthog: { annotations }, fresh }) => {
  const { id } = await annotations.create({ content: fresh('Outage'), scope: 'project' })
  await annotations.get(id)
  await annotations.update(id, { content: fresh('Short outage') })
  await annotations.markDeploy({ version: '1.4.0', url: 'https://example.com/1.4.0' })
  await annotations.delete(id)
  await annotations.restore(id)
  await annotations.list()
  await annotations.deleteMany([id])
}

export const actions: Scenario = async ({ posthog: { actions }, fresh }) => {
  const { id } = await actions.create({ name: fresh('Signed up'), steps: [{ event: 'signed up' }] })
  await actions.get(id)
  await actions.list()
  await actions.update(id, { description: 'Anybody' })
  await actions.references(id)
  await allowForbidden(actions.updateTags({ action: 'add', ids: [id], tags: ['core'] }))
  await actions.delete(id)
  await actions.restore(id)
  await actions.deleteMany([id])
}

export const notebooks: Scenario = async ({ posthog: { notebooks, request } }) => {
  const { short_id } = await request('POST /api/projects/{project_id}/notebooks/', {
    body: { title: 'Notes' },
  })
  await notebooks.list()
  await notebooks.get(short_id)
}

export const comments: Scenario = async ({ posthog: { comments }, fresh }) => {
  const item_id = fresh('item')
  const { id } = await comments.create({ content: 'Why?', scope: 'Insight', item_id })
  await comments.create({ content: 'Because.', scope: 'Insight', item_id, source_comment: id })
  await comments.get(id)
  await comments.update(id, { content: 'Why so?' })
  await comments.list({ scope: 'Insight', item_id })
  await comments.count({ scope: 'Insight', item_id })
  await comments.thread(id)
  await comments.delete(id)
  await comments.restore(id)
  await comments.deleteMany([id])
}

export const alerts: Scenario = async ({ posthog: { alerts, insights, integrations }, fresh }) => {
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
  const slack = await integrations.create({ kind: 'slack', config: { name: fresh('Acme') } })
  const channel = { slack_workspace_id: slack.id, slack_channel_id: 'C01' }
  const { hog_function_ids } = await alerts.createDestination(id, channel)
  await alerts.deleteDestinations(id, hog_function_ids)
  await alerts.deleteMany([id], { dryRun: true })
  await alerts.delete(id)
  expect((await alerts.deleteMany([id])).failed).toEqual([])
}

export const subscriptions: Scenario = async ({ posthog: { subscriptions, insights }, fresh }) => {
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
  await subscriptions.delivery(id, items[0]?.id ?? '018d2a6e-0000-7000-8000-000000000009')
  await subscriptions.delete(id)
  await subscriptions.restore(id)
  await subscriptions.deleteMany([id])
}

export const insightVariables: Scenario = async ({ posthog: { insightVariables }, fresh }) => {
  const { id } = await insightVariables.create({ name: fresh('Country'), type: 'String' })
  await insightVariables.get(id)
  await insightVariables.list()
  await insightVariables.update(id, { default_value: 'DE' })
  await insightVariables.deleteMany([id], { dryRun: true })
  await insightVariables.delete(id)
  expect((await insightVariables.deleteMany([id])).failed).toEqual([])
}
