import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRowReader } from '../../../../src/runtime/rows/row-reader.ts'

const parse = (items: string): unknown[] => JSON.parse(`[${items}]`) as unknown[]

/** Reads a body in pieces of these lengths, over and over; the rest comes at once. */
function read(body: string, lengths: readonly number[]): { items: unknown[]; answer: unknown } {
  const reader = createRowReader(parse)
  const items: unknown[] = []
  let at = 0
  for (const length of lengths) {
    items.push(...reader.push(body.slice(at, at + length)))
    at += length
  }
  items.push(...reader.push(body.slice(at)))
  const { items: last, answer } = reader.end()
  return { items: [...items, ...last], answer }
}

describe('an answer that is read as it arrives', () => {
  it('is the answer, however it is cut', () => {
    const arbitrary = fc.tuple(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.array(
        fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.constantFrom('],[', '"],["', [[1], [2]]), fc.nat()))),
      ),
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
    const reader = createRowReader(parse)
    expect(reader.push('{"columns":["a"],"results":[["],[",1')).toEqual([])
    expect(reader.push('],["b"')).toEqual([['],[', 1]])
    expect(reader.push(',2],[3')).toEqual([['b', 2]])
    expect(reader.push(']]')).toEqual([[3]])
    expect(reader.push('}')).toEqual([])
    expect(reader.end()).toEqual({ items: [], answer: { columns: ['a'], results: [] } })
  })

  it('looks at a long item a few times and not for each piece', () => {
    const reader = createRowReader(parse)
    reader.push('{"results":[["')
    const piece = 'x'.repeat(1_000)
    const taken = Array.from({ length: 20_000 }, () => reader.push(piece)).flat()
    expect([...taken, ...reader.push('"]]}'), ...reader.end().items]).toEqual([['x'.repeat(20_000_000)]])
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
