import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hogql, type StreamOptions, type TypehogClient } from '../../../src/index.ts'
import { faults, type LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient(
    { events: 1_000 },
    { retry: { initialDelay: 1, maxDelay: 2 } },
  ))
})
afterAll(() => local.close())

/** 1,000 rows. Three share each `k` and seven share each `t`; `n` and `u` are unique. */
const ties = hogql<{ n: number; k: number; t: string; u: string }>`
  select number as n, intDiv(number, 3) as k, toDateTime('2026-01-01 00:00:00', 'UTC') + intDiv(number, 7) as t,
    toString(number) as u
  from numbers(1000) -- in no order`

async function numbers(rows: AsyncIterable<{ n: number }>): Promise<number[]> {
  const all: number[] = []
  for await (const { n } of rows) all.push(n)
  return all
}
const everything = Array.from({ length: 1_000 }, (_, n) => n)
const sorted = (list: number[]): number[] => list.sort((a, b) => a - b)

describe('a stream', () => {
  it.each([
    [['n'], 100],
    [['n'], 999],
    [['n'], 1_000],
    [['n'], 1_001],
    [['k'], 4],
    [['k'], 10],
    [['t', 'u'], 2],
    [['t'], 50],
    [['t', 'k', 'u'], 333],
  ] as const)('ordered by %j in pages of %i yields every row once', async (orderBy, pageSize) => {
    const read = await numbers(posthog.hogql(ties).stream({ orderBy, pageSize }))
    expect(sorted(read)).toEqual(everything)
  })

  it('yields rows in order', async () => {
    const read = await numbers(posthog.hogql(ties).stream({ orderBy: ['n'], pageSize: 64 }))
    expect(read).toEqual(everything)
  })

  it('starts each page at the last key, never with OFFSET', async () => {
    const start = local.requests.length
    await numbers(posthog.hogql(ties).stream({ orderBy: ['k', 'u'], pageSize: 400 }))
    const [columns, ...queries] = local.requests.slice(start).map(({ body }) => Object(body)['query'])
    // The query for the columns requests no rows.
    expect(columns.query).toMatch(/limit \{p0\}$/)
    expect(columns.values).toEqual({ p0: 0 })
    expect(queries).toHaveLength(3)
    expect(JSON.stringify(queries)).not.toMatch(/offset/i)
    expect(queries[1].query).toMatch(
      /^select \* from \(\n[\s\S]* -- in no order\n\)\nwhere \(\(\(`k` > \{p0\} or `k` is null\)\) or \(`k` = \{p1\} and \(`u` >= \{p2\} or `u` is null\)\)\)\norder by `k`, `u` limit \{p3\}$/,
    )
  })

  it('yields events by time and UUID, whatever the page size', async () => {
    const events = hogql<{
      uuid: string
    }>`select uuid, timestamp, event from events where timestamp > ${new Date(0)}`
    const expected = new Set(
      (await posthog.hogql(hogql<{ uuid: string }>`select uuid from events limit 5000`).rows()).map(
        ({ uuid }) => uuid,
      ),
    )
    expect(expected.size).toBe(1_000)
    for (const pageSize of [7, 100, 50_000]) {
      const read: string[] = []
      for await (const { uuid } of posthog.hogql(events).stream({ orderBy: ['timestamp', 'uuid'], pageSize }))
        read.push(uuid)
      expect(read).toHaveLength(1_000)
      expect(new Set(read)).toEqual(expected)
    }
  })

  it('pages by large integers exactly', async () => {
    const big = hogql<{ big: bigint }>`select 9007199254740992 + number as big from numbers(20)`
    const read: bigint[] = []
    for await (const { big: value } of posthog
      .hogql(big, { int64: 'bigint' })
      .stream({ orderBy: ['big'], pageSize: 3 }))
      read.push(value)
    expect(read).toEqual(Array.from({ length: 20 }, (_, n) => 2n ** 53n + BigInt(n)))
  })

  it('resumes from any page, even in another process', async () => {
    const options = { orderBy: ['t', 'u'], pageSize: 90 }
    const before: number[] = []
    const resumed: number[][] = []
    for await (const { rows, next } of posthog.hogql(ties).stream(options).pages()) {
      before.push(...rows.map(({ n }) => n))
      if (next === undefined) break
      // The cursor is a string.
      const rest = await numbers(posthog.hogql(ties).stream({ ...options, after: String(next) }))
      resumed.push(sorted([...before, ...rest]))
    }
    expect(sorted(before)).toEqual(everything)
    expect(resumed.length).toBeGreaterThan(10)
    expect(resumed).toEqual(resumed.map(() => everything))
  })

  it('never loses or repeats rows, however many keys are equal', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 10, max: 80 }),
        fc.nat(150),
        async (group, pageSize, total) => {
          const query = hogql<{
            n: number
          }>`select number as n, intDiv(number, ${group}) as k from numbers(${hogql.raw(String(total))})`
          const read = await numbers(posthog.hogql(query).stream({ orderBy: ['k'], pageSize }))
          expect(sorted(read)).toEqual(everything.slice(0, total))
        },
      ),
      { numRuns: 25 },
    )
  })

  it('yields rows with a null key last', async () => {
    const query = hogql<{ n: number }>`select number as n, nullIf(number % 20, 7) as k from numbers(200)`
    const read = await numbers(posthog.hogql(query).stream({ orderBy: ['k'], pageSize: 25 }))
    expect(read.slice(-10).every((n) => n % 20 === 7)).toBe(true)
    expect(sorted(read)).toEqual(everything.slice(0, 200))
  })

  it('requests only the pages that are read', async () => {
    const start = local.requests.length
    for await (const { n } of posthog.hogql(ties).stream({ orderBy: ['n'], pageSize: 100 }))
      if (n === 5) break
    // One request for the columns and one for the first page.
    expect(local.requests.length - start).toBe(2)
  })

  it('retries failed pages', async () => {
    local.faults.add(
      faults.badGateway({ skip: 1 }),
      { reset: 'mid-body', skip: 3 },
      faults.throttled(0, { skip: 5 }),
    )
    expect(await numbers(posthog.hogql(ties).stream({ orderBy: ['n'], pageSize: 150 }))).toEqual(everything)
    expect(local.faults.pending).toEqual([])
  })

  it.each([
    [hogql`select number as n from numbers(10) limit 5`, { orderBy: ['n'] }, 'The query has a LIMIT'],
    [ties, { orderBy: [] }, 'names no column'],
    [ties, { orderBy: ['k'], pageSize: 3 }, 'At least 3 rows are equal in k'],
    [ties, { orderBy: ['n'], pageSize: 1 }, 'The option `pageSize` of `stream` is 1'],
    [ties, { orderBy: ['n'], pageSize: 50_001 }, 'The option `pageSize` of `stream` is 50001'],
    [ties, { orderBy: ['n'], after: 'x' }, '`after` is not the `next`'],
    [
      ties,
      { orderBy: ['n'], after: '[["number","1",false],["number","1",false]]' },
      '`after` is not the `next`',
    ],
    [
      hogql`select number / 2 as n from numbers(10)`,
      { orderBy: ['n'], pageSize: 5 },
      'Float64 has unordered values',
    ],
    [
      hogql`select nullIf(number % 2, 1) as n from numbers(10)`,
      { orderBy: ['n'], pageSize: 6 },
      'ends with null in n',
    ],
    [ties, { pageSize: 5 }, '`pageSize` requires `orderBy`'],
    [ties, { orderBy: ['n'], allowPartial: true }, '`stream` has no option `allowPartial`'],
    [ties, { orderBy: 'n' }, 'The option `orderBy` of `stream` is "n"; expected an array of column names'],
    [ties, { orderBy: [''] }, 'expected an array of column names'],
    [ties, { orderBy: ['n'], pageSize: Number.NaN }, 'The option `pageSize` of `stream` is NaN'],
    [ties, { orderBy: ['n'], verifyCount: 'yes' }, 'The option `verifyCount` of `stream` is "yes"'],
    [ties, { orderBy: ['n'], pagesize: 5 }, '`stream` has no option `pagesize`'],
    [
      ties,
      { orderBy: ['t'], window: { column: 't', from: new Date(Number.NaN), to: '2026-01-01' } },
      'an invalid Date',
    ],
    [ties, { orderBy: ['t'], window: { column: 't', from: 5n, to: '2026-01-01' } }, '`from` is 5n'],
    [ties, { orderBy: ['t'], window: { column: 't', from: '2026-02-30', to: '2026-03-01' } }, '"2026-02-30"'],
    [
      ties,
      { orderBy: ['t'], window: { from: '2026-01-01', to: '2026-02-01' } },
      'The option `column` of `window`',
    ],
    [ties, 'n', 'The options of `stream` is "n"'],
    [
      ties,
      { orderBy: ['u'], window: { column: 't', from: '2026-01-01', to: '2026-02-01' } },
      'The column of `window` is "t"',
    ],
    [
      ties,
      { orderBy: ['t'], window: { column: 't', from: '2026-01-01T00:00:00', to: '2026-02-01' } },
      '`from` is "2026-01-01T00:00:00"',
    ],
    [
      ties,
      { orderBy: ['t'], window: { column: 't', from: '2026-02-01', to: '2026-01-01' } },
      '`from` is later than `to`',
    ],
  ] as const)('rejects options that would lose rows: %# %j', async (query, options, message) => {
    const error = await numbers(
      posthog.hogql(query as typeof ties).stream(options as unknown as StreamOptions),
    ).then(
      () => new Error('nothing was rejected'),
      (thrown: Error) => thrown,
    )
    expect(error).toHaveProperty('fix', expect.any(String))
    expect(error.message).toContain(message)
  })
})
