import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textLiteral } from '../../../../src/codegen/generate/text-literal.ts'

describe('a text as a literal', () => {
  it.each([
    ['/api/{id}/', "'/api/{id}/'"],
    ["it's", String.raw`'it\'s'`],
    ['"a"', `'"a"'`],
    ['a\\', String.raw`'a\\'`],
    ['a\nb', String.raw`'a\nb'`],
  ])('of %j is %s', (text, literal) => expect(textLiteral(text)).toBe(literal))

  it('means the text again, whatever that is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // Evaluated as the compiler would read it.
        expect(new Function(`return ${textLiteral(text)}`)()).toBe(text)
      }),
    )
  })
})
