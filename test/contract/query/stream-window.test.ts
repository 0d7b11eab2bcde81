import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hogql, type TypehogClient } from '../../../src/index.ts'
import { faults, type LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 1_000 }))
})
beforeEach(() => local.faults.clear())
afterAll(() => local.close())

/** 1,000 rows in six days: seven rows each hour. */
const hourly = hogql<{ n: number; t: string }>`
  select number as n, toDateTime('2026-01-01 00:00:00', 'UTC') + intDiv(number, 7) * 3600 as t from numbers(1000)`
const range = { column: 't', from: '2026-01-01', to: '2026-01-07' }
const everything = Array.from({ length: 1_000 }, (_, n) => n)

async function read(options: object): Promise<number[]> {
  const rows: number[] = []
  for await (const { n } of posthog.hogql(hourly).stream({ orderBy: ['t', 'n'], ...options })) rows.push(n)
  return rows
}

/** The ends of the requested windows, in hours from the start. */
function windowEnds(from: number): number[] {
  return local.requests.slice(from).flatMap(({ body }) => {
    const { query, values } = Object(body).query
    const name = /`t` < toDateTime\(\{(\w+)\}\)/.exec(query)?.[1]
    return name === undefined
      ? []
      : [(Date.parse(values[name]) - Date.parse('2026-01-01T00:00:00Z')) / 3_600_000]
  })
}

describe('a stream with a window', () => {
  it('yields each row once and in order, and doubles fast windows', async () => {
    const start = local.requests.length
    expect(await read({ window: { ...range, size: 3_600_000 } })).toEqual(everything)
    expect(windowEnds(start)).toEqual([1, 3, 7, 15, 31, 63, 127, 144])
  })

  it('excludes rows outside the range', async () => {
    const window = { column: 't', from: new Date('2026-01-01T01:00:00Z'), to: '2026-01-01T03:00:00+01:00' }
    expect(await read({ window })).toEqual(everything.slice(7, 14))
  })

  it('halves a window that times out until it succeeds', async () => {
    const start = local.requests.length
    local.faults.add(faults.queryTimeout({ skip: 1, times: 3 }))
    expect(await read({ window: { ...range, size: 86_400_000 } })).toEqual(everything)
    expect(windowEnds(start).slice(0, 6)).toEqual([24, 12, 6, 3, 9, 21])
  })

  it('halves the rest of a window that times out after some pages', async () => {
    const start = local.requests.length
    local.faults.add(faults.queryTimeout({ skip: 3, times: 1 }))
    expect(await read({ window: { ...range, size: 86_400_000 }, pageSize: 20 })).toEqual(everything)
    // Two pages, a timeout, then half a window from the fifth hour, where the pages ended.
    expect(windowEnds(start).slice(0, 4)).toEqual([24, 2 + 24, 5 + 24, 5 + 12])
  })

  it('fails when the smallest window times out', async () => {
    const start = local.requests.length
    local.faults.add(faults.queryTimeout({ skip: 1, times: Number.POSITIVE_INFINITY }))
    await expect(read({ window: { ...range, size: 60_000 } })).rejects.toMatchObject({
      name: 'QueryTimeoutError',
      fix: expect.any(String),
    })
    expect(local.requests.length - start).toBe(8)
  })

  it('reports its progress, and resumes from any page', async () => {
    const options = { orderBy: ['t', 'n'], window: { ...range, size: 86_400_000 }, pageSize: 30 }
    const progress: number[] = []
    const resumed: number[][] = []
    const expected: number[][] = []
    let rows = 0
    for await (const page of posthog.hogql(hourly).stream(options).pages()) {
      progress.push(page.progress ?? -1)
      rows += page.rows.length
      if (page.next === undefined) break
      resumed.push(await read({ ...options, after: page.next }))
      expected.push(everything.slice(rows))
    }
    expect(rows).toBe(1_000)
    expect(resumed.length).toBeGreaterThan(30)
    expect(resumed).toEqual(expected)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
    expect(progress.every((value) => value >= 0 && value <= 1)).toBe(true)
  })

  it('sends no client query ID, because PostHog returns a stored result for a known one', async () => {
    const start = local.requests.length
    const stream = posthog.hogql(hourly, { clientQueryId: 'mine' }).stream({ orderBy: ['n'], pageSize: 400 })
    for await (const _ of stream);
    const ids = local.requests.slice(start).map(({ body }) => Object(body).client_query_id)
    expect(ids).toEqual([undefined, undefined, undefined, undefined])
  })

  it('rejects a column without time zones', async () => {
    const query = hogql<{ n: number }>`select number as n, toString(number) as t from numbers(10)`
    const stream = posthog.hogql(query).stream({ orderBy: ['t'], window: range, pageSize: 2 })
    await expect(stream.next()).rejects.toMatchObject({ name: expect.stringMatching(/Error$/) })
  })
})

describe('a stream with verifyCount', () => {
  it('yields as many rows as PostHog counts', async () => {
    expect(await read({ verifyCount: true, pageSize: 100 })).toEqual(everything)
    expect(await read({ verifyCount: true, window: { ...range, to: '2026-01-02' } })).toEqual(
      everything.slice(0, 168),
    )
  })

  it('throws when rows are missing', async () => {
    local.faults.add({ skip: 2, status: 200, body: { columns: ['n', 't'], results: [[1, 'x']], types: [] } })
    await expect(read({ verifyCount: true })).rejects.toMatchObject({
      name: 'TruncatedResultError',
      message: 'The stream returned 1 rows; PostHog counted 1000 before and 1000 after.',
    })
  })
})

describe('a stream without orderBy', () => {
  it('decodes rows by their types', async () => {
    const query = hogql`select number as n, toDateTime('2026-01-01', 'UTC') as t, number = 1 as b,
      9007199254740993 as big from numbers(3) limit 10`
    const rows = []
    for await (const row of posthog.hogql(query, { dates: 'date', int64: 'bigint' }).stream()) rows.push(row)
    const t = new Date('2026-01-01T00:00:00Z')
    expect(rows).toEqual([0n, 1n, 2n].map((n) => ({ n, t, b: n === 1n ? 1 : 0, big: 9007199254740993n })))
  })

  it('ends with an error if there may be more rows', async () => {
    const rows: unknown[] = []
    const stream = posthog.hogql(hogql`select number from numbers(150)`).stream()
    const reading = (async () => {
      for await (const row of stream) rows.push(row)
    })()
    await expect(reading).rejects.toMatchObject({
      name: 'TruncatedResultError',
      message:
        'The query returned 100 rows, and there may be more: PostHog returns 100 rows for a SELECT without LIMIT.',
    })
    expect(rows).toHaveLength(100)
  })

  it('rejects a web page', async () => {
    local.faults.add(faults.loginPage({ skip: 1 }))
    await expect(posthog.hogql(hogql`select 1 as n`).stream().next()).rejects.toMatchObject({
      name: 'DecodeError',
      message: expect.stringContaining('returned 200 with text/html instead of JSON: <html>'),
    })
  })

  it('can run in the background', async () => {
    const rows = []
    const stream = posthog.hogql(hogql`select number as n from numbers(3) limit 5`, { async: true }).stream()
    for await (const { n } of stream) rows.push(n)
    expect(rows).toEqual([0, 1, 2])
  })
})
