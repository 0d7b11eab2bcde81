import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, NOW, startAccount } from './harness.ts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 200, throttle: { perMinute: 40, perHour: 4_000 } })
})
afterAll(() => account.local.close())

const DAY_MS = 86_400_000

describe('the clock', () => {
  it('starts at `now` and moves SQL, records, flags and rate limits', async () => {
    const { local, posthog, call, rows } = account
    expect(local.clock.now().toISOString()).toBe(NOW)
    const flag = await posthog.featureFlags.create({ key: 'later', active: false })
    await call('POST', '/api/projects/1/scheduled_changes/', {
      body: {
        record_id: String(flag.id),
        model_name: 'FeatureFlag',
        payload: { operation: 'update_status', value: true },
        scheduled_at: new Date(Date.parse(NOW) + DAY_MS / 2).toISOString(),
      },
    })
    let status = 200
    while (status === 200) status = (await call('GET', '/api/projects/1/')).status
    expect(status).toBe(429)

    local.clock.advance('1 day')

    expect(await rows('select now(), today()')).toEqual([['2026-11-21T10:00:00Z', '2026-11-21']])
    const note = await posthog.annotations.create({ content: 'tomorrow' })
    expect(note.created_at).toBe('2026-11-21T10:00:00.000Z')
    expect((await posthog.featureFlags.get(flag.id)).active).toBe(true)
  })

  it.each([
    [1_500, 1_500],
    ['90 seconds', 90_000],
    ['1.5 hours', 5_400_000],
    ['2 Weeks', 14 * DAY_MS],
    ['5minutes', 300_000],
  ])('advances by %s', (by, milliseconds) => {
    const before = account.local.clock.now().getTime()
    account.local.clock.advance(by)
    expect(account.local.clock.now().getTime() - before).toBe(milliseconds)
  })

  it.each(['-1 day', '1 month', 'soon', -5, Number.NaN, ''])('rejects %s', (by) => {
    expect(() => account.local.clock.advance(by)).toThrow(/Expected a duration .*'1 day'/)
  })
})
