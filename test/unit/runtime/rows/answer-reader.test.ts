import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAnswerReader } from '../../../../src/runtime/rows/answer-reader.ts'

/** Reads a body in pieces of these lengths, over and over; the rest comes at once. */
function read(body: string, lengths: readonly number[]): { items: unknown[]; answer: unknown } {
  const reader = createAnswerReader()
  const items: unknown[] = []
  const take = (text: string): void => void items.push(...(JSON.parse(`[${text}]`) as unknown[]))
  let at = 0
  for (const length of lengths) {
    take(reader.push(body.slice(at, at + length)))
    at += length
  }
  take(reader.push(body.slice(at)))
  const { items: last, answer } = reader.end()
  take(last)
  return { items, answer }
}

describe('an answer that is read as it arrives', () => {
  it('is the answer, however it is cut', () => {
    const arbitrary = fc.tuple(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.array(fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.array(fc.integer({ min: 1, max: 20 })),
      fc.constantFrom(0, 1, 2),
    )
    fc.assert(
      fc.property(arbitrary, ([before, results, after, lengths, indent]) => {
        delete before['results']
        delete after['results']
        // A text that says `results` is not the key.
        const whole = { first: 'results', nested: { results: [1] }, ...before, results, ...after }
        const { items, answer } = read(JSON.stringify(whole, undefined, indent), lengths)
        expect(items).toEqual(JSON.parse(JSON.stringify(results)))
        expect(answer).toEqual(JSON.parse(JSON.stringify({ ...whole, results: [] })))
      }),
    )
  })

  it('hands out an item as soon as it is complete', () => {
    const reader = createAnswerReader()
    expect(reader.push('{"columns":["a"],"results":[["],[",1')).toBe('')
    expect(reader.push('],["b"')).toBe('["],[",1]')
    expect(reader.push(',2],[3')).toBe('["b",2]')
    expect(reader.push(']]')).toBe('[3]')
    expect(reader.push('}')).toBe('')
    expect(reader.end()).toEqual({ items: '', answer: { columns: ['a'], results: [] } })
  })

  it('looks at a long item a few times and not for each piece', () => {
    const reader = createAnswerReader()
    reader.push('{"results":[["')
    const piece = 'x'.repeat(1_000)
    const taken = Array.from({ length: 20_000 }, () => reader.push(piece)).join('')
    expect(taken + reader.push('"]]}') + reader.end().items).toHaveLength(20_000_004)
  })

  it.each(['', '{', '{"results":[[1],[2]', '{"results":[[1],["2', '{"results":[1]', '<html></html>', '[1,2'])(
    'refuses %j, which is broken off or no JSON',
    (body) => {
      expect(() => read(body, [3])).toThrow(SyntaxError)
    },
  )

  it('has no items where there are no results', () => {
    for (const body of ['{"results":null}', '{"results":{"a":[1]}}', '[]', '7', '{"x":"results","y":[1]}']) {
      expect(read(body, [2])).toEqual({ items: [], answer: JSON.parse(body) })
    }
  })
})
