import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { hogql, type TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 0 }))
})
afterAll(() => local.close())

const query = hogql`select number as n, number as big, toDateTime('2026-01-01', 'UTC') as at,
  if(number = 2, null, 'x') as text, [toDate(toDateTime('2026-01-02', 'UTC'))] as days, number = 1 as flag from numbers(3) limit 10`

describe('rows with a schema', () => {
  it('are the output of the schema', async () => {
    const Row = z.object({ n: z.number(), at: z.coerce.date() }).transform(({ n, at }) => ({ n: n + 1, at }))
    expect(await posthog.hogql(query).as(Row).rows()).toEqual(
      [1, 2, 3].map((n) => ({ n, at: new Date('2026-01-01') })),
    )
    expect(await posthog.hogql`select ${'7'} as n`.as(z.object({ n: z.coerce.number() })).one()).toEqual({
      n: 7,
    })
  })

  it('wait for an asynchronous schema', async () => {
    const Row = z.object({ n: z.number() }).refine(async ({ n }) => n < 9)
    expect(await posthog.hogql(query).as(Row).rows()).toHaveLength(3)
  })

  it('are rejected with the path of the invalid value', async () => {
    const call = posthog.hogql(query).as(z.object({ text: z.string() }))
    await expect(call).rejects.toMatchObject({
      name: 'ResponseValidationError',
      issues: [{ path: 'rows.2.text', message: expect.any(String) }],
    })
    await expect(call.stream().next()).rejects.toMatchObject({ name: 'ResponseValidationError' })
  })
})

describe('rows with declared columns', () => {
  const columns = {
    n: 'UInt64',
    big: 'UInt64',
    at: 'DateTime',
    text: 'Nullable(String)',
    days: 'Array(Date)',
    flag: 'UInt8',
  } as const

  it('are decoded by the options', async () => {
    const [row] = await posthog.hogql(query).as(columns, { int64: 'bigint', dates: 'date' }).rows()
    expect(row).toEqual({
      n: 0n,
      big: 0n,
      at: new Date('2026-01-01T00:00:00Z'),
      text: 'x',
      days: [new Date('2026-01-02T00:00:00Z')],
      flag: 0,
    })
    const streamed = []
    for await (const { big } of posthog.hogql(query).as(columns, { int64: 'string' }).stream())
      streamed.push(big)
    expect(streamed).toEqual(['0', '1', '2'])
  })

  it.each([
    [{ ...columns, text: 'String' }, 'text: is declared as String but has the type Nullable(String)'],
    [{ ...columns, big: 'Int32' }, 'big: is declared as Int32 but has the type UInt64'],
    [{ ...columns, at: 'Date' }, "at: is declared as Date but has the type DateTime('UTC')"],
    [
      { ...columns, days: 'Array(String)' },
      'days: is declared as Array(String) but has the type Array(Date)',
    ],
    [
      { ...columns, views: 'UInt64' },
      'views: is not a column of the query. Columns: n, big, at, text, days, flag',
    ],
    [
      { n: 'String', at: 'Bool' },
      'n: is declared as String but has the type UInt64; at: is declared as Bool',
    ],
  ])('are rejected if the types differ: %#', async (shape, message) => {
    await expect(posthog.hogql(query).as(shape)).rejects.toMatchObject({
      name: 'ResponseValidationError',
      message: expect.stringContaining(message),
    })
  })

  it.each([
    ['Nullable(String)', "toUUID('018d2a6e-0000-7000-8000-000000000001')"],
    ['LowCardinality(String)', "'a'"],
    ['Nullable(Int64)', 'toInt(1)'],
    ['Float64', '256'],
    ["DateTime64(3, 'UTC')", "toDateTime('2026-01-01', 'UTC')"],
    ['Tuple', "tuple(1, 'a')"],
    ['Tuple(Float64, String)', "tuple(1, 'a')"],
    ['Map(String, Int32)', "map('a', 1)"],
    ['Array(Nullable(String))', "['a']"],
    ['Nullable(Decimal)', 'toDecimal(1, 2)'],
  ])('can be declared as %s for %s', async (type, expression) => {
    expect(
      await posthog
        .hogql(hogql`select ${hogql.raw(expression)} as x`)
        .as({ x: type })
        .rows(),
    ).toHaveLength(1)
  })
})
