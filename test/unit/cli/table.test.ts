import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { renderTable } from '../../../src/cli/output/table.ts'
import { truncate } from '../../../src/cli/output/text.ts'

describe('renderTable', () => {
  it('aligns text left and numbers right, without trailing spaces', () => {
    const text = renderTable(
      ['country', 'n'],
      [
        ['US', 41],
        ['Germany', 9],
      ],
    )
    expect(text).toBe(['country   n', '-------  --', 'US       41', 'Germany   9'].join('\n'))
  })

  it('counts wide characters as two cells', () => {
    const lines = renderTable(
      ['city', 'x'],
      [
        ['東京', 'a'],
        ['Köln', 'b'],
        ['👍🏽', 'c'],
        ['e\u0301', 'd'],
      ],
    ).split('\n')
    for (const line of lines.slice(2)) expect(stringWidth(line)).toBe(7)
  })

  it('narrows the widest column until each line fits the terminal', () => {
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
        .map((line) => stringWidth(line))
        .every((width) => width <= 20),
    ).toBe(true)
    expect(text).toContain(' 1  xxxxxxxxxxxxxxx…')
    expect(text).toContain(' 2  short')
  })

  it.each([
    ['a family emoji', '👨\u200d👩\u200d👧', 2],
    ['a flag', '🇩🇪', 2],
    ['Hangul', '한글', 4],
    ['a halfwidth katakana with a voiced mark', 'ｶﾞ', 2],
    ['a zero-width joiner', 'a\u200db', 2],
  ])('aligns %s', (_, text, width) => {
    expect(renderTable([text, 'x'], [['', 'y']]).split('\n')[1]).toBe(`${'-'.repeat(width)}  -`)
  })

  it('never splits a wide character', () => {
    expect(truncate('東京タワー', 6)).toBe('東京…')
    expect(truncate('東京', 4)).toBe('東京')
    expect(truncate('abc', 0)).toBe('')
  })

  it('keeps a minimum column width on a narrow terminal', () => {
    const text = renderTable(['aaaaaaaa', 'bbbbbbbb', 'cccccccc'], [['11111111', '22222222', '33333333']], 5)
    expect(text.split('\n')[0]).toBe('aaa…  bbb…  ccc…')
  })

  it('does not truncate without a terminal', () => {
    expect(renderTable(['t'], [['x'.repeat(500)]])).toContain('x'.repeat(500))
  })

  it('renders null as an empty cell and objects as JSON', () => {
    expect(renderTable(['a', 'b'], [[null, { k: [1, 2n, 2n ** 60n] }]])).toContain(
      '   {"k":[1,2,"1152921504606846976"]}',
    )
  })

  it('escapes control characters', () => {
    const text = renderTable(['a\nb'], [['\u001b[2J\u202e\t\u009b']])
    for (const character of ['\u001b', '\u202e', '\t', '\u009b']) expect(text).not.toContain(character)
    expect(text).toContain('\\u001b[2J\\u202e\\t\\u009b')
    expect(text.split('\n')).toHaveLength(3)
  })

  it('renders a header without rows', () => {
    expect(renderTable(['a', 'b'], [])).toBe('a  b\n-  -')
  })
})
