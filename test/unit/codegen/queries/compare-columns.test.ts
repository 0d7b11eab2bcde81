import { expect, it } from 'vitest'
import { compareColumns } from '../../../../src/codegen/queries/compare-columns.ts'

const change = (before: string, after: string): readonly string[] =>
  compareColumns([{ name: 'a', type: before }], [{ name: 'a', type: after }]).map(({ grade }) => grade)

it.each([
  ['String', 'String', []],
  ['UInt32', 'UInt64', ['safe']],
  ['String', 'UUID', ['safe']],
  ['Nullable(String)', 'String', ['safe']],
  ['JSON', 'String', ['safe']],
  ['String', 'Nullable(String)', ['risky']],
  ['String', 'UInt8', ['breaking']],
  ['String', 'JSON', ['breaking']],
  ['Array(String)', 'Array(Nullable(String))', ['breaking']],
])('grades %s to %s as %j', (before, after, grades) => {
  expect(change(before, after)).toEqual(grades)
})

it('reports removed and new columns, and ignores their order', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ name, type: 'String' })) as [never, never, never]
  expect(compareColumns([a, b], [c, a])).toEqual([
    { column: 'b', grade: 'breaking', message: 'Column "b" was removed.' },
    { column: 'c', grade: 'safe', message: 'Column "c" is new.' },
  ])
  expect(compareColumns([a, b], [b, a])).toEqual([])
})
