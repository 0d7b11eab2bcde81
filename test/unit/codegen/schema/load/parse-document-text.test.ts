import { describe, expect, it } from 'vitest'
import { parseDocumentText } from '../../../../../src/codegen/schema/load/parse-document-text.ts'
import { SchemaError } from '../../../../../src/codegen/schema/schema-error.ts'

function rejection(text: string): SchemaError {
  try {
    parseDocumentText(text, 'given.json')
  } catch (error) {
    if (error instanceof SchemaError) return error
    throw error
  }
  throw new Error('The text was accepted.')
}

describe('parseDocumentText', () => {
  it.each([
    ['JSON', '{"a": [1]}'],
    ['JSON after a byte order mark and blank lines', '\uFEFF\n\n {"a": [1]}'],
    ['YAML', 'a:\n  - 1\n'],
    ['YAML with an alias', 'b: &x 1\na: [*x]\n'],
  ])('reads %s', (_, text) => {
    expect(parseDocumentText(text, 'given')).toMatchObject({ a: [1] })
  })

  it.each([
    ['an empty text', '', /empty/],
    ['blank lines', ' \n\t\n', /empty/],
    ['an HTML page', '<!DOCTYPE html><html><body>Log in</body></html>', /HTML page/],
  ])('rejects %s', (_, text, problem) => {
    expect(rejection(text).message).toMatch(problem)
    expect(rejection(text).source).toBe('given.json')
  })

  it.each([
    ['{"a": 1,\n "b": }', 'line 2, column 7', /not valid JSON/],
    ["{'a': 1}", 'line 1, column 2', /not valid JSON/],
    ['{"a": 1} {', 'line 1, column 10', /not valid JSON/],
    ['{"a": 1,}', 'line 1, column 9', /not valid JSON/],
    ['[1 2]', 'line 1, column 4', /not valid JSON/],
    ['{"a" 1}', 'line 1, column 6', /not valid JSON/],
    ['{"a": "\\q"}', 'line 1, column 8', /not valid JSON/],
    ['{"a": 01}', 'line 1, column 8', /not valid JSON/],
    ['{"a": [1, 2', 'line 1, column 12', /ends in the middle/],
    ['{"a": "cut of', 'line 1, column 14', /ends in the middle/],
    ['{"a": tru', 'line 1, column 7', /ends in the middle/],
    ['{"a":', 'line 1, column 6', /ends in the middle/],
    ['{"a"', 'line 1, column 5', /ends in the middle/],
    ['{"a": -', 'line 1, column 7', /ends in the middle/],
    ['[', 'line 1, column 2', /ends in the middle/],
  ])('names the line and column of the fault in %j', (text, place, problem) => {
    expect(rejection(text).place).toBe(place)
    expect(rejection(text).message).toMatch(problem)
    expect(rejection(text).cause).toBeInstanceOf(SyntaxError)
  })

  it.each([
    ['a: [1, 2', 'line 1, column 9'],
    ['a: 1\na: 2\n', 'line 2, column 1'],
    ['a: 1\n b: 2\n', 'line 1, column 4'],
    ['a: "cut', 'line 1, column 8'],
  ])('names the line and column of the fault in the YAML %j', (text, place) => {
    expect(rejection(text).place).toBe(place)
    expect(rejection(text).message).toMatch(/not valid YAML/)
  })

  it('rejects an alias bomb', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 9; level += 1) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`)
    }
    expect(rejection(lines.join('\n')).message).toMatch(/aliases/)
  })

  it('rejects nesting that would overflow the stack', () => {
    const depth = 20_000
    expect(rejection(`${'['.repeat(depth)}${']'.repeat(depth)}`).message).toMatch(/nested/)
  })
})
