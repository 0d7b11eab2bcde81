import { describe, expect, it } from 'vitest'
import { type ColumnType, parseColumnType } from '../../../../src/runtime/rows/decode-cell.ts'

const render = ({ name, parameters }: ColumnType): string =>
  parameters.length === 0 ? name : `${name}(${parameters.map(render).join(', ')})`

describe('parseColumnType', () => {
  it.each([
    ['Array(Nullable(String))', 'Array(Nullable(String))'],
    ["Tuple(a String, `b, (c` DateTime64(3, 'UTC'))", "Tuple(String, DateTime64(3, 'UTC'))"],
    ['Tuple(`a\\`b` Map(String, Array(Int64)), c UInt8)', 'Tuple(Map(String, Array(Int64)), UInt8)'],
    ["Enum8('a(' = 1, 'b\\'' = 2)", "Enum8('a(' = 1, 'b\\'' = 2)"],
    ['String', 'String'],
    ['Map(String, Array(Int64))', 'Map(String, Array(Int64))'],
    ['Something(Else', 'Something(Else'],
    ['', ''],
    ['`', '`'],
  ])('parses %s', (text, expected) => {
    expect(render(parseColumnType(text))).toBe(expected)
  })

  it('stops at the maximum depth of a type of 100,000 levels', () => {
    let type: ColumnType | undefined = parseColumnType(
      `${'Array('.repeat(100_000)}Int64${')'.repeat(100_000)}`,
    )
    let depth = 0
    for (; type !== undefined; type = type.parameters[0]) depth += 1
    expect(depth).toBe(33)
  })

  it('parses names of 20 MB', () => {
    expect(render(parseColumnType(`Tuple(\`${'x'.repeat(20_000_000)}\` Int64)`))).toBe('Tuple(Int64)')
    expect(render(parseColumnType(`Tuple(${'x'.repeat(20_000_000)} Int64)`))).toBe('Tuple(Int64)')
  })
})
