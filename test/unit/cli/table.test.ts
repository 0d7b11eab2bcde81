import { describe, expect, it } from 'vitest'
import { renderTable } from '../../../src/cli/output/table.ts'
import { textWidth, truncate } from '../../../src/cli/output/text-width.ts'

describe('renderTable', () => {
  it('aligns text left and numbers right, without spaces at the end of a line', () => {
    const text = renderTable(
      ['country', 'n'],
      [
        ['US', 41],
        ['Germany', 9],
      ],
    )
    expect(text).toBe(['country   n', '-------  --', 'US       41', 'Germany   9'].join('\n'))
  })

  it('counts wide characters as two cells, so that columns still line up', () => {
    const lines = renderTable(
      ['city', 'x'],
      [
        ['東京', 'a'],
        ['Köln', 'b'],
        ['👍🏽', 'c'],
        ['e\u0301', 'd'],
      ],
    ).split('\n')
    for (const line of lines.slice(2)) expect(textWidth(line)).toBe(7)
  })

  it('cuts the widest column until a line fits the terminal', () => {
    const text = renderTable(
      ['id', 'text'],
      [
        [1, 'x'.repeat(100)],
        [2, 'short'],
      ],
      20,
    )
    expect(
      text
        .split('\n')
        .map(textWidth)
        .every((width) => width <= 20),
    ).toBe(true)
    expect(text).toContain(' 1  xxxxxxxxxxxxxxx…')
    expect(text).toContain(' 2  short')
  })

  it('cuts wide characters whole', () => {
    expect(truncate('東京タワー', 6)).toBe('東京…')
    expect(truncate('東京', 4)).toBe('東京')
    expect(truncate('abc', 0)).toBe('')
  })

  it('keeps columns readable on a terminal that is too narrow for all of them', () => {
    const text = renderTable(['aaaaaaaa', 'bbbbbbbb', 'cccccccc'], [['11111111', '22222222', '33333333']], 5)
    expect(text.split('\n')[0]).toBe('aaa…  bbb…  ccc…')
  })

  it('cuts nothing without a terminal', () => {
    expect(renderTable(['t'], [['x'.repeat(500)]])).toContain('x'.repeat(500))
  })

  it('shows null as an empty cell and objects as JSON', () => {
    expect(renderTable(['a', 'b'], [[null, { k: [1, 2n, 2n ** 60n] }]])).toContain(
      '   {"k":[1,2,"1152921504606846976"]}',
    )
  })

  it('writes control characters as escapes, so that data cannot drive the terminal', () => {
    const text = renderTable(['a\nb'], [['\u001b[2J\u202e\t\u009b']])
    for (const character of ['\u001b', '\u202e', '\t', '\u009b']) expect(text).not.toContain(character)
    expect(text).toContain('\\u001b[2J\\u202e\\t\\u009b')
    expect(text.split('\n')).toHaveLength(3)
  })

  it('renders columns without rows', () => {
    expect(renderTable(['a', 'b'], [])).toBe('a  b\n-  -')
  })
})
