import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonFault } from '../../../src/shared/json-fault.ts'

describe('findJsonFault', () => {
  const offset = (text: string): number => findJsonFault(text).offset

  it('finds a fault no later than the first wrong character', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, seed) => {
        const position = seed % (text.length + 1)
        // JSON does not allow this character anywhere unescaped.
        const broken = `${text.slice(0, position)}\u0001${text.slice(position)}`
        expect(() => JSON.parse(broken)).toThrow(SyntaxError)
        expect(offset(broken)).toBeLessThanOrEqual(position)
      }),
    )
  })

  it('reports a prefix of a value as truncated at its end', () => {
    fc.assert(
      fc.property(fc.json({ depthSize: 'medium' }), fc.nat(), (text, seed) => {
        const value = `[${text}]`
        const cut = value.slice(0, seed % value.length)
        expect(findJsonFault(cut).truncated).toBe(true)
      }),
    )
  })

  it.each([
    ['{"a": "b', 8],
    ['{"a": "b\n"}', 8],
    [String.raw`{"a": "b\x"}`, 8],
    ['[TRUE]', 1],
    ['[1,\u00a02]', 3],
  ])('finds the fault of %j at %i', (text, expected) => {
    expect(offset(text)).toBe(expected)
  })

  it('handles strings of 20 MB', () => {
    expect(offset(`["${'x'.repeat(20_000_000)}", oops]`)).toBe(20_000_005)
    expect(offset(`["${String.raw`\n`.repeat(10_000_000)}", oops]`)).toBe(20_000_005)
  })
})
