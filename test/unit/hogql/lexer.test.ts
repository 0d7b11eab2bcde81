import { describe, expect, it } from 'vitest'
import { HogqlError } from '../../../src/hogql/hogql-error.ts'
import { readToken } from '../../../src/hogql/parse/lexer.ts'

/** Kinds and values of all tokens. */
function tokensOf(sql: string): string[] {
  const tokens: string[] = []
  for (let at = 0; ; ) {
    const { kind, value, end } = readToken(sql, at)
    if (kind === 'end') return tokens
    tokens.push(`${kind}:${value}`)
    at = end
  }
}

describe('the lexer of HogQL', () => {
  it('skips comments of all kinds and spaces', () => {
    expect(tokensOf('a -- b\n/* c; d */ e // f\n g # h\n i')).toEqual([
      'word:a',
      'word:e',
      'word:g',
      'word:i',
    ])
  })

  it('decodes strings with doubled quotes, escapes and comment marks inside', () => {
    expect(tokensOf(`'it''s' 'a\\'b' '-- no' '\\n'`)).toEqual([
      "string:it's",
      "string:a'b",
      'string:-- no',
      'string:\n',
    ])
  })

  it('distinguishes quoted names from words', () => {
    expect(tokensOf('`a b` "c`d" `e``f` g')).toEqual(['quoted:a b', 'quoted:c`d', 'quoted:e`f', 'word:g'])
  })

  it('reads digits after a dot as tuple indexes', () => {
    expect(tokensOf('t.1.2 + .5e1 + 1e3 + 0x1F')).toEqual([
      ...['word:t', 'symbol:.', 'number:1', 'symbol:.', 'number:2'],
      ...['symbol:+', 'number:.5e1', 'symbol:+', 'number:1e3', 'symbol:+', 'number:0x1F'],
    ])
  })

  it.each([
    ['an unclosed string', "'abc", 0, 4],
    ['an unclosed name', ' `abc', 1, 5],
    ['an unclosed comment', '/* abc', 0, 6],
    ['a character that is not part of HogQL', '@', 0, 1],
    ['a trailing escaped quote', "'abc\\'", 0, 6],
    ['an escape sequence that HogQL lacks', "'a\\qb'", 2, 4],
  ])('rejects %s at its place', (_, sql, start, end) => {
    const read = (): unknown => readToken(sql, 0)
    expect(read).toThrow(HogqlError)
    expect(read).toThrow(expect.objectContaining({ start, end }))
  })
})
