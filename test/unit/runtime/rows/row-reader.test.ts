import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRowReader } from '../../../../src/runtime/rows/row-reader.ts'

const parse = (items: string): unknown[] => JSON.parse(`[${items}]`) as unknown[]

/** Reads a body in chunks of these lengths and a final chunk. */
function read(body: string, lengths: readonly number[]): { items: unknown[]; response: unknown } {
  const reader = createRowReader(parse)
  const items: unknown[] = []
  let at = 0
  for (const length of lengths) {
    items.push(...reader.push(body.slice(at, at + length)))
    at += length
  }
  items.push(...reader.push(body.slice(at)))
  const { items: last, response } = reader.end()
  return { items: [...items, ...last], response }
}

describe('createRowReader', () => {
  it('yields the same rows and response for every split into chunks', () => {
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
        // The string `results` as a value is not the key.
        const full = { first: 'results', nested: { results: [1] }, ...before, results, ...after }
        const { items, response } = read(JSON.stringify(full, undefined, indent), lengths)
        expect(items).toEqual(JSON.parse(JSON.stringify(results)))
        expect(response).toEqual(JSON.parse(JSON.stringify({ ...full, results: [] })))
      }),
    )
  })

  it('yields an item as soon as it is complete', () => {
    const reader = createRowReader(parse)
    expect(reader.push('{"columns":["a"],"results":[["],[",1')).toEqual([])
    expect(reader.push('],["b"')).toEqual([['],[', 1]])
    expect(reader.push(',2],[3')).toEqual([['b', 2]])
    expect(reader.push(']]')).toEqual([[3]])
    expect(reader.push('}')).toEqual([])
    expect(reader.end()).toEqual({ items: [], response: { columns: ['a'], results: [] } })
  })

  it('does not scan a long item again for each chunk', () => {
    const reader = createRowReader(parse)
    reader.push('{"results":[["')
    const chunk = 'x'.repeat(1_000)
    const taken = Array.from({ length: 20_000 }, () => reader.push(chunk)).flat()
    expect([...taken, ...reader.push('"]]}'), ...reader.end().items]).toEqual([['x'.repeat(20_000_000)]])
  })

  it.each(['', '{', '{"results":[[1],[2]', '{"results":[[1],["2', '{"results":[1]', '<html></html>', '[1,2'])(
    'rejects truncated or invalid JSON: %j',
    (body) => {
      expect(() => read(body, [3])).toThrow(SyntaxError)
    },
  )

  it('yields no items if the response has no results', () => {
    for (const body of ['{"results":null}', '{"results":{"a":[1]}}', '[]', '7', '{"x":"results","y":[1]}']) {
      expect(read(body, [2])).toEqual({ items: [], response: JSON.parse(body) })
    }
  })
})
