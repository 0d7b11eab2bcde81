import { expect } from 'vitest'
import { allowForbidden, allowNotFound, allowUnsupported, type Scenario } from '../scenario.ts'

export const hogFunctions: Scenario = async ({ posthog: { hogFunctions }, fresh }) => {
  const { id } = await hogFunctions.create({
    type: 'destination',
    name: fresh('Webhook'),
    hog: 'return event',
  })
  await hogFunctions.get(id)
  await hogFunctions.list()
  await hogFunctions.update(id, { hog: 'return null' })
  const { items } = await hogFunctions.revisions(id)
  const version = items.at(-1)?.version ?? 1
  await hogFunctions.revision(id, version)
  await hogFunctions.restoreRevision(id, version)
  const { confirm_token } = await hogFunctions.publish(id)
  await hogFunctions.publish(id, { confirm: true, ...(confirm_token ? { confirm_token } : {}) })
  await hogFunctions.restoreRevision(id, version)
  await hogFunctions.discardDraft(id)
  await hogFunctions.update(id, { enabled: true })
  await hogFunctions.invoke(id, { configuration: {}, mock_async_functions: true })
  await hogFunctions.logs(id)
  await hogFunctions.metrics(id)
  await hogFunctions.metricTotals(id)
  await hogFunctions.enableBackfills(id)
  const { id: transformation } = await hogFunctions.create({
    type: 'transformation',
    name: fresh('Drop'),
    hog: 'return event',
  })
  await hogFunctions.rearrange({ orders: { [transformation]: 1 } })
  await hogFunctions.delete(id)
  await hogFunctions.restore(id)
  await hogFunctions.deleteMany([id])
}

export const batchExports: Scenario = async ({ posthog: { batchExports }, fresh }) => {
  const { id } = await batchExports.create({
    name: fresh('S3'),
    interval: 'hour',
    destination: {
      type: 'S3',
      config: { bucket_name: 'events', region: 'eu-central-1', prefix: 'x/' },
    } as never,
  })
  await batchExports.get(id)
  await batchExports.list()
  await batchExports.update(id, { interval: 'day' })
  await batchExports.pause(id)
  await batchExports.unpause(id)
  const past = { start_at: '2026-01-01T00:00:00Z', end_at: '2026-01-02T00:00:00Z' }
  const backfill = await batchExports.createBackfill(id, past)
  await batchExports.backfills(id)
  await batchExports.backfill(id, backfill.id)
  await batchExports.cancelBackfill(id, backfill.id)
  await batchExports.createBackfill(id, past)
  const { items } = await batchExports.runs(id)
  const run = items.find(({ status }) => status !== 'Cancelled')?.id ?? items[0]?.id ?? ''
  await batchExports.run(id, run)
  await batchExports.runLogs(id, run)
  await batchExports.logs(id)
  await batchExports.cancelRun(id, run)
  await batchExports.retryRun(id, run)
  const { name, interval, destination } = await batchExports.get(id)
  await allowUnsupported(batchExports.testSteps('S3'))
  await allowUnsupported(batchExports.runNewTestStep({ step: 0, name, interval, destination }))
  await allowUnsupported(batchExports.runTestStep(id, { step: 0, name, interval, destination }))
  await batchExports.deleteMany([id], { dryRun: true })
  await batchExports.delete(id)
  expect((await batchExports.deleteMany([id])).failed).toEqual([])
}

export const fileDownloads: Scenario = async ({ posthog: { fileDownloads } }) => {
  await fileDownloads.list()
  await fileDownloads.countRows({ model: 'hogql', hogql_query: 'select event from events' })
  const range = { data_interval_start: '2026-01-01T00:00:00Z', data_interval_end: '2026-01-02T00:00:00Z' }
  await allowUnsupported(fileDownloads.create({ model: 'events', file: { format: 'JSONLines' }, ...range }))
  // The local PostHog has no downloads.
  const id = '018d2a6e-0000-7000-8000-0000000000ee'
  await allowNotFound(fileDownloads.get(id))
  await allowNotFound(fileDownloads.cancel(id))
  await allowNotFound(fileDownloads.download(id))
}

export const integrations: Scenario = async ({ posthog: { integrations } }) => {
  const { id } = await integrations.create({
    kind: 'twilio',
    config: { account_sid: 'AC1', auth_token: 't' },
  })
  await integrations.get(id)
  await integrations.list()
  await integrations.deleteMany([id], { dryRun: true })
  await integrations.delete(id)
  expect((await integrations.deleteMany([id])).failed).toEqual([])
}

export const warehouse: Scenario = async ({ posthog: { warehouse } }) => {
  const { items } = await warehouse.savedQueries.list()
  await warehouse.savedQueries.get(items[0]?.id ?? '')
  const tables = await warehouse.tables.list()
  await warehouse.tables.get(tables.items[0]?.id ?? '')
  const { externalDataSources } = warehouse
  const sources = await externalDataSources.list()
  const id = sources.items[0]?.id ?? ''
  await externalDataSources.get(id)
  await externalDataSources.update(id, { description: 'Payments' })
  await externalDataSources.connections()
  await externalDataSources.jobs(id)
  await externalDataSources.checkPrefix({ source_type: 'Postgres', prefix: 'eu_' })
  await allowUnsupported(externalDataSources.wizard({ source_type: 'Stripe' }))
  await allowUnsupported(externalDataSources.databaseSchema({ source_type: 'Postgres' }))
  await allowUnsupported(externalDataSources.create({ source_type: 'Postgres', payload: {} }))
  await allowUnsupported(externalDataSources.reload(id))
  await allowUnsupported(externalDataSources.refreshSchemas(id))
  await externalDataSources.deleteMany([id], { dryRun: true })
  await externalDataSources.delete(id)
  expect((await externalDataSources.deleteMany([id])).failed).toEqual([])
}

export const errorTracking: Scenario = async ({ posthog: { errorTracking } }) => {
  const { issues, fingerprints, symbolLinks } = errorTracking
  const { items } = await issues.list()
  const [first, second] = items.map(({ id }) => id)
  const id = first ?? ''
  await issues.get(id)
  await issues.query({ orderBy: 'last_seen', limit: 5 })
  await issues.detail(id, { includeSparkline: true })
  await issues.events(id, { include: ['exception', 'stacktrace'] })
  await issues.update(id, { status: 'resolved' })
  await issues.assign(id, { assignee: { type: 'user', id: 1 } })
  await issues.updateMany({ ids: [id], action: 'set_status', status: 'active' })
  await issues.activity(id)
  await issues.merge(id, { ids: [second ?? id] })
  const prints = await fingerprints.list()
  await fingerprints.get(prints.items[0]?.id ?? '')
  await issues.split(id, { fingerprints: [] })
  const where = { owner: 'posthog', repository: 'posthog', file_name: 'a.py', code_sample: 'x = 1' }
  await symbolLinks.github(where)
  await symbolLinks.gitlab(where)
  const filters = {
    type: 'AND',
    values: [{ key: 'x', type: 'event', value: ['y'], operator: 'exact' }],
  } as never
  for (const [rules, body] of [
    [errorTracking.assignmentRules, { assignee: { type: 'user', id: 1 }, filters }],
    [errorTracking.groupingRules, { filters }],
    [errorTracking.suppressionRules, { filters }],
    [errorTracking.severityRules, { filters, severity: 'high' }],
    [errorTracking.bypassRules, { filters }],
  ] as const) {
    // The rules have the same methods; only the types of ids and bodies differ.
    const { create, get, update } = rules as unknown as typeof errorTracking.assignmentRules
    const rule = await create(body as never)
    await get(rule.id)
    await rules.list()
    await update(rule.id, { filters })
    await rules.reorder({ orders: { [rule.id]: 0 } })
    await rules.deleteMany([rule.id], { dryRun: true })
    await rules.delete(rule.id)
    expect((await rules.deleteMany([rule.id])).failed).toEqual([])
  }
}

export const endpoints: Scenario = async ({ posthog: { endpoints }, fresh }) => {
  const name = fresh('signups')
  await endpoints.create({
    name,
    query: { kind: 'HogQLQuery', query: 'select event, count() as n from events group by event' } as never,
  })
  await endpoints.list({ isActive: true })
  await endpoints.get(name)
  await endpoints.openapi(name)
  await endpoints.update(name, { description: 'Each day' })
  await endpoints.versions(name)
  await endpoints.retire(name)
  await endpoints.activate(name)
  await endpoints.materializationConditions()
  await endpoints.materializationPreview(name)
  await endpoints.update(name, { is_materialized: true })
  const { ready } = await endpoints.waitUntilMaterialized(name, { interval: 10 })
  expect(ready).toBe(true)
  await endpoints.materializationStatus(name)
  await endpoints.logs(name)
  await endpoints.lastExecutionTimes([name])
  await endpoints.deleteMany([name], { dryRun: true })
  await endpoints.delete(name)
  expect((await endpoints.deleteMany([name])).failed).toEqual([])
}

export const query: Scenario = async ({ posthog: { query } }) => {
  await query.run({ kind: 'HogQLQuery', query: 'select 1' })
  await allowForbidden(query.log('018d2a6e-0000-7000-8000-0000000000cc'))
  await allowForbidden(query.upgrade({ query: { kind: 'HogQLQuery', query: 'select 1' } }))
  await allowForbidden(query.draftSql())
  await allowForbidden(query.checkAuthForAsync())
}
