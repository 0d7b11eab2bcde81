import { describe, expect, it } from 'vitest'
import { HogqlError, tokenize } from '../../../src/local/hogql/tokens.ts'

const values = (sql: string): string[] => tokenize(sql).map((token) => `${token.kind}:${token.value}`)

describe('tokenize', () => {
  it('drops comments and spaces', () => {
    expect(values('a -- b\n/* c; d */ e')).toEqual(['word:a', 'word:e'])
  })

  it('decodes strings with doubled quotes, escapes and comment marks inside', () => {
    expect(values(`'it''s' 'a\\'b' '-- no' '\\x41\\n' '100\\%'`)).toEqual([
      "string:it's",
      "string:a'b",
      'string:-- no',
      'string:A\n',
      'string:100\\%',
    ])
  })

  it('distinguishes quoted names from words', () => {
    expect(values('`a b` "c`d" e')).toEqual(['quoted:a b', 'quoted:c`d', 'word:e'])
  })

  it('reads placeholders with dots and spaces', () => {
    expect(values('{ variables . a } {x}')).toEqual(['placeholder:variables.a', 'placeholder:x'])
  })

  it('reads a number after a name and a dot as part of the name', () => {
    expect(values('t.1 + .5 + 1e3')).toEqual([
      'word:t',
      'symbol:.',
      'number:1',
      'symbol:+',
      'number:.5',
      'symbol:+',
      'number:1e3',
    ])
  })

  it.each([
    ['an unclosed string', "select 'abc"],
    ['an unclosed name', 'select `abc'],
    ['an unclosed comment', 'select 1 /* abc'],
    ['a hash comment', 'select 1 # abc'],
    ['a character that is not part of SQL', 'select 1 @ 2'],
    ['a typed engine parameter', 'select {x:String}'],
    ['an empty placeholder', 'select {}'],
    ['a trailing escaped quote', "select 'abc\\"],
  ])('rejects %s', (_, sql) => {
    expect(() => tokenize(sql)).toThrow(HogqlError)
  })
})
