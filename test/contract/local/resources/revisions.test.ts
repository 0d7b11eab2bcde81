import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../../src/index.ts'
import type { LocalPostHog } from '../../../../src/testing.ts'
import { startLocalClient } from '../../local-client.ts'
import { refusal } from '../harness.ts'

let local: LocalPostHog
let posthog: TypehogClient
let time = Date.parse('2026-11-20T10:00:00Z')

beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ now: () => new Date(time) }))
})
afterAll(() => local.close())

/** A function with two revisions. */
async function changed(): Promise<string> {
  const { id } = await posthog.hogFunctions.create({ type: 'destination', name: 'Webhook', hog: 'return 1' })
  await posthog.hogFunctions.update(id, { name: 'Renamed' })
  await posthog.hogFunctions.update(id, { hog: 'return 2' })
  return id
}

describe('revisions of Hog functions', () => {
  it('start with the original and skip changes of the name', async () => {
    const id = await changed()
    const { items } = await posthog.hogFunctions.revisions(id)
    expect(items.map(({ version, created_by }) => [version, created_by === null])).toEqual([
      [2, false],
      [1, true],
    ])
    expect((await posthog.hogFunctions.revision(id, 1)).content).toMatchObject({ hog: 'return 1' })
    expect(await posthog.hogFunctions.get(id)).toMatchObject({ version: 2, draft: null })
  })

  it('become the draft, and live after it is published', async () => {
    const id = await changed()
    expect(await posthog.hogFunctions.restoreRevision(id, 1)).toMatchObject({
      hog: 'return 2',
      draft: { hog: 'return 1' },
    })
    expect(await posthog.hogFunctions.publish(id)).toMatchObject({
      published: false,
      changed_fields: ['hog'],
    })
    const published = await posthog.hogFunctions.publish(id, { confirm: true })
    expect(published.function).toMatchObject({ hog: 'return 1', version: 3, draft: null })
  })

  it('do not replace an open draft without `overwrite`', async () => {
    const id = await changed()
    await posthog.hogFunctions.restoreRevision(id, 1)
    expect(await refusal(posthog.hogFunctions.restoreRevision(id, 2))).toMatchObject({
      status: 409,
      code: 'draft_exists',
    })
    const replaced = await posthog.hogFunctions.restoreRevision(id, 2, { overwrite: true })
    expect(replaced.draft).toMatchObject({ hog: 'return 2' })
  })

  it('are unknown beyond the last version', async () => {
    expect(await refusal(posthog.hogFunctions.revision(await changed(), 9))).toMatchObject({
      status: 404,
      detail: 'No such revision for this function.',
    })
  })
})

describe('drafts of Hog functions', () => {
  it('need a token to be published while the function is enabled', async () => {
    const id = await changed()
    await posthog.hogFunctions.update(id, { enabled: true })
    await posthog.hogFunctions.restoreRevision(id, 1)
    const blind = posthog.hogFunctions.publish(id, { confirm: true })
    expect(await refusal(blind)).toMatchObject({ status: 400, attr: 'confirm_token' })
    const { confirm_token } = await posthog.hogFunctions.publish(id)
    const token = confirm_token ?? ''
    expect(await posthog.hogFunctions.publish(id, { confirm: true, confirm_token: token })).toMatchObject({
      published: true,
    })
  })

  it('reject a token after a change and after 15 minutes', async () => {
    const id = await changed()
    await posthog.hogFunctions.update(id, { enabled: true })
    await posthog.hogFunctions.restoreRevision(id, 1)
    const { confirm_token } = await posthog.hogFunctions.publish(id)
    const confirm = { confirm: true, confirm_token: confirm_token ?? '' }
    await posthog.hogFunctions.update(id, { hog: 'return 3' })
    expect(await refusal(posthog.hogFunctions.publish(id, confirm))).toMatchObject({
      status: 409,
      code: 'stale_update',
    })
    time += 16 * 60_000
    const late = posthog.hogFunctions.publish(id, confirm)
    expect(await refusal(late)).toMatchObject({ status: 400, attr: 'confirm_token' })
  })

  it('must be resolved before the function is enabled', async () => {
    const id = await changed()
    await posthog.hogFunctions.restoreRevision(id, 1)
    const early = posthog.hogFunctions.update(id, { enabled: true })
    expect(await refusal(early)).toMatchObject({ status: 400, attr: 'enabled' })
    expect((await posthog.hogFunctions.discardDraft(id)).draft).toBeNull()
    expect((await posthog.hogFunctions.update(id, { enabled: true })).enabled).toBe(true)
  })
})

describe('destinations of alerts', () => {
  async function alert(): Promise<string> {
    const source = { kind: 'TrendsQuery' as const, series: [{ kind: 'EventsNode' as const, event: 'x' }] }
    const insight = await posthog.insights.create({ query: { kind: 'InsightVizNode', source } })
    const threshold = { configuration: { type: 'absolute' as const, bounds: { upper: 10 } } }
    return (await posthog.alerts.create({ insight: insight.id, subscribed_users: [1], threshold })).id
  }

  it('are Hog functions of the alert', async () => {
    const id = await alert()
    const slack = await posthog.integrations.create({ kind: 'slack', config: { name: 'Acme' } })
    const channel = { slack_workspace_id: slack.id, slack_channel_id: 'C01' }
    const { hog_function_ids } = await posthog.alerts.createDestination(id, channel)
    const [functionId = ''] = hog_function_ids
    expect(await posthog.hogFunctions.get(functionId)).toMatchObject({ type: 'internal_destination' })
    expect(await refusal(posthog.alerts.createDestination(id, channel))).toMatchObject({
      detail: 'This destination is already configured for this alert.',
    })
    await posthog.alerts.deleteDestinations(id, hog_function_ids)
    expect((await posthog.hogFunctions.get(functionId)).deleted).toBe(true)
  })

  it('belong to one alert', async () => {
    const foreign = posthog.alerts.deleteDestinations(await alert(), ['018d2a6e-0000-7000-8000-0000000000aa'])
    expect(await refusal(foreign)).toMatchObject({
      detail: 'One or more HogFunctions do not belong to this alert.',
    })
  })
})
