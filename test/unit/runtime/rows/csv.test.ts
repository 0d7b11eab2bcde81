import { describe, expect, it } from 'vitest'
import { renderCsv } from '../../../../src/runtime/rows/write-rows.ts'

describe('renderCsv', () => {
  it('renders the header first and ends every line with CRLF', () => {
    expect(renderCsv(['a', 'b'], [[1, true]])).toBe('a,b\r\n1,true\r\n')
  })

  it.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['return\r', '"return\r"'],
    [' spaces ', ' spaces '],
    [null, ''],
    [undefined, ''],
    ['', ''],
    [{ a: [1, 'x'] }, '"{""a"":[1,""x""]}"'],
    [12345678901234567890n, '12345678901234567890'],
  ])('writes %o as %s', (value, cell) => {
    expect(renderCsv(['c'], [[value]])).toBe(`c\r\n${cell}\r\n`)
  })

  it.each(['=1+1', '+1', '-1', '@x'])('does not change the cell %s by default', (value) => {
    expect(renderCsv(['c'], [[value]])).toBe(`c\r\n${value}\r\n`)
  })

  it.each([
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '\u00a0=1',
    '\ufeff=1',
    '\u0000=1',
    '\u200b-x',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '﹦1',
    '-1e',
    '--5',
    '+1 234',
    '\tplain',
  ])('disarms %j with `disarmFormulas`', (value) => {
    const cell = /[\r\n]/.test(value) ? `"'${value}"` : `'${value}`
    expect(renderCsv([value], [[value]], { disarmFormulas: true })).toBe(`${cell}\r\n${cell}\r\n`)
  })

  it.each([
    '-5',
    '+1.5e3',
    '-.5',
    ' -5',
    '-5.',
    'a=1',
    "'=1",
    '',
    ' ',
    -5,
    -5n,
    Number.NEGATIVE_INFINITY,
    { '=a': '=1' },
    ['=1'],
  ])('does not disarm numbers and harmless cells: %o', (value) => {
    expect(renderCsv(['c'], [[value]], { disarmFormulas: true })).toBe(renderCsv(['c'], [[value]]))
  })

  it('disarms a long cell in linear time', () => {
    const digits = '-1'.padEnd(1_000_000, '1')
    expect(renderCsv(['c'], [[`${digits}x`]], { disarmFormulas: true })).toBe(`c\r\n'${digits}x\r\n`)
    expect(renderCsv(['c'], [[' '.repeat(1_000_000)]], { disarmFormulas: true })).toHaveLength(1_000_005)
  })

  it('quotes column names', () => {
    expect(renderCsv(['count(a, b)'], [])).toBe('"count(a, b)"\r\n')
  })

  it('renders one cell per column in every row', () => {
    expect(renderCsv(['a', 'b'], [[1], [1, 2, 3]])).toBe('a,b\r\n1,\r\n1,2\r\n')
  })
})
