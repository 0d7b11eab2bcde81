import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../../src/index.ts'
import type { LocalPostHog } from '../../../../src/testing.ts'
import { startLocalClient } from '../../local-client.ts'
import { refusal } from '../harness.ts'

let local: LocalPostHog
let posthog: TypehogClient

beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 200 }))
})
afterAll(() => local.close())

describe('actions for signed-in users', () => {
  it.each<[string, (client: TypehogClient) => PromiseLike<unknown>]>([
    ['users.twoFactorStatus', ({ users }) => users.twoFactorStatus()],
    ['users.validateTwoFactor', ({ users }) => users.validateTwoFactor({ token: '1' })],
    ['insights.cancel', ({ insights }) => insights.cancel({ client_query_id: 'q' })],
    ['insights.analyze', ({ insights }) => insights.analyze(1)],
    ['query.draftSql', ({ query }) => query.draftSql()],
    [
      'projects.isGeneratingDemoData',
      (client) => client.organization('@current').projects.isGeneratingDemoData(1),
    ],
  ])('%s is refused with 403', async (_, call) => {
    expect(await refusal(Promise.resolve(call(posthog)))).toMatchObject({
      status: 403,
      code: 'permission_denied',
      detail: 'This action does not support personal API key access',
    })
  })
})

describe('projects', () => {
  it('keep product intents and completed onboarding', async () => {
    const { projects } = posthog.organization('@current')
    await projects.addProductIntent(1, { product_type: 'session_replay' })
    const project = await projects.completeOnboarding(1, { product_type: 'session_replay' })
    expect(project.product_intents).toMatchObject([{ product_type: 'session_replay' }])
    expect(project.has_completed_onboarding_for).toEqual({ session_replay: true })
  })
})

describe('users', () => {
  it('are the owner of the key', async () => {
    const { email } = await posthog.users.me()
    expect((await posthog.users.list()).items.map((user) => user.email)).toEqual([email])
    expect((await posthog.users.list({ email: 'nobody@example.com' })).items).toEqual([])
  })
})

describe('persons.identify', () => {
  it('creates a person with properties', async () => {
    await posthog.persons.identify('identified', { set: { plan: 'pro' }, setOnce: { source: 'ads' } })
    await posthog.persons.identify('identified', { setOnce: { source: 'search' } })
    const { properties } = await posthog.persons.getByDistinctId('identified')
    expect(properties).toMatchObject({ plan: 'pro', source: 'ads' })
  })

  it('merges the person of an anonymous id', async () => {
    await posthog.events.capture({ event: 'visited', distinctId: 'anonymous' })
    await posthog.persons.identify('merged', { anonymousId: 'anonymous' })
    const person = await posthog.persons.getByDistinctId('merged')
    expect(person.distinct_ids).toEqual(expect.arrayContaining(['merged', 'anonymous']))
  })

  it('rejects unknown options before sending', async () => {
    const identify = posthog.persons.identify('user-1', { properties: {} } as never)
    await expect(identify).rejects.toMatchObject({ name: 'ConfigurationError' })
  })
})

describe('external data sources', () => {
  it('include the source of the sample table', async () => {
    const { items } = await posthog.warehouse.externalDataSources.list()
    const tables = await posthog.warehouse.tables.list()
    expect(items[0]?.id).toBe(tables.items[0]?.external_data_source.id)
  })

  it('need another prefix for the same type', async () => {
    const { externalDataSources: sources } = posthog.warehouse
    await expect(sources.checkPrefix({ source_type: 'Stripe' })).rejects.toMatchObject({ status: 400 })
    await sources.checkPrefix({ source_type: 'Stripe', prefix: 'eu_' })
  })

  it('report that the local PostHog imports nothing', async () => {
    const { externalDataSources: sources } = posthog.warehouse
    const created = Promise.resolve(sources.create({ source_type: 'Postgres', payload: {} }))
    expect(await refusal(created)).toMatchObject({
      status: 400,
      detail: 'The local PostHog does not support new sources.',
    })
  })
})

describe('file downloads', () => {
  it('count the rows of a query', async () => {
    const [row] = (await posthog.hogql<{ n: number }>`select count() as n from events`).rows
    const hogql_query = 'select event from events'
    const { count } = await posthog.fileDownloads.countRows({ model: 'hogql', hogql_query })
    expect(count).toBe(row?.n)
  })
})

describe('tests of batch exports', () => {
  it('name what is wrong before they refuse', async () => {
    const unknown = Promise.resolve(posthog.batchExports.testSteps('Drawer' as never))
    expect(await refusal(unknown)).toMatchObject({ status: 404 })
    const known = Promise.resolve(posthog.batchExports.testSteps('S3'))
    expect(await refusal(known)).toMatchObject({
      detail: 'The local PostHog calls no destination and does not support their tests.',
    })
  })
})
