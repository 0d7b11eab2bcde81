import { expect, it } from 'vitest'
import { typescriptTypeOfColumn } from '../../../../src/codegen/queries/row-type.ts'

it.each([
  ['UInt64', 'number'],
  ["Nullable(DateTime64(6, 'UTC'))", 'string | null'],
  ['LowCardinality(Nullable(String))', 'string | null'],
  ['Array(Nullable(UInt64))', '(number | null)[]'],
  ['Array(Array(String))', 'string[][]'],
  ['Tuple(a String, `b, (c` Nullable(Int8), UUID)', '[string, number | null, string]'],
  ['Map(String, Array(Tuple(Float64, Bool)))', 'Record<string, [number, boolean][]>'],
  ["Enum8('a, b)' = 1, 'it\\'s' = 2)", 'string'],
  ['Decimal(18, 2)', 'string'],
  ['FixedString(16)', 'string'],
  ['SimpleAggregateFunction(max, Nullable(Int64))', 'number | null'],
  ['AggregateFunction(uniq, String)', 'unknown'],
  ['Nullable(Nothing)', 'null'],
  ['Tuple()', '[]'],
  ['JSON', 'unknown'],
  ['Array(', 'unknown[]'],
  ['', 'unknown'],
])('the cells of %s have the type %s', (type, expected) => {
  expect(typescriptTypeOfColumn(type)).toBe(expected)
})
