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
  ])('renames %j to %j', (columns, expected) => {
    expect(uniqueColumnNames(columns)).toEqual(expected)
  })

  it('returns one unique name per column', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'a_2', 'a_3', 'b', '')), (columns) => {
        const names = uniqueColumnNames(columns)
        return names.length === columns.length && new Set(names).size === names.length
      }),
    )
  })

  it('numbers duplicate names in linear time', () => {
    const started = performance.now()
    const names = uniqueColumnNames([
      ...Array<string>(100_000).fill('a'),
      ...Array<string>(100_000).fill('b'),
    ])
    expect(names.at(-1)).toBe('b_100000')
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
