import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../../src/index.ts'
import type { LocalPostHog } from '../../../../src/testing.ts'
import { startLocalClient } from '../../local-client.ts'
import { refusal } from '../harness.ts'

let local: LocalPostHog
let posthog: TypehogClient
let time = Date.parse('2026-11-20T10:00:00Z')

beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ projects: [2], now: () => new Date(time) }))
})
afterAll(() => local.close())

const inHours = (hours: number): string => new Date(time + hours * 3_600_000).toISOString()

async function schedule(key: string, more: object): Promise<{ flag: number; change: number }> {
  const flag = await posthog.featureFlags.create({ key, active: true })
  const change = await posthog.scheduledChanges.create({
    model_name: 'FeatureFlag',
    record_id: String(flag.id),
    payload: { operation: 'update_status', value: false },
    scheduled_at: inHours(1),
    ...more,
  })
  return { flag: flag.id, change: change.id }
}

describe('scheduled changes', () => {
  it('disable a flag when they are due', async () => {
    const { flag, change } = await schedule('due', {})
    expect((await posthog.featureFlags.get(flag)).active).toBe(true)
    time += 2 * 3_600_000
    expect((await posthog.featureFlags.get(flag)).active).toBe(false)
    const { executed_at, failure_reason } = await posthog.scheduledChanges.get(change)
    expect([executed_at, failure_reason]).toEqual([new Date(time).toISOString(), null])
  })

  it('apply before an evaluation', async () => {
    const { flag } = await schedule('evaluated', {})
    const key = (await posthog.featureFlags.get(flag)).key
    time += 2 * 3_600_000
    const { flags } = await posthog.featureFlags.evaluate({ distinctId: 'user-1', keys: [key] })
    expect(flags[key]).toBeUndefined()
  })

  it('add a condition to those of the flag', async () => {
    const groups = [{ properties: [], rollout_percentage: 5 }]
    const payload = { operation: 'add_release_condition', value: { groups } }
    const { flag } = await schedule('conditions', { payload })
    time += 2 * 3_600_000
    expect((await posthog.featureFlags.get(flag)).filters?.groups).toHaveLength(2)
  })

  it('move to their next time when they recur', async () => {
    const recurring = { is_recurring: true, recurrence_interval: 'daily' }
    const { flag, change } = await schedule('daily', recurring)
    const next = inHours(25)
    time += 2 * 3_600_000
    await posthog.featureFlags.get(flag)
    const { scheduled_at, executed_at, last_executed_at } = await posthog.scheduledChanges.get(change)
    expect([scheduled_at, executed_at, last_executed_at]).toEqual([next, null, new Date(time).toISOString()])
  })

  it('report why they failed', async () => {
    const { flag, change } = await schedule('failing', {})
    const parent = { key: String(flag), type: 'flag', value: true, operator: 'flag_evaluates_to' }
    await posthog.featureFlags.create({
      key: 'needs-failing',
      active: true,
      filters: { groups: [{ properties: [parent as never] }] },
    })
    time += 2 * 3_600_000
    expect((await posthog.featureFlags.get(flag)).active).toBe(true)
    const { failure_reason } = await posthog.scheduledChanges.get(change)
    expect(failure_reason).toContain('other flags depend on it')
  })

  it('cannot change after they ran', async () => {
    const { change } = await schedule('done', {})
    time += 2 * 3_600_000
    const late = posthog.scheduledChanges.update(change, { scheduled_at: inHours(1) })
    expect(await refusal(late)).toMatchObject({
      status: 400,
      detail: 'Cannot modify a scheduled change that has already executed.',
    })
  })

  it('reject unknown flags, cron expressions and an end before the start', async () => {
    expect(await refusal(schedule('unknown', { record_id: '999' }))).toMatchObject({
      status: 400,
      detail: 'Feature flag not found',
    })
    const end = { is_recurring: true, recurrence_interval: 'daily', end_date: inHours(0) }
    expect(await refusal(schedule('end', end))).toMatchObject({ attr: 'end_date' })
    expect(await refusal(schedule('cron', { cron_expression: '0 9 * * 1' }))).toMatchObject({
      attr: 'cron_expression',
    })
  })
})

describe('copies with dependencies', () => {
  async function dependentFlag(key: string): Promise<string> {
    const parent = await posthog.featureFlags.create({ key: `${key}-parent`, active: true })
    const properties = [
      { key: String(parent.id), type: 'flag', value: true, operator: 'flag_evaluates_to' } as never,
    ]
    return (await posthog.featureFlags.create({ key, active: true, filters: { groups: [{ properties }] } }))
      .key
  }

  it('name the flags that they would copy', async () => {
    const key = await dependentFlag('named')
    expect(await posthog.featureFlags.copyRequirements(key, [2])).toEqual({
      can_copy_dependencies: true,
      dependency_count: 1,
      copied_dependency_keys: ['named-parent'],
      reused_dependency_keys: [],
      warnings: [],
      reason: '1 dependency flag can be copied.',
    })
  })

  it('copy missing dependencies and refer to the copies', async () => {
    const key = await dependentFlag('copied')
    const { copied } = await posthog.featureFlags.copy(key, { to: [2], dependencies: true })
    expect(copied).toMatchObject([{ copied_dependency_keys: ['copied-parent'], active: true }])
    const there = posthog.project(2).featureFlags
    const parent = await there.getByKey('copied-parent')
    const [group] = (await there.getByKey(key)).filters?.groups ?? []
    expect(group?.properties).toMatchObject([{ key: String(parent.id) }])
  })

  it('disable a flag whose dependencies are not copied', async () => {
    const key = await dependentFlag('ungated')
    const { copied } = await posthog.featureFlags.copy(key, { to: [2] })
    expect(copied[0]?.active).toBe(false)
    expect(copied[0]?.flag_dependency_warnings?.[0]).toContain('no flag with that key exists')
  })

  it('copy pending changes with `schedule`', async () => {
    const { flag } = await schedule('planned', {})
    const { key } = await posthog.featureFlags.get(flag)
    const { copied } = await posthog.featureFlags.copy(key, { to: [2], schedule: true })
    const record_id = String(copied[0]?.id)
    const { items } = await posthog.project(2).scheduledChanges.list({ record_id })
    expect(items).toHaveLength(1)
  })
})

describe('/decide', () => {
  it('returns the values of /flags without reasons', async () => {
    await posthog.featureFlags.create({ key: 'decided', active: true })
    const request = { distinctId: 'user-1', keys: ['decided'] }
    expect(await posthog.featureFlags.decide(request)).toEqual({
      flags: { decided: { enabled: true, variant: undefined, payload: undefined, reason: undefined } },
      complete: true,
      incomplete: undefined,
    })
  })
})
