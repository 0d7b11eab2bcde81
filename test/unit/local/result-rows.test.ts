import { describe, expect, it } from 'vitest'
import { columnKind, toWireRows } from '../../../src/local/engine/result-rows.ts'
import { parseEngineError } from '../../../src/local/engine/sql-engine.ts'
import { stableJson, writeJson } from '../../../src/local/http/json.ts'

const cell = (type: string, value: unknown, zoneless = false): unknown =>
  toWireRows({ columns: [{ name: 'x', type }], rows: [[value]] }, zoneless)[0]?.[0]

describe('cells', () => {
  it.each([
    ['UInt64', '12', 12],
    ['UInt64', '18446744073709551615', 18446744073709551615n],
    ['Nullable(Int64)', null, null],
    ['Decimal(18, 2)', '1.50', '1.50'],
    ['Float64', null, null],
    ['Bool', true, true],
    ['Date', '2026-01-02', '2026-01-02'],
    ["DateTime64(6, 'UTC')", '2026-01-02 03:04:05.000000', '2026-01-02T03:04:05Z'],
    ["DateTime64(6, 'UTC')", '2026-01-02 03:04:05.120000', '2026-01-02T03:04:05.120000Z'],
    ["DateTime64(3, 'UTC')", '2026-01-02 03:04:05.120', '2026-01-02T03:04:05.120000Z'],
    ['DateTime', '2026-01-02 03:04:05', '2026-01-02T03:04:05'],
    ["DateTime('America/Los_Angeles')", '2026-01-02 03:04:05', '2026-01-02T03:04:05-08:00'],
    ['Array(UInt64)', ['1', '18446744073709551615'], [1, 18446744073709551615n]],
    ['Array(Tuple(String, UInt64))', [['a', '1']], [['a', 1]]],
    ['Tuple(a String, b UInt64)', ['a', '1'], ['a', 1]],
    ['Map(String, UInt64)', { a: '1' }, { a: 1 }],
    ['LowCardinality(Nullable(String))', 'x', 'x'],
  ])('of %s converts %j', (type, value, expected) => {
    expect(cell(type, value)).toEqual(expected)
  })

  it('omit the zone of date-times in materialized tables', () => {
    expect(cell("Nullable(DateTime('UTC'))", '2026-01-02 03:04:05', true)).toBe('2026-01-02T03:04:05')
  })

  it('keep all digits', () => {
    expect(writeJson({ a: [18446744073709551615n, undefined], b: undefined, c: 'x' })).toBe(
      '{"a":[18446744073709551615,null],"c":"x"}',
    )
  })
})

describe('column kinds', () => {
  it.each([
    ['UInt64', 'integer'],
    ['Nullable(Int8)', 'integer'],
    ['Float64', 'float'],
    ['Decimal(18, 2)', 'float'],
    ['LowCardinality(Nullable(String))', 'string'],
    ['UUID', 'string'],
    ["Enum8('a' = 1)", 'string'],
    ["Nullable(DateTime64(6, 'UTC'))", 'datetime'],
    ['DateTime', 'datetime'],
    ['Date32', 'date'],
    ['Bool', 'boolean'],
    ['Array(String)', 'array'],
    ['Map(String, String)', 'json'],
    ['Tuple(String, UInt64)', 'json'],
    ['AggregateFunction(count)', 'unknown'],
    ['Nullable(Nothing)', 'unknown'],
  ])('%s is %s', (type, kind) => {
    expect(columnKind(type)).toBe(kind)
  })
})

describe('engine errors', () => {
  it('have the name in lower case and the message without its frame', () => {
    const error = parseEngineError(
      'Code: 46. DB::Exception: Function with name `foo` does not exist. (UNKNOWN_FUNCTION)',
    )
    expect(error.code).toBe('unknown_function')
    expect(error.message).toBe('Function with name `foo` does not exist')
  })

  it('are parsed inside a nested frame', () => {
    const text =
      'Code: 164. DB::Exception: Code: 164. DB::Exception: Cannot modify x. (READONLY) (version 26.7.2.1). (READONLY)'
    expect(parseEngineError(text)).toMatchObject({ code: 'readonly', message: 'Cannot modify x' })
  })

  it('keep a message without a name', () => {
    expect(parseEngineError('broken')).toMatchObject({ code: 'unknown_error', message: 'broken' })
  })
})

describe('stable JSON', () => {
  it('is equal for equal values', () => {
    expect(stableJson({ b: [{ d: 1, c: 2 }], a: 1 })).toBe(stableJson({ a: 1, b: [{ c: 2, d: 1 }] }))
    expect(stableJson({ a: [1, 2] })).not.toBe(stableJson({ a: [2, 1] }))
  })
})
