import { describe, expect, it } from 'vitest'
import { renderCsv } from '../../../../src/runtime/rows/csv.ts'

describe('renderCsv', () => {
  it('ends every line with CRLF, the header first', () => {
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

  it.each(['=1+1', '+1', '-1', '@x'])('leaves the cell %s as it is', (value) => {
    expect(renderCsv(['c'], [[value]])).toBe(`c\r\n${value}\r\n`)
  })

  it('quotes names of columns too', () => {
    expect(renderCsv(['count(a, b)'], [])).toBe('"count(a, b)"\r\n')
  })

  it('gives every row as many cells as there are columns', () => {
    expect(renderCsv(['a', 'b'], [[1], [1, 2, 3]])).toBe('a,b\r\n1,\r\n1,2\r\n')
  })
})
