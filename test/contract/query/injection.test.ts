import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hogql, type TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 200 }))
})
afterAll(() => local.close())

/** Strings that would end a string, a comment, a bracket or a query if they were not escaped. */
const hostile = [
  "'",
  "''",
  "\\'",
  "\\\\'",
  "' or 1 = 1 --",
  "'; drop table events; --",
  '" or "" = "',
  '`',
  '{p0}',
  '{filters}',
  '{{p0}}',
  '$' + '{1}',
  '-- limit 1',
  '/* x */',
  '*/ union all select 1 --',
  ') or (1 = 1',
  '%s %(x)s',
  '\n',
  '\r\n\t',
  '\u0000',
  '\u2028',
  '\ufeff',
  'ʼ＇',
  '👩‍👩‍👧',
  'a'.repeat(50_000),
  '\\x27',
  '\\u0027',
  '0x27',
  'NULL',
  '1e309',
]

describe('a hostile string', () => {
  it.each(hostile)('%j is returned unchanged as a value', async (text) => {
    const { rows } = await posthog.hogql<{
      text: string
      same: number
    }>`select ${text} as text, text = ${text} as same`
    expect(rows).toEqual([{ text, same: 1 }])
  })

  it.each(hostile)('%j is returned unchanged in a list', async (text) => {
    const { rows } = await posthog.hogql`
      select ${[text, 'b']} as list, ${text} in ${hogql.list(['a', text])} as listed, ${text} in ${hogql.list([])} as none`
    expect(rows).toEqual([{ list: [text, 'b'], listed: 1, none: expect.toBeOneOf([0, null]) }])
  })

  it.each(hostile)('%j matches no event as a condition', async (text) => {
    const where = hogql.join([hogql`event = ${text}`, hogql`properties.$pathname = ${text}`], ' or ')
    const { rows } = await posthog.hogql`select count() as count from events where ${where}`
    expect(rows).toEqual([{ count: 0 }])
  })

  it.each(hostile.filter((text) => !text.includes('%') && !text.includes('\u0000')))(
    '%j is a single name as an identifier',
    async (text) => {
      const name = hogql.ref(text)
      const { columns, rows } = await posthog.hogql`select 1 as ${name}`
      expect(columns).toEqual([text])
      expect(Object.values(rows[0] ?? {})).toEqual([1])
    },
  )

  it('is returned unchanged, whatever its characters', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 8 }),
        async (texts) => {
          const wellFormed = texts.map((text) => text.replace(/[\uD800-\uDFFF]/gu, '?'))
          const { rows } = await posthog.hogql<{ list: string[] }>`select ${wellFormed} as list`
          expect(rows[0]?.list).toEqual(wellFormed)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('deletes no events', async () => {
    expect(await posthog.hogql<{ count: number }>`select count() as count from events`.one()).toEqual({
      count: 200,
    })
  })
})

describe('a value', () => {
  const instant = new Date('2026-01-02T03:04:05.678Z')
  it.each([
    [5, 5],
    [-5, -5],
    [0.1, 0.1],
    [1e300, 1e300],
    [true, true],
    [false, false],
    ['5', '5'],
    ['', ''],
    [null, null],
    [5n, 5],
    [2n ** 53n - 1n, 2 ** 53 - 1],
  ])('keeps its type: %s', async (value, expected) => {
    expect(await posthog.hogql`select ${value} as value`.one()).toEqual({ value: expected })
  })

  it('keeps its type if it is a large integer or a time', async () => {
    const big = 9007199254740993n
    const query = hogql<{ big: bigint; at: Date }>`select ${big} as big, ${instant} as at`
    expect(await posthog.hogql(query, { int64: 'bigint', dates: 'date' }).one()).toEqual({ big, at: instant })
    await expect(posthog.hogql(query).one()).rejects.toMatchObject({
      name: 'DecodeError',
      fix: expect.stringContaining("int64: 'bigint'"),
    })
  })
})
