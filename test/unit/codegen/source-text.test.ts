import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoted } from '../../../src/codegen/source-text.ts'

describe('quoted', () => {
  it.each([
    ['/api/{id}/', "'/api/{id}/'"],
    ['\u2028', String.raw`'\u2028'`],
    ["it's", String.raw`'it\'s'`],
    ['"a"', `'"a"'`],
    ['a\\', String.raw`'a\\'`],
    ['a\nb', String.raw`'a\nb'`],
  ])('renders %j as %s', (text, literal) => expect(quoted(text)).toBe(literal))

  it('evaluates to the original string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // Evaluates the literal like a compiler.
        expect(new Function(`return ${quoted(text)}`)()).toBe(text)
      }),
    )
  })
})
