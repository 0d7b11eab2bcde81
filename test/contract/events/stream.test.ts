import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hogql, type TypehogClient } from '../../../src/index.ts'
import { faults, type LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
const now = new Date('2026-06-01T00:00:00Z')
/** The 90 days before `now`, which contain every sample event. */
const range = { from: '2026-03-01', to: '2026-06-02' }
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 2_000, now: () => now }))
})
afterAll(() => local.close())

async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = []
  for await (const row of rows) all.push(row)
  return all
}

describe('events.stream', () => {
  it('yields every event of a time range in order, each once', async () => {
    const events = await collect(posthog.events.stream({ ...range, verifyCount: true, pageSize: 300 }))
    expect(events).toHaveLength(2_000)
    expect(new Set(events.map(({ uuid }) => uuid)).size).toBe(2_000)
    const times = events.map(({ timestamp }) => Date.parse(timestamp))
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(Object.keys(events[0] ?? {})).toEqual(['uuid', 'event', 'timestamp', 'distinct_id', 'properties'])
    expect(typeof events[0]?.properties).toBe('object')
  })

  it('yields only the requested columns', async () => {
    const columns = [
      'event',
      'properties.$browser',
      'person.properties.plan',
      '$session_id',
      'properties.a.b',
    ] as const
    const [first, ...rest] = await collect(posthog.events.stream({ ...range, columns }))
    expect(Object.keys(first ?? {})).toEqual(columns)
    const all = [first, ...rest]
    expect(all.some((row) => typeof row?.['properties.$browser'] === 'string')).toBe(true)
    expect(all.some((row) => typeof row?.['person.properties.plan'] === 'string')).toBe(true)
    expect(all.every((row) => row?.['properties.a.b'] === null)).toBe(true)
  })

  it('filters by event name and condition', async () => {
    const named = await collect(posthog.events.stream({ ...range, event: '$pageview', columns: ['event'] }))
    expect(named.length).toBeGreaterThan(10)
    expect(new Set(named.map(({ event }) => event))).toEqual(new Set(['$pageview']))
    const where = hogql`properties.$browser = ${'Firefox'} or properties.$browser = ${'Chrome'} -- two`
    const columns = ['event', 'properties.$browser'] as const
    const both = await collect(posthog.events.stream({ ...range, event: ['$pageview'], where, columns }))
    expect(both.length).toBeGreaterThan(0)
    expect(both.length).toBeLessThan(named.length)
    expect(await collect(posthog.events.stream({ ...range, event: [] }))).toEqual([])
    expect(await collect(posthog.events.stream({ ...range, event: "'); drop table events --" }))).toEqual([])
  })

  it('includes `from` and excludes `to`', async () => {
    const all = await collect(posthog.events.stream({ ...range, columns: ['timestamp'] }))
    const [from, to] = [all[100]?.timestamp ?? '', all[200]?.timestamp ?? '']
    const part = await collect(posthog.events.stream({ from, to, columns: ['timestamp'] }))
    expect(part).toEqual(all.filter(({ timestamp }) => timestamp >= from && timestamp < to))
  })

  it('filters the table by time in each query, even after a timeout', async () => {
    const start = local.requests.length
    local.faults.add(faults.queryTimeout({ skip: 1 }))
    await collect(posthog.events.stream({ ...range, size: 86_400_000 }))
    const texts = local.requests.slice(start).map(({ body }) => Object(body).query.query as string)
    expect(texts.length).toBeGreaterThan(3)
    for (const text of texts.slice(1))
      expect(text).toMatch(/from events where timestamp >= toDateTime\(\{p0\}\)/)
  })

  it.each([
    [{ from: '2026-01-01T00:00:00', to: '2026-02-01' }, 'expected a valid date with a time zone'],
    [{ from: 'yesterday', to: '2026-02-01' }, 'expected a valid date with a time zone'],
    [{ from: new Date(Number.NaN), to: '2026-02-01' }, 'expected a valid date with a time zone'],
    [{ from: '2026-03-01', to: '2026-02-01' }, '`from` is later than `to`'],
    [{ ...range, size: 5 }, 'The option `size` of `window` is 5'],
    [{ ...range, columns: ['properties.50%'] as const }, 'Expected the name of'],
  ])('rejects %j', async (options, message) => {
    await expect(collect(posthog.events.stream(options))).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
      fix: expect.any(String),
    })
  })
})
