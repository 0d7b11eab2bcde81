import { describe, expect, it } from 'vitest'
import type { CellOptions } from '../../../../src/runtime/rows/decode-cell.ts'
import { createRowDecoder, readColumns } from '../../../../src/runtime/rows/decode-rows.ts'

function decode(types: readonly unknown[], cells: readonly unknown[], options: CellOptions = {}): unknown {
  const names = types.map((_, index) => `c${index}`)
  return Object.values(createRowDecoder(readColumns(names, types), options)(cells, 0))
}

describe('createRowDecoder', () => {
  it('returns objects by column name, including duplicates and `__proto__`', () => {
    const columns = readColumns(['a', 'a', '__proto__'], [['a', 'String'], 'UInt8'])
    const row = createRowDecoder(columns, {})(['x', 1, 'y'], 0)
    expect(Object.entries(row)).toEqual([
      ['a', 'x'],
      ['a_2', 1],
      ['__proto__', 'y'],
    ])
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
    expect(columns.types).toEqual(['String', 'UInt8', undefined])
  })

  it('returns dates as strings or Date objects', () => {
    const types = ["DateTime64(6, 'UTC')", 'DateTime', "DateTime('US/Pacific')", 'Date', 'Nullable(Date32)']
    const cells = [
      '2026-01-02T03:04:05.678901Z',
      '2026-01-02T03:04:05',
      '2026-01-01T19:04:05-08:00',
      '2026-01-02',
      null,
    ]
    expect(decode(types, cells)).toEqual(cells)
    expect(decode(types, cells, { dates: 'date' })).toEqual([
      new Date('2026-01-02T03:04:05.678Z'),
      new Date('2026-01-02T03:04:05Z'),
      new Date('2026-01-02T03:04:05Z'),
      new Date('2026-01-02T00:00:00Z'),
      null,
    ])
    expect(() => decode(['Date'], ['soon'], { dates: 'date' })).toThrow('got "soon"')
  })

  it('decodes 64-bit integers by `int64`, and throws for an unsafe number', () => {
    const types = ['UInt64', 'Nullable(Int64)', 'Array(UInt64)', 'Map(String, Int64)', 'Tuple(Int64, String)']
    const cells = [5, null, [1, 2n ** 63n], { a: 2n ** 60n }, [7, 'x']]
    expect(decode(types, cells, { int64: 'bigint' })).toEqual([
      5n,
      null,
      [1n, 2n ** 63n],
      { a: 2n ** 60n },
      [7n, 'x'],
    ])
    expect(decode(types, cells, { int64: 'string' })).toEqual([
      '5',
      null,
      ['1', '9223372036854775808'],
      { a: '1152921504606846976' },
      ['7', 'x'],
    ])
    expect(decode(['UInt64'], [5])).toEqual([5])
    expect(() => decode(['Array(UInt64)'], [[2n ** 63n]])).toThrow(
      '9223372036854775808, which a JavaScript number',
    )
  })

  it('decodes booleans and JSON, and does not change unknown types', () => {
    expect(
      decode(
        ['Bool', 'Bool', 'JSON', 'JSON', 'Decimal(10, 2)', 'UUID', 'Whatever(3)', 'Tuple(Nullable(Int64))'],
        [1, false, '{"a":[1]}', 'no', '1.50', 'u', [1], [null]],
      ),
    ).toEqual([true, false, { a: [1] }, 'no', '1.50', 'u', [1], [null]])
  })
})
