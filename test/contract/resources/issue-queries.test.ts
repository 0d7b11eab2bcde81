import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

const HOUR = 3_600_000
const now = Date.parse('2026-11-20T10:00:00Z')
const [TYPE_ERROR, RANGE_ERROR, NETWORK_ERROR] = ['101', '102', '103'].map(
  (end) => `018d2a6e-0000-7000-8000-000000000${end}`,
) as [string, string, string]

let local: LocalPostHog
let posthog: TypehogClient

const frame = (name: string, line: number, in_app = true): object => ({
  mangled_name: name,
  in_app,
  filename: 'app.js',
  lineno: line,
  raw_id: 'x/0',
  junk_drawer: { a: 1 },
})
const exception = {
  type: 'TypeError',
  value: 'plan is undefined',
  stacktrace: { type: 'resolved', frames: [frame('main', 1), frame('lib', 2, false), frame('readPlan', 30)] },
}
const occur = (fingerprint: string, hoursAgo: number, more: object = {}, distinctId = 'user-1'): object => ({
  event: '$exception',
  distinctId,
  timestamp: new Date(now - hoursAgo * HOUR).toISOString(),
  properties: { $exception_fingerprint: fingerprint, $lib: 'web', $session_id: 's1', ...more },
})

beforeAll(async () => {
  // The client and the server share a clock: PostHog corrects timestamps by their difference.
  vi.useFakeTimers({ toFake: ['Date'], now })
  ;({ local, posthog } = await startLocalClient({ events: 50 }))
  const release = {
    version: '1.4.0',
    project: 'shop',
    created_at: '2026-11-19',
    metadata: { git: { branch: 'main' } },
  }
  const detail = { $exception_list: [exception], $exception_types: ['TypeError'], $exception_handled: true }
  await posthog.events.captureBatch([
    occur('TypeError:1', 5, { ...detail, $current_url: 'https://shop.test/cart' }),
    occur('TypeError:2', 2, { ...detail, $exception_releases: { a: release } }, 'user-2'),
    occur('TypeError:1', 200, { $lib: 'old' }),
    occur('RangeError:1', 1, { $session_id: 's2', $lib: 'node' }),
    { ...occur('unknown', 3, { $exception_issue_id: NETWORK_ERROR }), distinctId: 'user-3' },
    { ...occur('unknown', 3, { $exception_issue_id: NETWORK_ERROR }), distinctId: 'user-4' },
    { ...occur('unknown', 3, { $exception_issue_id: NETWORK_ERROR }), distinctId: 'user-5' },
  ] as never)
})
afterAll(async () => {
  vi.useRealTimers()
  await local.close()
})

const query = async (filters: object = {}): Promise<string[]> => {
  const ids: string[] = []
  for await (const { id } of posthog.errorTracking.issues.query(filters)) ids.push(id)
  return ids
}

describe('errorTracking.issues.query', () => {
  it('lists issues of the last 7 days with their counts, the most frequent first', async () => {
    const { items } = await posthog.errorTracking.issues.query()
    expect(items.map(({ id }) => id)).toEqual([NETWORK_ERROR, TYPE_ERROR, RANGE_ERROR])
    expect(items[1]).toMatchObject({
      name: 'TypeError',
      status: 'active',
      library: 'web',
      last_seen: '2026-11-20T08:00:00.000000Z',
      aggregations: { occurrences: 2, users: 2, sessions: 1 },
    })
  })

  it('orders and pages by the body', async () => {
    expect(await query({ orderBy: 'last_seen' })).toEqual([RANGE_ERROR, TYPE_ERROR, NETWORK_ERROR])
    expect(await query({ orderBy: 'users', orderDirection: 'ASC', limit: 1 })).toEqual([
      RANGE_ERROR,
      TYPE_ERROR,
      NETWORK_ERROR,
    ])
    expect(await query({ offset: 2 })).toEqual([RANGE_ERROR])
  })

  it('filters by range, library, fingerprint, URL, property, status and assignee', async () => {
    const { issues } = posthog.errorTracking
    expect(await query({ dateRange: { date_from: '-2h' } })).toEqual([TYPE_ERROR, RANGE_ERROR])
    expect(await query({ library: ['node'] })).toEqual([RANGE_ERROR])
    expect(await query({ fingerprint: 'TypeError:2' })).toEqual([TYPE_ERROR])
    expect(await query({ url: 'SHOP.test' })).toEqual([TYPE_ERROR])
    const filterGroup = [{ key: '$session_id', operator: 'exact', value: ['s2'], type: 'event' }]
    expect(await query({ filterGroup })).toEqual([RANGE_ERROR])
    await issues.update(RANGE_ERROR, { status: 'resolved' })
    expect(await query({ status: 'resolved' })).toEqual([RANGE_ERROR])
    expect(await query({ status: 'all' })).toHaveLength(3)
    await issues.update(RANGE_ERROR, { status: 'active' })
    await issues.assign(TYPE_ERROR, { assignee: { type: 'user', id: 1 } })
    expect(await query({ assignee: { type: 'user', id: 1 } })).toEqual([TYPE_ERROR])
  })

  it('adds the volume in equal parts of the range', async () => {
    const range = { date_from: '2026-11-20T00:00:00Z', date_to: '2026-11-20T10:00:00Z' }
    const { items } = await posthog.errorTracking.issues.query({ dateRange: range, volumeResolution: 2 })
    const one = items.find(({ id }) => id === TYPE_ERROR)
    expect(one?.aggregations?.volumeRange).toEqual([0, 2])
    expect(one?.aggregations?.volume_buckets?.[1]).toEqual({ label: '2026-11-20T05:00:00.000Z', value: 2 })
  })

  it('refuses what the local PostHog does not search', async () => {
    await expect(query({ searchQuery: 'plan' })).rejects.toMatchObject({ status: 400, attr: 'searchQuery' })
    const hogql = query({ filterGroup: [{ type: 'hogql', key: '1', value: '1' }] })
    await expect(hogql).rejects.toMatchObject({ detail: 'HogQL property filters are not supported here.' })
    await expect(query({ limit: 101 })).rejects.toMatchObject({ status: 400, attr: 'limit' })
  })
})

describe('errorTracking.issues.detail', () => {
  it('describes the impact, the top frame and the release of the newest exception', async () => {
    const one = await posthog.errorTracking.issues.detail(TYPE_ERROR, { includeSparkline: true })
    expect(one).toMatchObject({
      id: TYPE_ERROR,
      impact: { occurrences: 2, users: 2, sessions: 1 },
      top_in_app_frame: { function: 'readPlan', source: 'app.js', line: 30, in_app: true },
      latest_release: { version: '1.4.0', project: 'shop', timestamp: '2026-11-19', branch: 'main' },
    })
    expect(one.sparkline).toHaveLength(12)
    expect(one.sparkline?.at(-1)).toBe(2)
  })

  it('has an empty impact outside the range, and rejects unknown issues', async () => {
    const { issues } = posthog.errorTracking
    const dateRange = { date_from: '2020-01-01', date_to: '2020-01-02' }
    const none = await issues.detail(TYPE_ERROR, { dateRange, includeSparkline: true })
    expect(none).toMatchObject({ id: TYPE_ERROR, impact: {}, sparkline: [] })
    const unknown = '018d2a6e-0000-7000-8000-0000000009ff'
    await expect(issues.detail(unknown)).rejects.toMatchObject({ name: 'NotFoundError', status: 404 })
    await expect(issues.events(unknown)).rejects.toMatchObject({ status: 404 })
  })
})

describe('errorTracking.issues.events', () => {
  it('pages exceptions without stack traces, the newest first', async () => {
    const times: string[] = []
    const shown: object[] = []
    for await (const event of posthog.errorTracking.issues.events(TYPE_ERROR, { limit: 1 })) {
      times.push(event.timestamp ?? '')
      shown.push(event.properties ?? {})
    }
    expect(times).toEqual(['2026-11-20T08:00:00.000000Z', '2026-11-20T05:00:00.000000Z'])
    expect(shown[1]).toEqual({
      $exception_types: ['TypeError'],
      $exception_list: [{ type: 'TypeError', value: 'plan is undefined' }],
      $exception_fingerprint: 'TypeError:1',
      $exception_handled: true,
      $lib: 'web',
      $current_url: 'https://shop.test/cart',
      $session_id: 's1',
    })
  })

  it('includes frames of the app, once for equal stacks', async () => {
    const include = ['exception' as const, 'stacktrace' as const]
    const { items } = await posthog.errorTracking.issues.events(TYPE_ERROR, { include })
    const stacks = items.map(({ properties }) => Object(properties?.['$exception_list'])[0].stacktrace)
    expect(
      stacks[0].frames.map(({ mangled_name, line }: Record<string, unknown>) => [mangled_name, line]),
    ).toEqual([
      ['main', 1],
      ['readPlan', 30],
    ])
    expect(Object.keys(stacks[0].frames[0])).not.toContain('junk_drawer')
    expect(stacks[1]).toEqual({ same_as_event: items[0]?.uuid, same_as_exception: 0 })
    const all = await posthog.errorTracking.issues.events(TYPE_ERROR, {
      include,
      onlyAppFrames: false,
      limit: 1,
    })
    expect(Object(all.items[0]?.properties?.['$exception_list'])[0].stacktrace.frames).toHaveLength(3)
  })

  it('searches types, values and URLs', async () => {
    const { items } = await posthog.errorTracking.issues.events(TYPE_ERROR, { searchQuery: '/CART' })
    expect(items).toHaveLength(1)
  })
})

describe('rules of error tracking', () => {
  const filters = {
    type: 'AND' as const,
    values: [{ key: 'x', type: 'event' as const, value: ['y'], operator: 'exact' as const }],
  }

  it('set severities, in the order of their keys', async () => {
    const { severityRules } = posthog.errorTracking
    const late = await severityRules.create({ filters, severity: 'low', order_key: 5 })
    const early = await severityRules.create({ filters, severity: 'critical' })
    const ids = async (): Promise<unknown[]> => (await severityRules.list()).items.map(({ id }) => id)
    expect(await ids()).toEqual([early.id, late.id])
    await severityRules.reorder({ orders: { [late.id]: 0, [early.id]: 1 } })
    expect(await ids()).toEqual([late.id, early.id])
    await severityRules.update(early.id, { severity: 'high' })
    expect(await severityRules.get(early.id)).toMatchObject({ severity: 'high', disabled_data: null })
    await expect(severityRules.create({ filters, severity: 'loud' as never })).rejects.toMatchObject({
      attr: 'severity',
    })
  })

  it('bypass rate limits, with at least one filter', async () => {
    const { bypassRules } = posthog.errorTracking
    const { id } = await bypassRules.create({ filters })
    await bypassRules.update(id, { filters: { ...filters, type: 'OR' } })
    expect(await bypassRules.get(id)).toMatchObject({ filters: { type: 'OR' }, order_key: 0 })
    await expect(bypassRules.create({ filters: { type: 'AND', values: [] } })).rejects.toMatchObject({
      status: 400,
      detail: 'A bypass rule must have at least one filter.',
    })
  })
})
