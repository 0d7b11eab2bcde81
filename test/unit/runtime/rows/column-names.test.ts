import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uniqueColumnNames } from '../../../../src/runtime/rows/decode-rows.ts'

describe('uniqueColumnNames', () => {
  it.each([
    [[], []],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [
      ['a', 'a', 'a'],
      ['a', 'a_2', 'a_3'],
    ],
    [
      ['a', 'a_2', 'a'],
      ['a', 'a_2', 'a_3'],
    ],
    [
      ['a', 'a', 'a_2'],
      ['a', 'a_3', 'a_2'],
    ],
    [
      ['', '__proto__', ''],
      ['', '__proto__', '_2'],
    ],
  ])('gives %j the names %j', (columns, expected) => {
    expect(uniqueColumnNames(columns)).toEqual(expected)
  })

  it('keeps the count and never repeats a name', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'a_2', 'a_3', 'b', '')), (columns) => {
        const names = uniqueColumnNames(columns)
        return names.length === columns.length && new Set(names).size === names.length
      }),
    )
  })

  it('numbers many columns of one name in a time that grows with their count', () => {
    const started = performance.now()
    const names = uniqueColumnNames([
      ...Array<string>(100_000).fill('a'),
      ...Array<string>(100_000).fill('b'),
    ])
    expect(names.at(-1)).toBe('b_100000')
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
